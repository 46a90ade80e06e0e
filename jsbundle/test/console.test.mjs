// @ts-check
/* eslint-disable no-sparse-arrays */
/** The console and what it makes of values, with Node's util as the oracle. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { formatWithOptions, inspect as nodeInspect } from 'node:util';
import { written } from './fakeHost.mjs';

const { console: ours, formatArguments } = await import('../src/environment/console.js');
const { inspect } = await import('../src/environment/inspect.js');

class Point {
  x = 1;
}

/** @type {any} */
const circular = { a: { b: {} }, list: [] };
circular.a.b.back = circular;
circular.list.push(circular.a);

const VALUES = [
  'it\'s', '"both\' `', 'new\nline', 1, -0, 10n, null, undefined, true, Symbol('s'),
  [], {}, [1, 'a', [2, [3, [4, [5]]]]], { a: { b: { c: { d: 1 } } } }, [1, , 3],
  { 'not a name': 1, [Symbol('k')]: 2, get g() { return 1; }, set s(_value) {} },
  new Map(/** @type {any} */ ([['a', { b: 1 }]])), new Set([1, 'x']), new Date(0), new Date(NaN), /a/g,
  new Point(), Object.create(null), Point, function named() {}, () => {}, async () => {}, class extends Point {},
  new Uint8Array(3), Object(1), Object('s'), circular, new WeakMap(), { f() {} },
];

for (const value of VALUES) {
  test(`inspect ${nodeInspect(value, { breakLength: Infinity })} as Node does`, () => {
    assert.equal(inspect(value), nodeInspect(value, { breakLength: Infinity, compact: 100 }));
  });
}

test('long objects are broken into lines', () => {
  const value = { first: 'x'.repeat(40), second: 'y'.repeat(40), inner: { z: 1 } };
  assert.equal(inspect(value), nodeInspect(value));
});

test('long arrays are cut', () => {
  assert.match(inspect(new Array(103).fill(1)), /1,\n {2}\.\.\. 3 more items\n]$/);
});

test('errors show their stack, and their own properties', () => {
  const error = Object.assign(new TypeError('bad'), { status: 404 });
  assert.match(inspect(error), /^TypeError: bad\n {4}at [^]* \{ status: 404 \}$/);
});

test('an object that throws when it is looked at does no harm', () => {
  const value = new Proxy({}, { ownKeys() { throw new Error('no'); } });
  assert.equal(inspect({ value }), '{ value: [object that cannot be shown] }');
});

const FORMATS = [
  ['%s is %d years and %i', 'he', 4.5, 4.5], ['%%s %s'], ['%s'], ['%j', { a: 1 }], ['%x %s', 1, 2], ['a', 'b', { c: 1 }],
  ['%d', '0x10'], ['%f', '1.50'], ['%s', null], ['%s', 5n], [{ a: 1 }, '%s'], [], ['100%', 1], ['%c styled', 'css'],
];
for (const args of FORMATS) {
  test(`format ${JSON.stringify(args, (_key, value) => (typeof value === 'bigint' ? 'n' : value))}`, () => {
    assert.equal(formatArguments(args), formatWithOptions({ breakLength: Infinity }, ...args));
  });
}

test('each method has its level', () => {
  written.length = 0;
  for (const level of /** @type {const} */ (['debug', 'log', 'info', 'warn', 'error'])) ours[level]('text', 1);
  assert.deepEqual(written, ['debug', 'log', 'info', 'warn', 'error'].map((level) => [level, 'text 1']));
});

test('groups indent, counters count, assertions speak when they fail', () => {
  written.length = 0;
  ours.group('outer');
  ours.log('a\nb');
  ours.groupEnd();
  ours.groupEnd();
  ours.count();
  ours.count();
  ours.countReset();
  ours.count();
  ours.assert(true, 'silent');
  ours.assert(false, 'loud %s', 1);
  assert.deepEqual(written.map((line) => line[1]), [
    'outer', '  a\n  b', 'default: 1', 'default: 2', 'default: 1', 'Assertion failed: loud 1',
  ]);
});

test('trace says where it was called, time how long it took', () => {
  written.length = 0;
  ours.trace('here');
  ours.time('t');
  ours.timeEnd('t');
  ours.timeEnd('t');
  assert.match(written[0][1], /^Trace: here\n {4}at .*console\.test\.mjs/);
  assert.match(written[1][1], /^t: \d+ms$/);
  assert.equal(written[2][0], 'warn');
});
