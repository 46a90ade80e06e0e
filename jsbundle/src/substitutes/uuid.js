// @ts-check
/**
 * In place of the npm package `uuid`: PouchDB uses only version 4, for every random revision,
 * and ours takes its random bytes from a pool instead of asking the host each time.
 */
export { randomUUID as v4 } from '../environment/crypto.js';
