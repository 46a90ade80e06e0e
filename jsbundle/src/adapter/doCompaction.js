// @ts-check
import { runWrites } from './bulkDocs.js';

/**
 * `compact` and `compactDocument` of PouchDB's core decide which revisions go.
 * @param {import('./index.js').Context} context
 * @param {string} id
 * @param {string[]} revs
 * @param {(error?: any) => void} callback
 */
export function doCompaction(context, id, revs, callback) {
  if (revs.length === 0) return callback();
  const req = { compact: id, revs };
  context.queue.push(/** @type {any} */ ({ run: runWrites, context, callback, req }));
}
