// @ts-check
import assert from 'node:assert/strict';
import test from 'node:test';
import { written } from './fakeHost.mjs';

const timers = await import('../src/environment/timers.js');

// A pending Atomics.waitAsync does not keep Node alive.
const alive = setInterval(() => {}, 1000);
test.after(() => clearInterval(alive));

/**
 * Until a timer that is set now, and therefore is behind all of at most this delay, has run.
 * @param {number} delay
 */
const pause = (delay) => new Promise((resolve) => timers.setTimeout(() => resolve(undefined), delay));

test('timers run in the order of their delays', async () => {
  /** @type {number[]} */
  const order = [];
  timers.setTimeout(() => order.push(30), 30);
  timers.setTimeout(() => order.push(10), 10);
  timers.setTimeout(() => order.push(20), 20);
  await pause(80);
  assert.deepEqual(order, [10, 20, 30]);
});

test('a thousand timers of equal delay run in the order in which they were set', async () => {
  /** @type {number[]} */
  const order = [];
  for (let i = 0; i < 1000; i++) timers.setTimeout((/** @type {number} */ n) => order.push(n), 5, i);
  await pause(100);
  assert.deepEqual(order, Array.from({ length: 1000 }, (_, i) => i));
});

test('delays that are no numbers, negative or too long count as 1', async () => {
  let count = 0;
  for (const delay of [undefined, NaN, -5, 'x', 2 ** 31, Infinity, null]) {
    timers.setTimeout(() => count++, /** @type {any} */ (delay));
  }
  await pause(50);
  assert.equal(count, 7);
});

test('a cleared timer does not run, also when cleared in another callback', async () => {
  /** @type {string[]} */
  const ran = [];
  const first = timers.setTimeout(() => ran.push('first'), 5);
  timers.clearTimeout(first);
  timers.setTimeout(() => timers.clearTimeout(third), 5);
  const third = timers.setTimeout(() => ran.push('third'), 5);
  timers.setTimeout(() => ran.push('fourth'), 5);
  timers.clearTimeout(undefined);
  timers.clearTimeout('nonsense');
  await pause(40);
  assert.deepEqual(ran, ['fourth']);
});

test('among timers of equal delay, clearing some leaves the others their time', async () => {
  /** @type {number[]} */
  const ran = [];
  const ids = Array.from({ length: 200 }, (_, i) => timers.setTimeout(() => ran.push(i), 10));
  ids.forEach((id, i) => i % 2 && timers.clearTimeout(id));
  await pause(60);
  assert.deepEqual(ran, ids.map((_, i) => i).filter((i) => i % 2 === 0));
});

test('an interval repeats until it clears itself', async () => {
  let count = 0;
  const id = timers.setInterval(() => {
    if (++count === 3) timers.clearInterval(id);
  }, 5);
  await pause(80);
  assert.equal(count, 3);
});

test('an exception is reported and stops nothing else', async () => {
  written.length = 0;
  let ran = false;
  timers.setTimeout(() => {
    throw new RangeError('from the callback');
  }, 5);
  timers.setTimeout(() => (ran = true), 5);
  await pause(40);
  assert.ok(ran);
  assert.equal(written[0][0], 'error');
  assert.match(written[0][1], /^Uncaught RangeError: from the callback\n/);
});

test('a timer set in a callback runs later', async () => {
  /** @type {string[]} */
  const order = [];
  timers.setTimeout(() => {
    timers.setTimeout(() => order.push('inner'), 1);
    order.push('outer');
  }, 1);
  await pause(40);
  assert.deepEqual(order, ['outer', 'inner']);
});

test('immediates run in order, after microtasks, with microtasks between them', async () => {
  /** @type {string[]} */
  const order = [];
  timers.setImmediate((/** @type {string} */ name) => {
    order.push(name);
    timers.queueMicrotask(() => order.push('between'));
  }, 'first');
  timers.setImmediate(() => order.push('second'));
  const cleared = timers.setImmediate(() => order.push('cleared'));
  timers.clearImmediate(cleared);
  timers.queueMicrotask(() => order.push('micro'));
  await pause(30);
  assert.deepEqual(order, ['micro', 'first', 'between', 'second']);
});

test('immediates that set immediates do not starve timers', async () => {
  let isRunning = true;
  const again = () => {
    if (isRunning) timers.setImmediate(again);
  };
  again();
  await new Promise((resolve) => timers.setTimeout(() => resolve(undefined), 10));
  isRunning = false;
});

test('a callback must be a function', () => {
  const text = /** @type {any} */ ('alert(1)');
  assert.throws(() => timers.setTimeout(text), /^TypeError: setTimeout: the callback must be a function/);
  assert.throws(() => timers.queueMicrotask(text), TypeError);
});
