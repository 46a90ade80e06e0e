// @ts-check
/**
 * Writing documents. Requests of the same turn share a transaction, and none fails because of
 * another: what can be wrong with one is found before anything of it is noted down.
 *
 * The general path hands the documents to PouchDB's own `processDocs`, as all its adapters do.
 * The two writes that make up nearly all of them take `fastPath.js`, with the same results.
 */

import { isLocalId, parseDoc, processDocs } from 'pouchdb-adapter-utils';
import { createError, MISSING_STUB, NOT_AN_OBJECT, REV_CONFLICT } from 'pouchdb-errors';

import {
  describeAttachments,
  hasAttachments,
  referToAttachments,
  stageAttachments,
  stubDigests,
  wrapBlobs
} from './attachments.js';
import { compact, compactLeftovers } from './compaction.js';
import { DocumentState } from './documentState.js';
import { PlainDocument, isPlain, writePlain } from './fastPath.js';
import { announce } from './liveChanges.js';
import { answer } from './queue.js';
import { Transaction } from './transaction.js';

/**
 * @typedef {object} WriteTask
 * @property {any} req `{docs}`; for a compaction `{compact: id, revs}`
 * @property {any} opts
 * @property {(error: unknown, results?: any[]) => void} callback
 * @property {any[]} [prepared]
 * @property {any} [outcome]
 */

/** What a transaction has to read for its requests. */
class Needs {
  constructor() {
    /** @type {Set<string>} */
    this.ids = new Set();
    /** @type {Set<string>} */
    this.localIds = new Set();
    /** @type {Set<string>} */
    this.digests = new Set();
  }
}

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

// ------------------------------------------------------------------- before the transaction

/**
 * Parse the documents of a request and note what it needs; a request that is wrong in itself is
 * answered here.
 * @param {import('./index.js').Context} context
 * @param {any} task
 * @param {Needs} needs
 * @returns {boolean} whether it goes on
 */
function prepare(context, task, needs) {
  try {
    if (task.req.compact !== undefined) {
      needs.ids.add(task.req.compact);
    } else {
      task.prepared = prepareDocuments(context, task.req.docs, task.opts, needs);
    }
    return true;
  } catch (error) {
    answer(task, error);
    return false;
  }
}

/**
 * @param {import('./index.js').Context} context
 * @param {any[]} docs
 * @param {any} opts
 * @param {Needs} needs
 */
function prepareDocuments(context, docs, opts, needs) {
  const deterministic = context.options.deterministic_revs;
  const prepared = docs.map((doc) => {
    if (opts.new_edits && isPlain(doc)) return new PlainDocument(doc, deterministic);
    if (doc._attachments) wrapBlobs(doc);
    return doc._id && isLocalId(doc._id) ? doc : parse(context, doc, opts.new_edits);
  });
  const refused = prepared.find((info) => info instanceof Error);
  if (refused) throw refused;
  for (const info of prepared) noteNeeds(info, needs);
  return prepared;
}

/**
 * @param {import('./index.js').Context} context
 * @param {any} doc
 * @param {boolean} newEdits
 */
function parse(context, doc, newEdits) {
  if (typeof doc.toJSON === 'function') throw createError(NOT_AN_OBJECT);
  const info = parseDoc(doc, newEdits, context.options);
  if (info.metadata) info.metadata.rev_map = Object.create(null);
  // What JSON cannot hold has to be found now, before others share a transaction with it.
  if (info.data && !newEdits && !hasAttachments(info.data)) info.json = JSON.stringify(info.data);
  return info;
}

/**
 * @param {any} info
 * @param {Needs} needs
 */
function noteNeeds(info, needs) {
  if (info instanceof PlainDocument) {
    needs.ids.add(info.id);
    return;
  }
  if (info.metadata) needs.ids.add(info.metadata.id);
  else needs.localIds.add(info._id);
  for (const digest of stubDigests(info.metadata ? info.data : info)) needs.digests.add(digest);
}

// ------------------------------------------------------------------- within the transaction

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
      prepared.map((info) => unwrap(context, info)),
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

/** The documents that `processDocs` asks for, parsed when it does. */
class FetchedDocuments {
  /** @param {Transaction} transaction */
  constructor(transaction) {
    this.states = transaction.states;
  }

  /** @param {string} id */
  has(id) {
    return this.states.has(id);
  }

  /** @param {string} id */
  get(id) {
    return /** @type {DocumentState} */ (this.states.get(id)).metadata();
  }
}

/**
 * The function that `processDocs` calls for each document that has passed its checks.
 * @param {Transaction} transaction
 * @param {any[]} results
 */
function writerOf(transaction, results) {
  /**
   * @param {any} info
   * @param {string} winningRev
   * @param {boolean} winningRevIsDeleted
   * @param {boolean} newRevIsDeleted
   * @param {boolean} isUpdate
   * @param {number} delta
   * @param {number} index
   * @param {() => void} done
   */
  return function writeDoc(
    info,
    winningRev,
    winningRevIsDeleted,
    newRevIsDeleted,
    isUpdate,
    delta,
    index,
    done
  ) {
    const { metadata, data } = info;
    metadata.winningRev = winningRev;
    metadata.deleted = winningRevIsDeleted;
    if (metadata.rev_map[metadata.rev]) {
      // An edit that gives a revision which is there already, below others.
      results[index] = createError(REV_CONFLICT);
      return done();
    }
    transaction.count += delta;
    const digests = describeAttachments(data, metadata.rev);
    const json = bodyText(info.json ?? JSON.stringify(data), metadata, newRevIsDeleted);
    const seq = transaction.addBody(metadata.id, json);
    metadata.rev_map[metadata.rev] = metadata.seq = seq;
    referToAttachments(transaction, seq, digests);
    for (const rev of info.stemmedRevs) dropBody(transaction, metadata.rev_map, rev);
    const state =
      transaction.states.get(metadata.id) ??
      new DocumentState(metadata.id, winningRev, false, 0, 0, 0, '');
    state.replace(metadata);
    transaction.change(state);
    results[index] = { ok: true, id: metadata.id, rev: metadata.rev };
    done();
  };
}

/**
 * @param {Transaction} transaction
 * @param {Record<string, number>} revMap
 * @param {string} rev
 */
function dropBody(transaction, revMap, rev) {
  const seq = revMap[rev];
  if (seq === undefined) return;
  transaction.gone.push(seq);
  delete revMap[rev];
}

/**
 * A document as `get` answers with it: the user's fields, then the special ones.
 * @param {string} data JSON of the fields
 * @param {any} metadata
 * @param {boolean} deleted
 */
function bodyText(data, metadata, deleted) {
  const fields = data === '{}' ? '{' : `${data.slice(0, -1)},`;
  const id = JSON.stringify(metadata.id);
  const rev = JSON.stringify(metadata.rev);
  return `${fields}"_id":${id},"_rev":${rev}${deleted ? ',"_deleted":true' : ''}}`;
}
