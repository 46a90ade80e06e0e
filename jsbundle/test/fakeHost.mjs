// @ts-check
/**
 * Stands in for src/host.js when the environment is tested in Node. Import it before the module
 * under test, and that one with `await import(…)`.
 */
import { randomFillSync } from 'node:crypto';
import { register } from 'node:module';

const hook = `
  export function resolve(specifier, context, next) {
    if (!/(^|\\/)host\\.js$/.test(specifier)) return next(specifier, context);
    return { url: ${JSON.stringify(import.meta.url)}, shortCircuit: true };
  }`;
register(`data:text/javascript,${encodeURIComponent(hook)}`);

// Node 20 does not have these yet; V8 14 does.
/** @type {any} */ (Uint8Array.prototype).toBase64 ??= function toBase64() {
  return Buffer.from(this.buffer, this.byteOffset, this.byteLength).toString('base64');
};

/** What the console has written. @type {Array<[level: string, text: string]>} */
export const written = [];
/** @type {Map<string, Uint8Array>} */
export const kept = new Map();
export const calls = { random: 0, read: 0, keep: 0 };
let lastReference = 0;

/** @param {string} level @param {string} text */
export function consoleWrite(level, text) {
  written.push([level, text]);
}

/** @param {number} count */
export function randomBytes(count) {
  calls.random++;
  return randomFillSync(new Uint8Array(count));
}

/** @param {string} reference @param {number} start @param {number} end */
export function readBlob(reference, start, end) {
  calls.read++;
  return /** @type {Uint8Array} */ (kept.get(reference)).slice(start, end);
}

/** @param {Uint8Array} bytes */
export function keepBlob(bytes) {
  calls.keep++;
  const reference = `b${++lastReference}`;
  kept.set(reference, bytes.slice());
  return reference;
}

/** @param {string} reference @param {number} start @param {number} end */
export function holdBlob(reference, start, end) {
  const copy = `b${++lastReference}`;
  kept.set(copy, /** @type {Uint8Array} */ (kept.get(reference)).slice(start, end));
  return copy;
}

/** @param {string[]} references */
export function releaseBlobs(references) {
  for (const reference of references) kept.delete(reference);
}
