// @ts-check
/** structuredClone. https://html.spec.whatwg.org/multipage/structured-data.html */
import { Blob } from './blob.js';
import { DOMException } from './domException.js';

const ERROR_CLASSES = {
  Error,
  EvalError,
  RangeError,
  ReferenceError,
  SyntaxError,
  TypeError,
  URIError,
};

/** @typedef {Map<object, unknown>} Memory what has been cloned already, by its original */

/** @param {string} what */
function dataCloneError(what) {
  return new DOMException(`${what} could not be cloned.`, 'DataCloneError');
}

/**
 * @param {any} value
 * @param {Memory} memory
 * @returns {any}
 */
function clone(value, memory) {
  if (typeof value === 'function') throw dataCloneError(`the function ${value.name}`);
  if (typeof value === 'symbol') throw dataCloneError(String(value));
  if (typeof value !== 'object' || value === null) return value;
  if (memory.has(value)) return memory.get(value);
  const copy = emptyCopy(value, memory);
  memory.set(value, copy);
  fill(copy, value, memory);
  return copy;
}

/**
 * The copy without what may lead back to the original.
 * @param {any} value
 * @param {Memory} memory
 */
function emptyCopy(value, memory) {
  if (Array.isArray(value)) return new Array(value.length);
  if (value instanceof Date) return new Date(value.getTime());
  if (value instanceof RegExp) return new RegExp(value.source, value.flags);
  if (value instanceof Map) return new Map();
  if (value instanceof Set) return new Set();
  if (value instanceof ArrayBuffer) return value.slice(0);
  if (value instanceof SharedArrayBuffer) return value;
  if (ArrayBuffer.isView(value)) return copyOfView(value, memory);
  if (value instanceof Error) return copyOfError(value);
  if (value instanceof Blob) return value; // it never changes
  for (const Wrapper of [Number, String, Boolean, BigInt]) {
    if (value instanceof Wrapper) return Object(value.valueOf());
  }
  for (const Kept of [Promise, WeakMap, WeakSet, WeakRef, Symbol]) {
    if (value instanceof Kept) throw dataCloneError(`a ${Kept.name}`);
  }
  return {};
}

/**
 * @param {any} view
 * @param {Memory} memory
 */
function copyOfView(view, memory) {
  const buffer = clone(view.buffer, memory);
  return new view.constructor(buffer, view.byteOffset, view.length ?? view.byteLength);
}

/** @param {any} error */
function copyOfError(error) {
  if (error instanceof DOMException) return new DOMException(error.message, error.name);
  const Class = /** @type {Record<string, ErrorConstructor>} */ (ERROR_CLASSES)[error.name] ?? Error;
  const copy = new Class();
  for (const key of ['message', 'stack']) {
    if (typeof error[key] !== 'string') continue;
    Object.defineProperty(copy, key, { value: error[key], configurable: true, writable: true });
  }
  return copy;
}

/**
 * @param {any} copy
 * @param {any} value
 * @param {Memory} memory
 */
function fill(copy, value, memory) {
  if (value instanceof Map) {
    for (const [key, item] of [...value]) copy.set(clone(key, memory), clone(item, memory));
  } else if (value instanceof Set) {
    for (const item of [...value]) copy.add(clone(item, memory));
  } else if (value instanceof Error && Object.hasOwn(value, 'cause')) {
    const cause = clone(value.cause, memory);
    Object.defineProperty(copy, 'cause', { value: cause, configurable: true, writable: true });
  } else if (isPlainRecord(copy)) {
    for (const key of Object.keys(value)) copy[key] = clone(value[key], memory);
  }
}

/** @param {object} copy */
function isPlainRecord(copy) {
  return Array.isArray(copy) || Object.getPrototypeOf(copy) === Object.prototype;
}

/** @param {ArrayBuffer[]} buffers */
function checkTransferable(buffers) {
  buffers.forEach((buffer, i) => {
    if (!(buffer instanceof ArrayBuffer)) throw dataCloneError('a value that is not transferable');
    if (buffer.detached || buffers.indexOf(buffer) !== i) {
      throw dataCloneError('an ArrayBuffer that is detached, or transferred twice,');
    }
  });
}

/**
 * @template T
 * @param {T} value
 * @param {{ transfer?: Iterable<ArrayBuffer> }} [options]
 * @returns {T}
 */
export function structuredClone(value, options) {
  if (arguments.length === 0) throw new TypeError('structuredClone: 1 argument required');
  const transfer = [...(options?.transfer ?? [])];
  checkTransferable(transfer);
  const copy = clone(value, new Map());
  // Transferred buffers have been copied like the others; what is left is to take them away.
  for (const buffer of transfer) buffer.transfer(0);
  return copy;
}
