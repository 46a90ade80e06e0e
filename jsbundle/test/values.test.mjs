// @ts-check
/* eslint-disable no-sparse-arrays */
import assert from 'node:assert/strict';
import test from 'node:test';
import { kept } from './fakeHost.mjs';

const values = await import('../src/bridge/values.js');
const { Blob: OurBlob, blobRef, hostBlob } = await import('../src/environment/blob.js');

const TOKEN = 'token-of-this-engine';
values.setToken(TOKEN);

/** @param {unknown} value */
const encoded = (value) => JSON.parse(JSON.stringify(values.encodeResult(value)));

/** @param {any} value @returns {any[]} */
const marker = (value) => value[TOKEN];

const PLAIN = [
  null, true, 0, -1.5, '', 'é\ud800', [], {}, [1, [2, { a: null }]], { a: { b: [undefined, 1] }, c: undefined },
  new Date(0), { toJSON: () => ({ x: 1 }) }, Object(5), Object('s'), new Map([[1, 2]]), new Set([1]),
  new (class Point { x = 1; get y() { return 2; } })(), Object.create({ inherited: 1 }, { own: { value: 1, enumerable: true } }),
  JSON.parse('{"__proto__": {"x": 1}, "constructor": 2, "toJSON": 3}'), [1, , 3], new Date(NaN),
];

for (const value of PLAIN) {
  test(`${JSON.stringify(value)} passes as JSON.stringify writes it`, () => {
    assert.equal(JSON.stringify(values.encodeResult(value)), JSON.stringify(value));
  });
}

test('undefined is null, and left out of objects', () => {
  assert.equal(values.encodeResult(undefined), null);
  assert.deepEqual(encoded({ a: undefined, b: [undefined] }), { b: [null] });
});

test('numbers that JSON lacks are marked', () => {
  assert.deepEqual(marker(encoded(NaN)), ['num', 'NaN']);
  assert.deepEqual(encoded([Infinity, -Infinity]).map(marker), [['num', 'Infinity'], ['num', '-Infinity']]);
});

test('functions and promises get handles, which are valid until released', () => {
  const [kind, handle, name] = marker(encoded({ f: function add() {} }).f);
  assert.deepEqual([kind, name], ['fn', 'add']);
  assert.equal(typeof values.handles.get(handle), 'function');
  values.handles.release(handle);
  assert.throws(() => values.handles.get(handle), /^Error: this JavaScript object has been released$/);
  assert.equal(marker(encoded(Promise.resolve(1)))[0], 'promise');
  assert.equal(marker(encoded({ then() {} }))[0], 'promise');
});

test('binary data is handed to the host', () => {
  for (const value of [new Uint8Array([1, 2]), new Uint8Array([1, 2]).buffer, new OurBlob([new Uint8Array([1, 2])], { type: 'a/b' })]) {
    const [kind, reference, size, type] = marker(encoded(value));
    assert.deepEqual([kind, size], ['blob', 2]);
    assert.equal(type, value instanceof OurBlob ? 'a/b' : '');
    assert.deepEqual([...(kept.get(reference) ?? [])], [1, 2]);
  }
});

test('errors are objects with name, message, stack and their own properties', () => {
  const result = encoded({ error: Object.assign(new TypeError('bad'), { status: 400 }) });
  assert.equal(result.error.name, 'TypeError');
  assert.equal(result.error.message, 'bad');
  assert.equal(result.error.status, 400);
  assert.match(result.error.stack, /^TypeError: bad\n/);
});

test('what cannot be passed is named with its place', () => {
  /** @type {any} */
  const circular = { list: [{}] };
  circular.list[0]['a key'] = circular;
  /** @type {any} */
  let deep = 1;
  for (let i = 0; i < 501; i++) deep = [deep];
  /** @type {Array<[unknown, RegExp]>} */
  const cases = [
    [10n, /^TypeError: result is a BigInt and cannot be passed to Python$/],
    [{ a: [1, Symbol('s')] }, /^TypeError: result\.a\[1\] is a symbol/],
    [circular, /^TypeError: result\.list\[0\]\["a key"\] refers back to an object around it/],
    [deep, /^TypeError: result(\[0\]){20}… is nested more than 500 levels deep/],
  ];
  for (const [value, message] of cases) assert.throws(() => values.encodeResult(value), message);
  assert.doesNotThrow(() => values.encodeResult(deep[0]));
  const shared = {};
  assert.deepEqual(encoded([shared, shared]), [{}, {}]);
});

test('results of databases are plain JSON, in which Blobs are marked', () => {
  const plain = { rows: [{ id: 'a' }] };
  assert.deepEqual(values.stringifyWithBlobs(plain), { text: JSON.stringify(plain), blobs: false });
  assert.deepEqual(values.stringifyWithBlobs(undefined), { text: 'null', blobs: false });
  kept.set('5:digest', new Uint8Array(4));
  const { text, blobs } = values.stringifyWithBlobs({ data: hostBlob('5:digest', 4, 'T/x') });
  assert.ok(blobs);
  const [kind, , size, type] = marker(JSON.parse(text).data);
  assert.deepEqual([kind, size, type], ['blob', 4, 'T/x']);
  assert.equal(JSON.stringify(new OurBlob(['x'])), '{}');
});

test('arguments get Blobs in place of markers, and only of genuine ones', () => {
  const args = [{ doc: { data: { [TOKEN]: ['blob', 'b77', 3, 'a/b'] } } }, { other: ['blob', 'b1', 1, ''] }, 5, null];
  const [first, second, ...rest] = values.reviveArgs(args);
  assert.equal(blobRef(first.doc.data), 'b77');
  assert.deepEqual([first.doc.data.size, first.doc.data.type], [3, 'a/b']);
  assert.deepEqual(second, { other: ['blob', 'b1', 1, ''] });
  assert.deepEqual(rest, [5, null]);
});
