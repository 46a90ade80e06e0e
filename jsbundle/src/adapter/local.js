// @ts-check
/** `_local` documents. Within `bulkDocs` they are part of its transaction. */

import { createError, MISSING_DOC, REV_CONFLICT } from 'pouchdb-errors';

import * as host from '../host.js';
import { runAlone } from './queue.js';
import { nextLocalRev } from './transaction.js';

/**
 * @param {import('./index.js').Context} context
 * @param {string} id
 * @param {(error: any, doc?: any) => void} callback
 */
export function getLocal(context, id, callback) {
  enqueue(context, callback, () => {
    const json = host.getLocal(context.handle, id);
    if (json === '') throw createError(MISSING_DOC);
    return JSON.parse(json);
  });
}

/**
 * @param {import('./index.js').Context} context
 * @param {any} doc
 * @param {any} opts
 * @param {(error: any, result?: any) => void} callback
 */
export function putLocal(context, doc, opts, callback) {
  delete doc._revisions; // the revision counts
  if (opts.ctx) return opts.ctx.putLocal(doc, callback);
  enqueue(context, callback, () => {
    const oldRev = doc._rev || undefined;
    const rev = (doc._rev = nextLocalRev(oldRev));
    const json = JSON.stringify(doc);
    if (host.putLocal(context.handle, doc._id, oldRev, rev, json) === 'conflict') {
      throw createError(REV_CONFLICT);
    }
    return { ok: true, id: doc._id, rev };
  });
}

/**
 * @param {import('./index.js').Context} context
 * @param {any} doc
 * @param {any} opts
 * @param {(error: any, result?: any) => void} callback
 */
export function removeLocal(context, doc, opts, callback) {
  if (opts.ctx) return opts.ctx.removeLocal(doc, callback);
  enqueue(context, callback, () => {
    const { _id: id, _rev: rev } = doc;
    const outcome = host.removeLocal(context.handle, id, rev);
    if (outcome === 'missing') throw createError(MISSING_DOC);
    if (outcome === 'conflict') throw createError(REV_CONFLICT);
    return { ok: true, id, rev: '0-0' };
  });
}

/**
 * @param {import('./index.js').Context} context
 * @param {(error: any, value?: any) => void} callback
 * @param {() => any} work
 */
function enqueue(context, callback, work) {
  context.queue.push({ run: runAlone, context, callback, work });
}
