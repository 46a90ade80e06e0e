// @ts-check
/** crypto, performance, Headers and MD5. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import test from 'node:test';
import { calls } from './fakeHost.mjs';

const { crypto: ours } = /** @type {{ crypto: any }} */ (await import('../src/environment/crypto.js'));
const { performance: clock } = await import('../src/environment/performance.js');
const { Headers: OurHeaders } = await import('../src/environment/headers.js');
const { Blob: OurBlob } = await import('../src/environment/blob.js');
const { binaryMd5, stringMd5 } = await import('../src/substitutes/pouchdb-md5.js');

test('getRandomValues fills integer arrays of any kind', () => {
  const bytes = ours.getRandomValues(new Uint8Array(1000));
  assert.ok(new Set(bytes).size > 200);
  const view = new Uint16Array(new ArrayBuffer(20), 4, 3);
  assert.equal(ours.getRandomValues(view), view);
  assert.deepEqual([...new Uint8Array(view.buffer, 0, 4)], [0, 0, 0, 0]);
  assert.ok(ours.getRandomValues(new BigInt64Array(4)).some((/** @type {bigint} */ x) => x !== 0n));
});

test('getRandomValues refuses what Node refuses', () => {
  for (const array of [new Float64Array(1), [1], null, new DataView(new ArrayBuffer(1))]) {
    assert.throws(() => ours.getRandomValues(array), { name: 'TypeMismatchError' });
  }
  assert.throws(() => ours.getRandomValues(new Uint8Array(65537)), { name: 'QuotaExceededError', code: 22 });
});

test('randomUUID is version 4, and asks the host rarely', () => {
  const before = calls.random;
  const uuids = Array.from({ length: 512 }, () => ours.randomUUID());
  assert.equal(new Set(uuids).size, 512);
  for (const uuid of uuids) assert.match(uuid, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.ok(calls.random - before <= 3);
});

test('performance.now does not go back with the wall clock', () => {
  const real = Date.now;
  let time = clock.timeOrigin;
  try {
    Date.now = () => time;
    const readings = [100, 200, 150, 160, 300].map((offset) => {
      time = clock.timeOrigin + offset;
      return clock.now();
    });
    assert.deepEqual(readings, [100, 200, 200, 210, 350]);
  } finally {
    Date.now = real;
  }
});

test('Headers are as in Node', () => {
  /** @param {any} HeadersClass */
  const walk = (HeadersClass) => {
    const headers = new HeadersClass([['B', ' 2 '], ['a', '1']]);
    headers.append('A', 'x');
    headers.set('C', 3);
    headers.append('Set-Cookie', 'a=1');
    headers.append('Set-Cookie', 'b=2');
    headers.delete('b');
    return [[...headers], headers.get('A'), headers.get('none'), headers.has('c'), headers.getSetCookie(),
      [...new HeadersClass(headers).keys()], [...new HeadersClass({ x: 'y' })]];
  };
  assert.deepEqual(walk(OurHeaders), walk(Headers));
  for (const bad of [['a b', 'x'], ['a', 'x\ny'], ['', 'x'], ['a', '€']]) {
    assert.throws(() => new OurHeaders([bad]), TypeError);
  }
  assert.throws(() => new OurHeaders(/** @type {any} */ ('text')), TypeError);
});

test('stringMd5 is that of PouchDB in Node, whatever the characters', () => {
  for (let length = 0; length < 200; length++) {
    for (const character of ['a', 'é', '€', '\ud800', '😀']) {
      const text = character.repeat(length);
      assert.equal(stringMd5(text), createHash('md5').update(text, 'binary').digest('hex'));
    }
  }
});

test('binaryMd5 takes strings and Blobs', () => {
  const bytes = Uint8Array.from({ length: 1000 }, (_, i) => i);
  const expected = createHash('md5').update(bytes).digest('base64');
  for (const data of [String.fromCharCode(...bytes), new OurBlob([bytes])]) {
    binaryMd5(/** @type {any} */ (data), (/** @type {string} */ digest) => assert.equal(digest, expected));
  }
});
