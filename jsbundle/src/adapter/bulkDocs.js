// @ts-check
/**
 * Writing documents. Requests of the same turn share a transaction, and none fails because of
 * another: what can be wrong with one is found before anything of it is noted down.
 *
 * The general path hands the documents to PouchDB's own `processDocs`, as all its adapters do.
 * The two writes that make up nearly all of them take `fastPath.js`, with the same results.
 */

import { processDocs } from 'pouchdb-adapter-utils';
import { createError, MISSING_STUB } from 'pouchdb-errors';

import { hasAttachments, stageAttachments, stubDigests } from './attachments.js';
import { compact, compactLeftovers } from './compaction.js';
import { PlainDocument, writePlain } from './fastPath.js';
import { announce } from './liveChanges.js';
import { Needs, parse, prepare } from './prepare.js';
import { answer } from './queue.js';
import { Transaction } from './transaction.js';
import { FetchedDocuments, writerOf } from './writeDocument.js';

/**
 * @typedef {object} WriteTask
 * @property {any} req `{docs}`; for a compaction `{compact: id, revs}`
 * @property {any} opts
 * @property {(error: unknown, results?: any[]) => void} callback
 * @property {any[]} [prepared]
 * @property {any} [outcome]
 */

/**
 * PouchDB's `_bulkDocs`.
 * @param {import('./index.js').Context} context
 * @param {{docs: any[]}} req
 * @param {any} opts
 * @param {(error: any, results?: any[]) => void} callback
 */
export function bulkDocs(context, req, opts, callback) {
  if (req.docs.length === 0) return callback(null, []);
  context.queue.push(/** @type {any} */ ({ run: runWrites, context, callback, req, opts }));
}

/**
 * Run writes that were issued together.
 * @param {import('./index.js').Context} context
 * @param {(import('./queue.js').Task & WriteTask)[]} tasks
 */
export function runWrites(context, tasks) {
  const needs = new Needs();
  const ready = tasks.filter((task) => prepare(context, task, needs));
  if (ready.length === 0) return;
  /** @type {Transaction | undefined} */
  let transaction;
  try {
    const { ids, localIds, digests } = needs;
    transaction = new Transaction(context.handle, [...ids], [...localIds], [...digests]);
    for (const task of ready) task.outcome = perform(context, transaction, task);
    transaction.commit();
  } catch (error) {
    if (transaction) abandon(transaction);
    for (const task of ready) answer(task, error);
    return;
  }
  announce(context.key);
  for (const task of ready) answer(task, task.outcome.error ?? null, task.outcome.results);
}

/** @param {Transaction} transaction */
function abandon(transaction) {
  try {
    transaction.abandon();
  } catch {
    // The database was closed or destroyed; the error that led here says more.
  }
}

/**
 * @param {import('./index.js').Context} context
 * @param {Transaction} transaction
 * @param {any} task
 * @returns {{error?: unknown, results?: any[]}}
 */
function perform(context, transaction, task) {
  if (task.req.compact !== undefined) {
    compact(transaction, task.req.compact, task.req.revs);
    return {};
  }
  const error = refuse(context, transaction, task);
  if (error) return { error };
  const results = writeAll(context, transaction, task);
  if (context.api.auto_compaction) compactLeftovers(transaction, writtenIds(task.prepared));
  return { results };
}

/**
 * What is wrong with a request as only the database can tell; nothing is noted down before.
 * @param {import('./index.js').Context} context
 * @param {Transaction} transaction
 * @param {any} task
 * @returns {unknown}
 */
function refuse(context, transaction, task) {
  const general = task.prepared.filter((/** @type {any} */ info) => !isPlainDocument(info));
  for (const info of general) {
    for (const digest of stubDigests(info.metadata ? info.data : info)) {
      if (transaction.unknown.has(digest)) {
        return createError(MISSING_STUB, `unknown stub attachment with digest ${digest}`);
      }
    }
  }
  for (const info of general) {
    if (!info.data || !hasAttachments(info.data)) continue;
    const error = stageAttachments(transaction, info.data);
    // A document that is in conflict is not asked for its attachments.
    if (error && wouldBeWritten(context, transaction, info, task.opts)) return error;
  }
  return undefined;
}

/** @param {any} info */
function isPlainDocument(info) {
  return info instanceof PlainDocument;
}

/**
 * @param {import('./index.js').Context} context
 * @param {Transaction} transaction
 * @param {any} info
 * @param {any} opts
 */
function wouldBeWritten(context, transaction, info, opts) {
  let passed = false;
  const writeDoc = () => {
    passed = true;
  };
  const fetched = new FetchedDocuments(transaction);
  const limit = context.options.revs_limit;
  processDocs(limit, [info], context.api, fetched, transaction, [], writeDoc, opts, null);
  return passed;
}

/** @param {any[]} prepared */
function writtenIds(prepared) {
  const ids = prepared.map((info) => (isPlainDocument(info) ? info.id : info.metadata?.id));
  return new Set(ids.filter((id) => id !== undefined));
}

/**
 * @param {import('./index.js').Context} context
 * @param {Transaction} transaction
 * @param {any} task
 */
function writeAll(context, transaction, task) {
  const { prepared, opts } = task;
  const limit = context.options.revs_limit || 1000;
  const results = new Array(prepared.length);
  /** @param {any[]} infos @param {any[]} into */
  const process = (infos, into) =>
    processDocs(
      limit,
      infos,
      context.api,
      new FetchedDocuments(transaction),
      transaction,
      into,
      writerOf(transaction, into),
      opts,
      null
    );
  if (!prepared.some(isPlainDocument)) {
    process(prepared, results);
    return results;
  }
  // PouchDB processes all documents of one id before those of the next one.
  if (writtenIds(prepared).size < prepared.length) {
    process(
      prepared.map((/** @type {any} */ info) => unwrap(context, info)),
      results
    );
    return results;
  }
  prepared.forEach((/** @type {any} */ info, /** @type {number} */ index) => {
    if (info instanceof PlainDocument) {
      results[index] = writePlain(transaction, info, limit);
      if (results[index]) return;
    }
    const one = new Array(1);
    process([unwrap(context, info)], one);
    results[index] = one[0];
  });
  return results;
}

/**
 * @param {import('./index.js').Context} context
 * @param {any} info
 */
function unwrap(context, info) {
  return info instanceof PlainDocument ? parse(context, info.doc, true) : info;
}
