// @ts-check
/**
 * `put` and `bulkDocs` as dispatch.js may call them: by a caller who gives the documents away, so
 * that they need not be copied. What is asked for most, plain documents without options, goes to
 * the queue at once; PouchDB's own methods take it there with copies and promises on the way.
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
  const isOurs = isEmpty(options) && isSimple(doc) && typeof doc._id === 'string' && doc._id !== '';
  if (!isOurs || !isReady(context.api)) return undefined;
  return new Promise((resolve, reject) => {
    write(context, [doc], (error, results) => {
      const failure = error ?? (results[0].error ? results[0] : null);
      if (!failure) return resolve(results[0]);
      // What bulkDocs() and put() note on an error.
      if (!error) failure.id = doc._id;
      failure.docId = doc._id;
      reject(failure);
    });
  });
}

/**
 * @param {import('./index.js').Context} context
 * @param {any} docs
 * @param {any} options
 * @returns {Promise<any[]> | undefined} undefined if PouchDB's own `bulkDocs` has to take them
 */
export function directBulkDocs(context, docs, options) {
  const isOurs = isEmpty(options) && Array.isArray(docs) && docs.every(isSimple);
  if (!isOurs || docs.length === 0 || !isReady(context.api)) return undefined;
  const ids = docs.map((doc) => doc._id);
  return new Promise((resolve, reject) => {
    write(context, docs, (error, results) => {
      if (error) return reject(error);
      results.forEach((/** @type {any} */ result, /** @type {number} */ index) => {
        result.id = result.id || ids[index];
      });
      resolve(results);
    });
  });
}

/**
 * @param {import('./index.js').Context} context
 * @param {any[]} docs
 * @param {(error: any, results: any) => void} callback
 */
function write(context, docs, callback) {
  const task = { run: runWrites, context, req: { docs }, opts: NEW_EDITS, callback };
  context.queue.push(task);
}

/** @param {any} options */
function isEmpty(options) {
  for (const _ in options) return false;
  return true;
}

/** @param {any} doc */
function isSimple(doc) {
  if (doc === null || typeof doc !== 'object' || Array.isArray(doc)) return false;
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
