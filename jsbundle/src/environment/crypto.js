// @ts-check
/** crypto.getRandomValues and randomUUID on the host's random bytes, asked for in advance. */
import { randomBytes } from '../host.js';
import { DOMException } from './domException.js';

const QUOTA = 65536;
const POOL_BYTES = 4096;

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** %TypedArray%: all integer arrays share it. */
const TypedArray = Object.getPrototypeOf(Uint8Array);

let pool = new Uint8Array(0);
let used = 0;

/**
 * @param {number} count at most POOL_BYTES
 * @returns {number} where in the pool they stand
 */
function takeFromPool(count) {
  if (used + count > pool.length) {
    pool = randomBytes(POOL_BYTES);
    used = 0;
  }
  used += count;
  return used - count;
}

/**
 * @template {ArrayBufferView} T
 * @param {T} array
 * @returns {T} the same array, filled
 */
export function getRandomValues(array) {
  if (!(array instanceof TypedArray) || /^Float/.test(array.constructor.name)) {
    throw new DOMException(
      'getRandomValues: the argument must be an integer typed array',
      'TypeMismatchError',
    );
  }
  if (array.byteLength > QUOTA) {
    throw new DOMException(
      `getRandomValues: ${array.byteLength} bytes exceed the quota of ${QUOTA}`,
      'QuotaExceededError',
    );
  }
  const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
  if (bytes.length > POOL_BYTES / 4) {
    bytes.set(randomBytes(bytes.length));
    return array;
  }
  const start = takeFromPool(bytes.length);
  bytes.set(pool.subarray(start, start + bytes.length));
  pool.fill(0, start, start + bytes.length);
  return array;
}

/** @returns {`${string}-${string}-${string}-${string}-${string}`} an RFC 4122 version 4 UUID */
export function randomUUID() {
  let at = takeFromPool(16);
  pool[at + 6] = (pool[at + 6] & 0x0f) | 0x40;
  pool[at + 8] = (pool[at + 8] & 0x3f) | 0x80;
  const next = () => HEX[pool[at++]];
  const first = next() + next() + next() + next();
  const second = next() + next();
  const third = next() + next();
  const fourth = next() + next();
  return `${first}-${second}-${third}-${fourth}-${next() + next() + next() + next() + next() + next()}`;
}

export class Crypto {
  get [Symbol.toStringTag]() {
    return 'Crypto';
  }
}

Object.assign(Crypto.prototype, { getRandomValues, randomUUID });

export const crypto = new Crypto();
