// @ts-check
/* eslint-disable no-sparse-arrays */
import assert from 'node:assert/strict';
import test from 'node:test';
import './fakeHost.mjs';

const { structuredClone: ours } = await import('../src/environment/structuredClone.js');
const { Blob: OurBlob } = await import('../src/environment/blob.js');

const shared = { x: 1 };
const VALUES = {
  primitives: [1, -0, NaN, 'x', true, null, undefined, 10n],
  nested: { a: [{ b: { c: [1, , 3] } }], date: new Date(5), pattern: /a+/gi },
  sameTwice: { a: shared, b: shared },
  collections: new Map(/** @type {any} */ ([['k', new Set([1, { y: 2 }])], [{}, 'object as key']])),
  wrappers: [Object(1), Object('s'), Object(false), Object(3n)],
  views: [new Uint8Array([1, 2]), new Float64Array([1.5]), new DataView(new ArrayBuffer(4), 1), new ArrayBuffer(3)],
  errors: [new TypeError('t'), new RangeError('r', { cause: { why: 1 } })],
  prototypeLost: new (class Point { x = 1; get y() { return 2; } })(),
};

for (const [name, value] of Object.entries(VALUES)) {
  test(`${name} are cloned as by Node`, () => {
    assert.deepStrictEqual(ours(value), structuredClone(value));
    assert.notEqual(ours(value), value);
  });
}

test('an object may contain itself', () => {
  /** @type {any} */
  const value = { list: [], map: new Map() };
  value.list.push(value);
  value.map.set('self', value);
  const copy = ours(value);
  assert.equal(copy.list[0], copy);
  assert.equal(copy.map.get('self'), copy);
});

test('what is one object stays one, also buffers under several views', () => {
  assert.equal(new Set(Object.values(ours(VALUES.sameTwice))).size, 1);
  const buffer = new ArrayBuffer(8);
  const [a, b] = ours([new Uint8Array(buffer), new Uint16Array(buffer, 2, 1)]);
  assert.equal(a.buffer, b.buffer);
  assert.equal(b.byteOffset, 2);
});

test('functions, symbols, promises and weak collections are refused', () => {
  for (const value of [() => {}, Symbol('s'), Promise.resolve(), new WeakMap(), { deep: [() => {}] }]) {
    assert.throws(() => ours(value), { name: 'DataCloneError', code: 25 });
  }
});

test('a Blob stays a Blob', () => {
  assert.ok(ours({ blob: new OurBlob(['x']) }).blob instanceof OurBlob);
});

const canTransfer = 'transfer' in ArrayBuffer.prototype;
test('transferred buffers are taken away', { skip: !canTransfer && 'no ArrayBuffer.transfer' }, () => {
  const buffer = new ArrayBuffer(4);
  const copy = ours({ view: new Uint8Array(buffer, 1, 2) }, { transfer: [buffer] });
  assert.equal(copy.view.length, 2);
  assert.equal(buffer.byteLength, 0);
});
