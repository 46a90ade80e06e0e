// @ts-check
/**
 * Values of programs (`evalJs`) as JSON, and back. What JSON cannot hold goes as a marker: an
 * object with one key, the token of this engine, which nobody else knows; its value is one of
 *
 *   ["blob", reference, size, type]   binary data, kept by the host
 *   ["fn", handle, name]              a function, kept in the table of handles
 *   ["promise", handle]               a promise or another object with `then`
 *   ["num", "NaN" | "Infinity" | "-Infinity"]
 */
import { Blob, handOver, ownedBlob } from '../environment/blob.js';
import { bytesOf } from '../environment/bufferSource.js';

/** Deeper nesting is refused: the parsers on the other side recurse. codec.py has the same. */
const MAX_DEPTH = 500;

let token = '';

/** @param {string} value */
export function setToken(value) {
  token = value;
}

/** @param {unknown[]} content */
function marker(...content) {
  return { [token]: content };
}

/** @param {Blob} blob */
function blobMarker(blob) {
  return marker('blob', handOver(blob), blob.size, blob.type);
}

// ------------------------------------------------------------------- handles

/** @type {Map<number, any>} */
const objects = new Map();
let lastHandle = 0;

/** Objects that Python holds: each handle is released once. */
export const handles = {
  /** @param {object} object */
  keep(object) {
    objects.set(++lastHandle, object);
    return lastHandle;
  },
  /** @param {number} handle */
  get(handle) {
    if (!objects.has(handle)) throw new Error('this JavaScript object has been released');
    return objects.get(handle);
  },
  /** @param {number} handle */
  release(handle) {
    objects.delete(handle);
  },
};

// ------------------------------------------------------------------- results of programs

/**
 * Where the walk is, and how to say it.
 * @typedef {{ keys: Array<string | number>, ancestors: object[] }} Place
 */

/**
 * @param {Place} place
 * @param {string} problem
 */
function refusal(place, problem) {
  let path = 'result';
  for (const key of place.keys.slice(0, 20)) {
    if (typeof key === 'number') path += `[${key}]`;
    else path += /^[A-Za-z_$][\w$]*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
  }
  if (place.keys.length > 20) path += '…';
  return new TypeError(`${path} ${problem} and cannot be passed to Python`);
}

/**
 * @param {any} value
 * @returns {boolean}
 */
function isThenable(value) {
  return typeof value.then === 'function';
}

/**
 * What a value becomes that is not an object.
 * @param {any} value
 * @param {Place} place
 */
function encodePrimitive(value, place) {
  switch (typeof value) {
    case 'number':
      return Number.isFinite(value) ? value : marker('num', String(value));
    case 'bigint':
      throw refusal(place, 'is a BigInt');
    case 'symbol':
      throw refusal(place, 'is a symbol');
    case 'function':
      return isThenable(value)
        ? marker('promise', handles.keep(value))
        : marker('fn', handles.keep(value), String(value.name));
    default:
      return value;
  }
}

/**
 * An object of a kind that has its own form, or else undefined.
 * @param {any} object
 */
function encodeSpecial(object) {
  if (object instanceof Blob) return blobMarker(object);
  const bytes = bytesOf(object);
  if (bytes) return blobMarker(new Blob([bytes]));
  if (isThenable(object)) return marker('promise', handles.keep(object));
  return undefined;
}

/** @param {Error} error */
function errorProperties(error) {
  const { name, message, stack } = error;
  return Object.assign({ name, message, stack }, error);
}

/**
 * What JSON.stringify would write in place of an object.
 * @param {any} object
 * @param {Place} place
 */
function plainForm(object, place) {
  if (typeof object.toJSON === 'function') return object.toJSON(String(place.keys.at(-1) ?? ''));
  if (object instanceof Error) return errorProperties(object);
  for (const Wrapper of [Number, String, Boolean, BigInt]) {
    if (object instanceof Wrapper) return object.valueOf();
  }
  return object;
}

/**
 * @param {any} value
 * @param {Place} place
 * @returns {any}
 */
function encode(value, place) {
  if (typeof value === 'string' || value === null) return value;
  if (typeof value !== 'object') return encodePrimitive(value, place);
  const special = encodeSpecial(value);
  if (special) return special;
  if (place.ancestors.includes(value)) throw refusal(place, 'refers back to an object around it');
  if (place.ancestors.length >= MAX_DEPTH) {
    throw refusal(place, `is nested more than ${MAX_DEPTH} levels deep`);
  }
  const plain = plainForm(value, place);
  if (typeof plain !== 'object' || plain === null) return encodePrimitive(plain, place);
  place.ancestors.push(value);
  const result = Array.isArray(plain) ? encodeArray(plain, place) : encodeRecord(plain, place);
  place.ancestors.pop();
  return result;
}

/**
 * @param {unknown[]} array
 * @param {Place} place
 */
function encodeArray(array, place) {
  const result = new Array(array.length);
  for (let i = 0; i < array.length; i++) {
    place.keys.push(i);
    result[i] = encode(array[i], place) ?? null;
    place.keys.pop();
  }
  return result;
}

/**
 * @param {Record<string, unknown>} record
 * @param {Place} place
 */
function encodeRecord(record, place) {
  // Without a prototype: "__proto__" is a key like others, and no `toJSON` is inherited.
  const result = Object.create(null);
  for (const key of Object.keys(record)) {
    place.keys.push(key);
    result[key] = encode(record[key], place);
    place.keys.pop();
  }
  return result;
}

/**
 * A copy of a program's result that JSON.stringify can write. Objects are read as JSON does;
 * what has no form in JSON becomes a marker.
 * @param {unknown} value
 * @throws {TypeError} that names the place of what can have no form at all
 */
export function encodeResult(value) {
  return encode(value, { keys: [], ancestors: [] }) ?? null;
}

// ------------------------------------------------------------------- results of databases

let markBlobs = false;
let hasBlobs = false;

// A Blob is `{}` in JSON, as in browsers, except while a result is written.
Object.defineProperty(Blob.prototype, 'toJSON', {
  configurable: true,
  writable: true,
  /** @this {Blob} */
  value() {
    if (!markBlobs) return {};
    hasBlobs = true;
    return blobMarker(this);
  },
});

/**
 * The result of a database method as JSON text: plain data, in which only attachments may be
 * Blobs. This is the hot path: V8's own stringify does all of it.
 * @param {unknown} value
 * @returns {{ text: string, blobs: boolean }} `blobs` says whether there are markers
 */
export function stringifyWithBlobs(value) {
  markBlobs = true;
  hasBlobs = false;
  try {
    return { text: JSON.stringify(value) ?? 'null', blobs: hasBlobs };
  } finally {
    markBlobs = false;
  }
}

// ------------------------------------------------------------------- arguments from Python

/**
 * Put Blobs in place of the markers in arguments, which are changed.
 * @param {any} value
 * @returns {any}
 */
export function reviveArgs(value) {
  if (typeof value !== 'object' || value === null) return value;
  const content = value[token];
  if (Array.isArray(content)) return revive(content);
  for (const key of Object.keys(value)) {
    const item = value[key];
    if (typeof item === 'object' && item !== null) value[key] = reviveArgs(item);
  }
  return value;
}

/** @param {any[]} content */
function revive([kind, ...rest]) {
  if (kind === 'blob') return ownedBlob(rest[0], rest[1], rest[2]);
  if (kind === 'fn' || kind === 'promise') return handles.get(rest[0]);
  return Number(rest[0]);
}
