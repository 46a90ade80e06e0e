// @ts-check
/** AbortController and AbortSignal. https://dom.spec.whatwg.org/#aborting-ongoing-activities */
import { DOMException } from './domException.js';
import { Event, EventTarget, defineEventHandlers } from './events.js';
import { setTimeout } from './timers.js';

/** Only this file makes and aborts signals. */
const INTERNAL = Symbol('internal');

/** @type {(signal: AbortSignal, reason?: unknown) => void} */
let abortSignal;

export class AbortSignal extends EventTarget {
  #aborted = false;
  /** @type {unknown} */
  #reason = undefined;
  /** Signals of `any()` that follow this one. @type {Set<AbortSignal>} */
  #dependents = new Set();

  /** @param {symbol} [token] */
  constructor(token) {
    if (token !== INTERNAL) throw new TypeError('Illegal constructor');
    super();
  }

  static {
    abortSignal = (signal, reason) => signal.#abort(reason);
  }

  get aborted() {
    return this.#aborted;
  }

  get reason() {
    return this.#reason;
  }

  throwIfAborted() {
    if (this.#aborted) throw this.#reason;
  }

  /** @param {unknown} reason */
  #abort(reason = new DOMException('This operation was aborted', 'AbortError')) {
    if (this.#aborted) return;
    this.#aborted = true;
    this.#reason = reason;
    this.dispatchEvent(new Event('abort'));
    for (const dependent of this.#dependents) dependent.#abort(reason);
    this.#dependents.clear();
  }

  /** @param {unknown} [reason] */
  static abort(reason) {
    const signal = new AbortSignal(INTERNAL);
    signal.#abort(reason);
    return signal;
  }

  /** @param {number} delay in milliseconds */
  static timeout(delay) {
    if (!(Number(delay) >= 0)) throw new TypeError('AbortSignal.timeout: expected a delay >= 0');
    const signal = new AbortSignal(INTERNAL);
    const reason = () =>
      new DOMException('The operation was aborted due to timeout', 'TimeoutError');
    setTimeout(() => signal.#abort(reason()), delay);
    return signal;
  }

  /** @param {Iterable<AbortSignal>} signals */
  static any(signals) {
    const result = new AbortSignal(INTERNAL);
    const sources = [...signals];
    for (const source of sources) {
      if (!(source instanceof AbortSignal)) {
        throw new TypeError('AbortSignal.any: expected a sequence of AbortSignals');
      }
    }
    const aborted = sources.find((source) => source.aborted);
    if (aborted) result.#abort(aborted.reason);
    else for (const source of sources) source.#dependents.add(result);
    return result;
  }
}

defineEventHandlers(AbortSignal, ['abort']);

export class AbortController {
  #signal = new AbortSignal(INTERNAL);

  get signal() {
    return this.#signal;
  }

  /** @param {unknown} [reason] */
  abort(reason) {
    abortSignal(this.#signal, reason);
  }

  get [Symbol.toStringTag]() {
    return 'AbortController';
  }
}
