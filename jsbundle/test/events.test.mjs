// @ts-check
/** Event, EventTarget, AbortController and DOMException. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { written } from './fakeHost.mjs';

const { CustomEvent: OurCustomEvent, Event: OurEvent, EventTarget: OurTarget } = await import('../src/environment/events.js');
const { AbortController: OurController, AbortSignal: OurSignal } = await import('../src/environment/abort.js');
const { DOMException: OurException } = await import('../src/environment/domException.js');

/** @param {any} Target @param {any} EventClass */
function story(Target, EventClass) {
  /** @type {unknown[]} */
  const told = [];
  const target = new Target();
  const listener = (/** @type {any} */ event) => {
    told.push(['plain', event.type, event.target === target, event.currentTarget === target, event.eventPhase]);
    event.preventDefault();
  };
  target.addEventListener('x', listener);
  target.addEventListener('x', listener);
  target.addEventListener('x', { handleEvent() { told.push(['object', this !== target]); } });
  target.addEventListener('x', () => told.push('once'), { once: true });
  target.addEventListener('x', () => told.push('late'), true);
  target.addEventListener('x', () => target.addEventListener('x', () => told.push('added'), { once: true }), { once: true });
  told.push(target.dispatchEvent(new EventClass('x', { cancelable: true })));
  target.removeEventListener('x', listener);
  told.push(target.dispatchEvent(new EventClass('x', { cancelable: true })));
  const stop = (/** @type {any} */ event) => event.stopImmediatePropagation();
  target.addEventListener('y', stop);
  target.addEventListener('y', () => told.push('never'));
  told.push(target.dispatchEvent(new EventClass('y')));
  return told;
}

test('listeners are called as in Node', () => {
  const expected = story(EventTarget, Event);
  const actual = story(OurTarget, OurEvent);
  // Node does not put capturing listeners first; the standard does.
  const inOrder = (/** @type {unknown[]} */ told) => told.filter((entry) => entry !== 'late');
  assert.deepEqual(inOrder(actual), inOrder(expected));
  assert.equal(actual[0], 'late');
});

test('a listener that throws is reported and stops nothing', () => {
  written.length = 0;
  const target = new OurTarget();
  let ran = false;
  target.addEventListener('x', () => { throw new Error('listener'); });
  target.addEventListener('x', () => (ran = true));
  target.dispatchEvent(new OurCustomEvent('x', { detail: 5 }));
  assert.ok(ran);
  assert.match(written[0][1], /^Uncaught Error: listener/);
  assert.throws(() => target.dispatchEvent(/** @type {any} */ ({ type: 'x' })), TypeError);
});

test('a signal removes listeners', () => {
  const target = new OurTarget();
  const controller = new OurController();
  let count = 0;
  target.addEventListener('x', () => count++, { signal: controller.signal });
  target.dispatchEvent(new OurEvent('x'));
  controller.abort();
  target.dispatchEvent(new OurEvent('x'));
  assert.equal(count, 1);
});

test('a signal aborts once, with a reason', () => {
  const controller = new OurController();
  const { signal } = controller;
  /** @type {string[]} */
  const events = [];
  /** @type {any} */ (signal).onabort = () => events.push('handler');
  signal.addEventListener('abort', () => events.push('listener'));
  signal.throwIfAborted();
  controller.abort();
  controller.abort('again');
  assert.deepEqual(events, ['handler', 'listener']);
  assert.throws(() => signal.throwIfAborted(), { name: 'AbortError', code: 20 });
  assert.equal(OurSignal.abort('why').reason, 'why');
  assert.throws(() => new OurSignal(), TypeError);
});

test('any() follows its sources, timeout() the clock', async () => {
  const controller = new OurController();
  const any = OurSignal.any([new OurController().signal, controller.signal]);
  controller.abort('reason');
  assert.equal(any.reason, 'reason');
  assert.ok(OurSignal.any([any]).aborted);
  const alive = setTimeout(() => {}, 1000);
  const timeout = OurSignal.timeout(5);
  await new Promise((resolve) => timeout.addEventListener('abort', resolve));
  clearTimeout(alive);
  assert.equal(/** @type {any} */ (timeout.reason).name, 'TimeoutError');
});

test('DOMException is an Error with name and code', () => {
  const error = new OurException('text', 'DataCloneError');
  assert.ok(error instanceof Error);
  assert.deepEqual([error.name, error.message, error.code, String(error)], ['DataCloneError', 'text', 25, 'DataCloneError: text']);
  assert.deepEqual([new OurException().name, new OurException('', 'Own').code], ['Error', 0]);
  assert.equal(/** @type {any} */ (OurException).ABORT_ERR, 20);
});
