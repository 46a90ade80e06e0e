// @ts-check
/** URL and URLSearchParams, with Node's own as the oracle. */
import assert from 'node:assert/strict';
import test from 'node:test';
import './fakeHost.mjs';

const ours = {
  ...(await import('../src/environment/url.js')),
  ...(await import('../src/environment/urlSearchParams.js')),
};

const ATTRIBUTES = /** @type {const} */ ([
  'href', 'origin', 'protocol', 'username', 'password', 'host',
  'hostname', 'port', 'pathname', 'search', 'hash',
]);

/**
 * @param {any} URLClass
 * @param {string} input
 * @param {string} [base]
 */
function outcome(URLClass, input, base) {
  try {
    const url = new URLClass(input, base);
    return Object.fromEntries(ATTRIBUTES.map((name) => [name, url[name]]));
  } catch (error) {
    return /** @type {Error} */ (error).name;
  }
}

/**
 * Node 20 takes any text with a fragment on an opaque base; the standard takes only a fragment.
 * @param {string} input
 * @param {string} [base]
 */
const isFaultOfNode = (input, base) => base === 'mailto:x' && /[^#]#/.test(input);

const INPUTS = [
  'http://example.com', 'HTTP://EXAMPLE.com:80/a/../b/./c?x=1#y', 'https://user:pa:ss@host:8080/p?q#h',
  'http://us@er@host/', 'http://@host/', 'http://host:/', 'http://host:65536/', 'http://host:a/', 'http://',
  'http:///double', 'http:\\\\back\\slash', 'http:/one', 'http:none', 'mailto:a@b.c', 'mailto:a b?x y#z ',
  'data:text/plain, hello?a#b', 'file:///C:/a/../..', 'file:c:\\foo\\bar', 'file://localhost/x', 'file://host/x',
  'file:///c|/x', 'file:x', 'foo://host/a b', 'foo:/a/../..//b', 'foo:///x', 'foo://', 'foo:/.//p', 'foo:a/../b',
  'http://127.1/', 'http://0x7f.1/', 'http://256.1.1.1/', 'http://1.2.3.4.5/', 'http://4294967295', 'http://09.1',
  'http://[::1]:80/', 'http://[1:2:3:4:5:6:7:8]/', 'http://[::1.2.3.4]/', 'http://[1::2::3]/', 'http://[::g]/',
  'http://[0:0:1:0:0:0:1:0]/', 'http://[::', 'foo://[::1]/', 'http://a b/', 'http://a%62c/', 'http://%00/',
  'http://bücher.example/', 'http://ÜBER.de/ü?ü#ü', 'http://日本語。jp/', 'http://xn--bcher-kva.example/',
  'http://host/%zz%41', 'http://host/a|b`d{e}', "http://host/?a'b\"c<d>", "foo://host/?a'b", 'http://host/#a`b"c d',
  ' \thttp://trim.me/\n', 'ht\ntp://new\nline/', '//host/path', '/abs', 'rel', '../up', '../../../up', '?q', '#f', '',
  '.', './', '..', 'a/./b/', '%2e%2e/x', '/%2E/x', '\\back', '\\\\host\\x', 'http:rel', 'https:rel', 'C|/x', '/C:/y',
  'http://ho<st/', 'foo://ho%20st/', 'foo://ho st/', 'http://host:0/', 'http://host:0080/', 'ws://h:80/', 'wss://h:443',
  'ftp://h:21/x', 'blob:https://a.b/uuid', 'javascript:alert(1)', 'a:b', '1:b', 'http://a..b/', 'http://a./', '\ud800',
  'http://h/\ud800?\udc00#\ud800', 'http://1.2.3./', 'http://foo.0x', 'http://foo.09', 'x:?q', 'x:#f', 'x://h?q', 'x:/?q',
];
const BASES = [undefined, 'http://user@base:81/dir/file?query#frag', 'file:///C:/dir/file?q', 'foo://h/a/b?c', 'mailto:x', 'foo:/p/q', 'file://h/x/y'];

for (const base of BASES) {
  test(`URLs parse as in Node on the base ${base}`, () => {
    for (const input of INPUTS) {
      if (isFaultOfNode(input, base)) continue;
      assert.deepEqual(outcome(ours.URL, input, base), outcome(URL, input, base), JSON.stringify(input));
    }
  });
}

test('random URLs parse as in Node', () => {
  let seed = 42;
  const next = (/** @type {number} */ n) => {
    seed = (seed * 1103515245 + 12345) % 2 ** 31;
    return (seed >> 12) % n;
  };
  const pieces = ['http:', 'https:', 'file:', 'foo:', '/', '//', '\\', '?', '#', '@', ':', '.', '..', 'a', 'b.c', '80', '443', '%20', '[', ']', '::1', ' ', '|', 'C:', '1.2', 'é', '0x1', '&', '='];
  for (let i = 0; i < 20000; i++) {
    let input = '';
    for (let n = next(8); n >= 0; n--) input += pieces[next(pieces.length)];
    const base = BASES[next(BASES.length)];
    if (isFaultOfNode(input, base)) continue;
    assert.deepEqual(outcome(ours.URL, input, base), outcome(URL, input, base), JSON.stringify([input, base]));
  }
});

const VALUES = ['', 'x', 'http', 'https:', 'file', 'foo', 'h2', 'h2:90', 'h2:', ':90', '[::1]:5', '8080', '443', '80x', 'x80', '/p/../q', 'p q', '?a=b', '#c d', 'a@b', 'é', '70000', '\tx\n'];
for (const start of ['http://user:pw@host:8080/p?q#f', 'https://host/', 'file:///C:/x', 'mailto:x']) {
  test(`attributes of ${start} change as in Node`, () => {
    for (const name of ATTRIBUTES) {
      for (const value of VALUES) {
        if (name === 'port' && /^[^\d]/.test(value)) continue; // Node 20 removes the port then
        const change = (/** @type {any} */ URLClass) => {
          const url = new URLClass(start);
          try {
            if (name !== 'origin') url[name] = value;
          } catch (error) {
            return /** @type {Error} */ (error).name;
          }
          return url.href;
        };
        assert.equal(change(ours.URL), change(URL), `${name} = ${JSON.stringify(value)}`);
      }
    }
  });
}

test('attributes change as the standard has it where Node 20 does not', () => {
  /** @type {Array<[string, 'host' | 'port', string, string]>} */
  const cases = [
    ['http://host:8080/', 'port', 'x80', 'http://host:8080/'],
    ['foo://host/x', 'host', ':90', 'foo://host/x'],
    ['foo:/x', 'host', 'h2:90', 'foo://h2:90/x'],
    ['foo:/x', 'host', '', 'foo:///x'],
  ];
  for (const [start, name, value, expected] of cases) {
    const url = new ours.URL(start);
    url[name] = value;
    assert.equal(url.href, expected);
  }
});

test('canParse and parse do not throw', () => {
  assert.equal(ours.URL.canParse('nonsense'), false);
  assert.equal(ours.URL.parse('nonsense'), null);
  assert.equal(ours.URL.parse('/x', 'http://h')?.href, 'http://h/x');
  assert.throws(() => new ours.URL('nonsense'), /^TypeError: Invalid URL: nonsense$/);
});

test('searchParams and the URL follow each other', () => {
  const url = new ours.URL('http://h/?a=1&a=2&b=%20+x');
  assert.deepEqual(url.searchParams.getAll('a'), ['1', '2']);
  assert.equal(url.searchParams.get('b'), '  x');
  url.searchParams.append('c', 'é&=+');
  assert.equal(url.search, '?a=1&a=2&b=++x&c=%C3%A9%26%3D%2B');
  url.search = '?z=9';
  assert.equal(String(url.searchParams), 'z=9');
  url.searchParams.delete('z');
  assert.equal(url.href, 'http://h/');
});

test('URLSearchParams is as in Node', () => {
  /** @param {any} Params */
  const walk = (Params) => {
    const texts = ['', '?a=b&c', 'a=b&&=x&d=%zz&e=%e9', 'a+b=c+d'].map((text) => String(new Params(text)));
    const params = new Params([['b', 2], ['a', '\ud800'], ['b', 3], ['ä', '~*-._ ']]);
    params.sort();
    params.set('b', 'one');
    params.append('c', null);
    params.delete('a', 'other');
    const copy = new Params(params);
    copy.delete('b');
    return [texts, String(params), String(copy), [...params], [...params.keys()], [...params.values()],
      params.size, params.has('c', 'null'), params.get('none'), String(new Params({ x: 1, y: 'z' }))];
  };
  assert.deepEqual(walk(ours.URLSearchParams), walk(URLSearchParams));
  assert.throws(() => new ours.URLSearchParams([['a']]), TypeError);
});
