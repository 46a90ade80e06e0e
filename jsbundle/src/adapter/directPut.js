// @ts-check
/**
 * `put` as dispatch.js may call it: by a caller who gives the document away, so that it need not
 * be copied. What is asked for most, one plain document without options, goes to the queue at
 * once; PouchDB's own `put` would take it through `bulkDocs`, with two copies and four promises.
 */

import { isPlain } from './fastPath.js';
import { runWrites } from './bulkDocs.js';

const VALID_REV = /^\d+-[^-]*$/;
const NEW_EDITS = { new_edits: true };

/**
 * @param {import('./index.js').Context} context
 * @param {any} doc
 * @param {any} options
 * @returns {Promise<any> | undefined} undefined if PouchDB's own `put` has to take it
 */
export function directPut(context, doc, options) {
  const { api } = context;
  if (!isSimple(doc, options) || !isReady(api)) return undefined;
  return new Promise((resolve, reject) => {
    const task = {
      run: runWrites,
      context,
      req: { docs: [doc] },
      opts: NEW_EDITS,
      /** @param {any} error @param {any[] | undefined} results */
      callback(error, results) {
        const failure = error ?? (results?.[0].error ? results[0] : null);
        if (!failure) return resolve(results?.[0]);
        // What bulkDocs() and put() note on an error.
        if (!error) failure.id = doc._id;
        failure.docId = doc._id;
        reject(failure);
      }
    };
    context.queue.push(task);
  });
}

/**
 * @param {any} doc
 * @param {any} options
 */
function isSimple(doc, options) {
  for (const _ in options) return false;
  if (doc === null || typeof doc !== 'object' || Array.isArray(doc)) return false;
  if (typeof doc._id !== 'string' || doc._id === '') return false;
  if ('_rev' in doc && !(typeof doc._rev === 'string' && VALID_REV.test(doc._rev))) return false;
  return isPlain(doc);
}

/**
 * Whether PouchDB's wrapper of every method would let the call pass, and tell nobody.
 * @param {any} api
 */
function isReady(api) {
  return (
    api.taskqueue.isReady &&
    !api._closed &&
    !api._destroyed &&
    api.bulkDocs === api._stock.bulkDocs &&
    api.constructor.listenerCount('debug') === 0
  );
}
