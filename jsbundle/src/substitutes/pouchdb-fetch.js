// @ts-check
/**
 * In place of `pouchdb-fetch`, whose browser build keeps the `fetch` of load time: here the
 * global is looked up at each call, so that a program (or a test) can replace it.
 */
import { Headers } from '../environment/headers.js';

/**
 * @param {unknown} resource
 * @param {unknown} [options]
 * @returns {Promise<any>}
 */
export function fetch(resource, options) {
  return /** @type {any} */ (globalThis).fetch(resource, options);
}

export { Headers };
