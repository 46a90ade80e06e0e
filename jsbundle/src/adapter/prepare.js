// @ts-check
/** Requests to write, before their transaction: parsed, hashed, and what they need to know. */

import { isLocalId, parseDoc } from 'pouchdb-adapter-utils';
import { createError, NOT_AN_OBJECT } from 'pouchdb-errors';

import { hasAttachments, stubDigests, wrapBlobs } from './attachments.js';
import { PlainDocument, isPlain } from './fastPath.js';
import { answer } from './queue.js';

/** What a transaction has to read for its requests. */
export class Needs {
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
 * Parse the documents of a request and note what it needs; a request that is wrong in itself is
 * answered here.
 * @param {import('./index.js').Context} context
 * @param {any} task
 * @param {Needs} needs
 * @returns {boolean} whether it goes on
 */
export function prepare(context, task, needs) {
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
    if (!doc._id || !isLocalId(doc._id)) return parse(context, doc, opts.new_edits);
    checkFields(doc);
    return doc;
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
export function parse(context, doc, newEdits) {
  if (typeof doc.toJSON === 'function') throw createError(NOT_AN_OBJECT);
  const info = parseDoc(doc, newEdits, context.options);
  if (info.metadata) info.metadata.rev_map = Object.create(null);
  if (!info.data) return info;
  if (hasAttachments(info.data)) checkFields(info.data);
  else info.json = JSON.stringify(info.data);
  return info;
}

/**
 * What JSON cannot hold has to be found before others share a transaction with it.
 * @param {any} doc whose attachments may still have their data
 */
function checkFields(doc) {
  JSON.stringify({ ...doc, _attachments: undefined });
  for (const attachment of Object.values(doc._attachments ?? {})) {
    JSON.stringify({ ...attachment, data: undefined });
  }
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
