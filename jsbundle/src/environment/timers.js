// @ts-check
/**
 * Timers on `Atomics.waitAsync`: V8's own clock wakes them, monotonic and without a Python call.
 *
 * What was measured and shapes this file:
 * - waitAsync with a timeout of 0 throws, and waits of equal length do not end in order.
 *   So timers of equal delay form a queue, and whichever wait ends first serves the queue's head.
 * - A wait without a timeout that is notified at once comes back as a task of its own in about a
 *   microsecond: that is setImmediate. Several that are notified together come back in one
 *   task, without a microtask checkpoint in between; so one at a time.
 * - Notifying a wait ends it, so a cleared timer leaves nothing behind.
 */
import { reportError } from './reportError.js';

/** The longest delay, in milliseconds; longer ones count as 1, as in Node. */
const MAX_DELAY = 2 ** 31 - 1;
const CELLS_PER_BLOCK = 256;

/**
 * A place to wait on. Each pending timer has its own, so that it can be woken alone.
 * @typedef {{ cells: Int32Array<SharedArrayBuffer>, index: number }} Place
 *
 * @typedef {object} Timer
 * @property {number} id
 * @property {number} delay
 * @property {boolean} repeats
 * @property {Function} callback
 * @property {unknown[]} args
 * @property {Place | undefined} place set while its wait is under way
 */

/** @type {Place[]} */
const freePlaces = [];
/** @type {Map<number, Timer>} */
const timers = new Map();
/** Pending timers by delay, in the order in which they are due. @type {Map<number, Set<Timer>>} */
const queues = new Map();
/** @type {Map<number, { callback: Function, args: unknown[] }>} */
const immediates = new Map();
let lastId = 0;

/** @returns {Place} */
function takePlace() {
  const free = freePlaces.pop();
  if (free) return free;
  const cells = new Int32Array(new SharedArrayBuffer(CELLS_PER_BLOCK * 4));
  for (let index = 1; index < CELLS_PER_BLOCK; index++) freePlaces.push({ cells, index });
  return { cells, index: 0 };
}

/**
 * Run a callback from the outside world: what it throws is reported and stops nothing else.
 * @param {Function} callback
 * @param {unknown[]} args
 */
function run(callback, args) {
  try {
    callback.apply(globalThis, args);
  } catch (error) {
    reportError(error);
  }
}

/** @param {Timer} timer */
function schedule(timer) {
  const place = takePlace();
  timer.place = place;
  let queue = queues.get(timer.delay);
  if (!queue) queues.set(timer.delay, (queue = new Set()));
  queue.add(timer);
  const wait = Atomics.waitAsync(place.cells, place.index, 0, timer.delay);
  /** @type {Promise<string>} */ (wait.value).then((outcome) => {
    if (outcome === 'timed-out') placeIsDue(timer.delay, place);
  });
}

/** @param {Timer} timer */
function unschedule(timer) {
  const queue = queues.get(timer.delay);
  queue?.delete(timer);
  if (queue?.size === 0) queues.delete(timer.delay);
}

/**
 * The wait on `place` is over. The timer that it was made for need not be the queue's head: then
 * the two swap places, so that each pending timer goes on having one wait.
 * @param {number} delay
 * @param {Place} place
 */
function placeIsDue(delay, place) {
  const [timer] = queues.get(delay) ?? [];
  if (!timer) return;
  if (timer.place !== place) {
    for (const other of queues.get(delay) ?? []) {
      if (other.place === place) {
        other.place = timer.place;
        break;
      }
    }
  }
  timer.place = undefined;
  freePlaces.push(place);
  unschedule(timer);
  fire(timer);
}

/** @param {Timer} timer */
function fire(timer) {
  if (!timer.repeats) timers.delete(timer.id);
  run(timer.callback, timer.args);
  if (timer.repeats && timers.has(timer.id)) schedule(timer);
}

/**
 * @param {unknown} callback
 * @param {string} name
 * @returns {asserts callback is Function}
 */
function assertFunction(callback, name) {
  if (typeof callback === 'function') return;
  throw new TypeError(`${name}: the callback must be a function, not ${typeof callback}`);
}

/**
 * @param {Function} callback
 * @param {unknown} delay
 * @param {unknown[]} args
 * @param {boolean} repeats
 */
function start(callback, delay, args, repeats) {
  const milliseconds = Math.trunc(Number(delay));
  const timer = {
    id: ++lastId,
    delay: milliseconds >= 1 && milliseconds <= MAX_DELAY ? milliseconds : 1,
    repeats,
    callback,
    args,
    place: undefined,
  };
  timers.set(timer.id, timer);
  schedule(timer);
  return timer.id;
}

/**
 * @param {Function} callback
 * @param {number} [delay]
 * @param {unknown[]} args
 */
export function setTimeout(callback, delay, ...args) {
  assertFunction(callback, 'setTimeout');
  return start(callback, delay, args, false);
}

/**
 * @param {Function} callback
 * @param {number} [delay]
 * @param {unknown[]} args
 */
export function setInterval(callback, delay, ...args) {
  assertFunction(callback, 'setInterval');
  return start(callback, delay, args, true);
}

/** @param {unknown} [id] */
export function clearTimeout(id) {
  const timer = timers.get(Number(id));
  if (!timer) return;
  timers.delete(timer.id);
  unschedule(timer);
  if (!timer.place) return; // an interval that clears itself, in its own callback
  Atomics.notify(timer.place.cells, timer.place.index);
  freePlaces.push(timer.place);
  timer.place = undefined;
}

export { clearTimeout as clearInterval };

const immediateCell = new Int32Array(new SharedArrayBuffer(4));
let immediateIsDue = false;

function requestImmediate() {
  if (immediateIsDue) return;
  immediateIsDue = true;
  const wait = Atomics.waitAsync(immediateCell, 0, 0);
  /** @type {Promise<string>} */ (wait.value).then(runImmediate);
  Atomics.notify(immediateCell, 0);
}

function runImmediate() {
  immediateIsDue = false;
  const [entry] = immediates;
  if (!entry) return;
  immediates.delete(entry[0]);
  if (immediates.size > 0) requestImmediate();
  run(entry[1].callback, entry[1].args);
}

/**
 * @param {Function} callback
 * @param {unknown[]} args
 */
export function setImmediate(callback, ...args) {
  assertFunction(callback, 'setImmediate');
  immediates.set(++lastId, { callback, args });
  requestImmediate();
  return lastId;
}

/** @param {unknown} [id] */
export function clearImmediate(id) {
  immediates.delete(Number(id));
}

/** @param {Function} callback */
export function queueMicrotask(callback) {
  assertFunction(callback, 'queueMicrotask');
  Promise.resolve().then(() => run(callback, []));
}
