// @ts-check
/** Event, CustomEvent and EventTarget without a tree of nodes. https://dom.spec.whatwg.org/ */
import { DOMException } from './domException.js';
import { performance } from './performance.js';
import { reportError } from './reportError.js';

/**
 * What only a dispatch may change, by event.
 * @type {WeakMap<Event, { dispatching: boolean, stopped: boolean, target: unknown }>}
 */
const states = new WeakMap();

/** @param {Event} event */
function stateOf(event) {
  const state = states.get(event);
  if (!state) throw new TypeError('Illegal invocation: this is not an Event');
  return state;
}

export class Event {
  #canceled = false;

  /**
   * @param {string} type
   * @param {{ bubbles?: boolean, cancelable?: boolean, composed?: boolean }} [init]
   */
  constructor(type, init) {
    if (arguments.length === 0) throw new TypeError('Event: 1 argument required');
    this.type = String(type);
    this.bubbles = Boolean(init?.bubbles);
    this.cancelable = Boolean(init?.cancelable);
    this.composed = Boolean(init?.composed);
    this.timeStamp = performance.now();
    this.isTrusted = false;
    this.cancelBubble = false;
    states.set(this, { dispatching: false, stopped: false, target: null });
  }

  get target() {
    return stateOf(this).target;
  }

  get srcElement() {
    return stateOf(this).target;
  }

  get currentTarget() {
    const state = stateOf(this);
    return state.dispatching ? state.target : null;
  }

  get eventPhase() {
    return stateOf(this).dispatching ? 2 : 0;
  }

  get defaultPrevented() {
    return this.#canceled;
  }

  get returnValue() {
    return !this.#canceled;
  }

  preventDefault() {
    if (this.cancelable) this.#canceled = true;
  }

  stopPropagation() {
    this.cancelBubble = true;
  }

  stopImmediatePropagation() {
    this.cancelBubble = true;
    stateOf(this).stopped = true;
  }

  composedPath() {
    const target = this.currentTarget;
    return target === null ? [] : [target];
  }

  get [Symbol.toStringTag]() {
    return this.constructor.name;
  }
}

const PHASES = { NONE: 0, CAPTURING_PHASE: 1, AT_TARGET: 2, BUBBLING_PHASE: 3 };
for (const [name, value] of Object.entries(PHASES)) {
  Object.defineProperty(Event, name, { value, enumerable: true });
  Object.defineProperty(Event.prototype, name, { value, enumerable: true });
}

export class CustomEvent extends Event {
  /**
   * @param {string} type
   * @param {{ bubbles?: boolean, cancelable?: boolean, detail?: unknown }} [init]
   */
  constructor(type, init) {
    super(type, init);
    this.detail = init?.detail ?? null;
  }
}

/** What FileReader reports with. */
export class ProgressEvent extends Event {
  /**
   * @param {string} type
   * @param {{ lengthComputable?: boolean, loaded?: number, total?: number }} [init]
   */
  constructor(type, init) {
    super(type);
    this.lengthComputable = Boolean(init?.lengthComputable);
    this.loaded = init?.loaded ?? 0;
    this.total = init?.total ?? 0;
  }
}

/**
 * @typedef {object} Listener
 * @property {any} callback a function or an object with `handleEvent`
 * @property {boolean} capture
 * @property {boolean} once
 * @property {boolean} removed
 *
 * @typedef {boolean | { capture?: boolean, once?: boolean, passive?: boolean, signal?: any }} Options
 */

/** @param {Options | undefined} options */
function isCapture(options) {
  return typeof options === 'object' && options !== null
    ? Boolean(options.capture)
    : Boolean(options);
}

/**
 * @param {unknown} target
 * @param {Listener} listener
 * @param {Event} event
 */
function callListener(target, listener, event) {
  const { callback } = listener;
  try {
    if (typeof callback === 'function') callback.call(target, event);
    else callback.handleEvent(event);
  } catch (error) {
    reportError(error);
  }
}

export class EventTarget {
  /** @type {Map<string, Listener[]>} */
  #listeners = new Map();

  /**
   * @param {string} type
   * @param {any} callback
   * @param {Options} [options]
   */
  addEventListener(type, callback, options) {
    if (callback === null || callback === undefined) return;
    if (typeof callback !== 'function' && typeof callback !== 'object') {
      throw new TypeError('addEventListener: the listener must be a function or an object');
    }
    const { once, signal } = typeof options === 'object' && options !== null ? options : {};
    if (signal?.aborted) return;
    const capture = isCapture(options);
    const list = this.#listeners.get(String(type)) ?? [];
    if (list.some((known) => known.callback === callback && known.capture === capture)) return;
    // Lists are replaced, never changed, so that a dispatch under way keeps the one it began with.
    const listener = { callback, capture, once: Boolean(once), removed: false };
    this.#listeners.set(String(type), [...list, listener]);
    const remove = () => this.removeEventListener(type, callback, { capture });
    signal?.addEventListener('abort', remove, { once: true });
  }

  /**
   * @param {string} type
   * @param {any} callback
   * @param {Options} [options]
   */
  removeEventListener(type, callback, options) {
    const capture = isCapture(options);
    const list = this.#listeners.get(String(type)) ?? [];
    const kept = list.filter((listener) => {
      if (listener.callback !== callback || listener.capture !== capture) return true;
      listener.removed = true;
      return false;
    });
    this.#listeners.set(String(type), kept);
  }

  /**
   * @param {Event} event
   * @returns {boolean} false if a listener has prevented the default
   */
  dispatchEvent(event) {
    if (!(event instanceof Event)) throw new TypeError('dispatchEvent: expected an Event');
    const state = stateOf(event);
    if (state.dispatching) {
      throw new DOMException('dispatchEvent: the event is being dispatched', 'InvalidStateError');
    }
    Object.assign(state, { dispatching: true, target: this });
    const list = this.#listeners.get(event.type) ?? [];
    // At the target, capturing listeners come first.
    const ordered = [...list.filter((l) => l.capture), ...list.filter((l) => !l.capture)];
    for (const listener of ordered) {
      if (listener.removed) continue;
      if (listener.once) this.removeEventListener(event.type, listener.callback, listener);
      callListener(this, listener, event);
      if (state.stopped) break;
    }
    Object.assign(state, { dispatching: false, stopped: false });
    event.cancelBubble = false;
    return !event.defaultPrevented;
  }

  get [Symbol.toStringTag]() {
    return this.constructor.name;
  }
}

/**
 * Give a class `onTYPE` attributes. A handler keeps its place in the order of listeners.
 * @param {{ prototype: any }} targetClass
 * @param {string[]} types
 */
export function defineEventHandlers(targetClass, types) {
  for (const type of types) {
    /** @type {WeakMap<object, { handler: unknown }>} */
    const slots = new WeakMap();
    Object.defineProperty(targetClass.prototype, `on${type}`, {
      configurable: true,
      enumerable: true,
      get() {
        return slots.get(this)?.handler ?? null;
      },
      set(value) {
        const handler = typeof value === 'function' ? value : null;
        const slot = slots.get(this);
        if (slot) {
          slot.handler = handler;
          return;
        }
        const fresh = { handler };
        slots.set(this, fresh);
        this.addEventListener(type, (/** @type {Event} */ event) => {
          if (fresh.handler) /** @type {Function} */ (fresh.handler).call(this, event);
        });
      },
    });
  }
}
