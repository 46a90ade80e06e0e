// @ts-check
/** Reading single documents; those that were asked for in the same turn are read together. */

import { createError, MISSING_DOC } from 'pouchdb-errors';

import { RawResult } from '../bridge/raw.js';
import { getDocument, getDocumentRaw, readDocuments, readTrees } from '../host.js';
import { fillAttachments } from './attachments.js';
import { answer } from './queue.js';
import { readRevisions } from './revisions.js';
import { leafMetadata, metadataOf } from './tree.js';

const BRACE = 123;

/**
 * @typedef {object} GetTask
 * @property {string} id
 * @property {any} opts
 * @property {(error: any, result?: any) => void} callback
 */

/**
 * PouchDB's `_get`.
 * @param {import('./index.js').Context} context
 * @param {string} id
 * @param {any} opts
 * @param {(error: any, result?: any) => void} callback
 */
export function get(context, id, opts, callback) {
  const run = needsTree(opts) ? runRevisionGets : runPlainGets;
  context.queue.push(/** @type {any} */ ({ run, context, callback, id, opts }));
}

/**
 * PouchDB's `_getRevisionTree`.
 * @param {import('./index.js').Context} context
 * @param {string} id
 * @param {(error: any, tree?: import('./tree.js').RevTree) => void} callback
 */
export function getRevisionTree(context, id, callback) {
  context.queue.push(/** @type {any} */ ({ run: runTreeGets, context, callback, id }));
}

/** @param {any} opts */
function needsTree(opts) {
  return Boolean(opts.rev || opts.conflicts || opts.revs || opts.revs_info || opts.local_seq);
}

/** @param {any} opts */
function mayBeRaw(opts) {
  return opts._raw === true && !opts.attachments;
}

/**
 * @param {import('./index.js').Context} context
 * @param {GetTask[]} tasks
 */
function runPlainGets(context, tasks) {
  attempt(tasks, () => {
    if (tasks.length === 1) getOne(context.handle, tasks[0]);
    else getMany(context.handle, tasks);
  });
}

/**
 * @param {string} handle
 * @param {GetTask} task
 */
function getOne(handle, task) {
  const { id, opts } = task;
  if (mayBeRaw(opts)) {
    const token = getDocumentRaw(handle, id);
    // PouchDB passes on what it takes for a document without looking into it.
    const found = isWord(token) ? undefined : new RawResult(token);
    return answer(task, found ? null : missing(token), { doc: found, metadata: NOT_DELETED });
  }
  const json = getDocument(handle, id);
  if (json.charCodeAt(0) !== BRACE) return answer(task, missing(json));
  const doc = JSON.parse(json);
  answerFilled(handle, task, { doc, metadata: leafMetadata(id, doc._rev) });
}

/**
 * Answer with a document, and with its attachments if they are wanted: PouchDB's core would ask for
 * each of them, and pass over an error.
 * @param {string} handle
 * @param {GetTask} task
 * @param {{doc: any, metadata: any}} found
 */
function answerFilled(handle, task, found) {
  try {
    if (task.opts.attachments) fillAttachments(handle, found.doc, task.opts.binary);
  } catch (error) {
    return answer(task, error);
  }
  answer(task, null, found);
}

/** @param {string} reply of `getDocumentRaw` */
function isWord(reply) {
  return reply === '' || reply === 'deleted' || reply === 'no body';
}

/** For a document that is not looked into. */
const NOT_DELETED = leafMetadata('', '0-');

/** @param {string} reply of the host */
function missing(reply) {
  if (reply === '') return createError(MISSING_DOC, 'missing');
  return reply === 'deleted' ? createError(MISSING_DOC, 'deleted') : createError(MISSING_DOC);
}

/**
 * @param {string} handle
 * @param {GetTask[]} tasks
 */
function getMany(handle, tasks) {
  const rows = readDocuments(
    handle,
    tasks.map(({ id }) => id)
  );
  let next = 0;
  tasks.forEach((task, index) => {
    const row = rows[next];
    if (row === undefined || row[0] !== index) return answer(task, missing(''));
    next++;
    const [, rev, deleted, , , , , doc] = row;
    if (deleted) answer(task, missing('deleted'));
    else if (doc === null) answer(task, missing('no body'));
    else answerFilled(handle, task, { doc, metadata: leafMetadata(task.id, rev) });
  });
}

/**
 * @param {import('./index.js').Context} context
 * @param {GetTask[]} tasks
 */
function runRevisionGets(context, tasks) {
  attempt(tasks, () => {
    const requests = tasks.map(({ id, opts }) => ({
      id,
      rev: opts.rev || undefined,
      latest: opts.latest
    }));
    readRevisions(context.handle, requests).forEach((found, index) => {
      if (found instanceof Error) return answer(tasks[index], found);
      // CouchDB's option; PouchDB 9 leaves it to its HTTP adapter.
      if (tasks[index].opts.local_seq) found.doc._local_seq = found.metadata.seq;
      answerFilled(context.handle, tasks[index], found);
    });
  });
}

/**
 * @param {import('./index.js').Context} context
 * @param {GetTask[]} tasks
 */
function runTreeGets(context, tasks) {
  attempt(tasks, () => {
    const ids = tasks.map(({ id }) => id);
    const rows = new Map(readTrees(context.handle, ids).map((row) => [row[0], row]));
    tasks.forEach((task, index) => {
      const row = rows.get(index);
      if (row) answer(task, null, metadataOf(task.id, row).rev_tree);
      else answer(task, createError(MISSING_DOC));
    });
  });
}

/**
 * The host calls come before any answer: if one fails, all tasks get its error.
 * @param {GetTask[]} tasks
 * @param {() => void} work
 */
function attempt(tasks, work) {
  try {
    work();
  } catch (error) {
    for (const task of tasks) answer(task, error);
  }
}
