// @ts-check
/**
 * Many revisions at once: `bulkGet`, and `get` with `open_revs`. PouchDB's core would make a call
 * of `get` for each; the results are the same.
 */

import { isLocalId } from 'pouchdb-adapter-utils';
import { createError, INVALID_ID, INVALID_REV, MISSING_DOC, UNKNOWN_ERROR } from 'pouchdb-errors';
import { collectLeaves } from 'pouchdb-merge';

import { getLocal, readTrees } from '../host.js';
import { fillAttachments } from './attachments.js';
import { runAlone } from './queue.js';
import { complete, readRevisions } from './revisions.js';
import { metadataOf } from './tree.js';

const VALID_REV = /^\d+-[^-]*$/;

/**
 * @param {import('./index.js').Context} context
 * @param {string} id
 * @param {any} opts
 * @param {(error: any, result?: any) => void} callback
 */
export function getOpenRevs(context, id, opts, callback) {
  const revs = opts.open_revs;
  if (revs !== 'all' && !Array.isArray(revs)) {
    return callback(createError(UNKNOWN_ERROR, 'function_clause'));
  }
  if (revs !== 'all' && !revs.every(isValidRev)) return callback(createError(INVALID_REV));
  context.queue.push({
    run: runAlone,
    context,
    callback,
    work() {
      const { handle } = context;
      const wanted = revs === 'all' ? leavesOf(handle, id) : revs;
      return collect(handle, [{ id, opts, revs: wanted }])[0];
    }
  });
}

/** @param {unknown} rev */
function isValidRev(rev) {
  return typeof rev === 'string' && VALID_REV.test(rev);
}

/**
 * @param {string} handle
 * @param {string} id
 * @returns {string[]}
 */
function leavesOf(handle, id) {
  const rows = readTrees(handle, [id]);
  if (rows.length === 0) throw createError(MISSING_DOC);
  return collectLeaves(metadataOf(id, rows[0]).rev_tree).map((/** @type {any} */ leaf) => leaf.rev);
}

/**
 * @param {import('./index.js').Context} context
 * @param {{docs: {id: string, rev?: string, attachments?: boolean}[]} & Record<string, any>} opts
 * @param {(error: any, result?: any) => void} callback
 */
export function bulkGet(context, opts, callback) {
  context.queue.push({
    run: runAlone,
    context,
    callback,
    work: () => ({ results: resultsOf(context.handle, opts) })
  });
}

/**
 * @param {string} handle
 * @param {any} opts
 */
function resultsOf(handle, opts) {
  /** @type {Map<string, any[]>} */
  const byId = new Map();
  for (const request of opts.docs) {
    const others = byId.get(request.id);
    if (others) others.push(request);
    else byId.set(request.id, [request]);
  }
  const groups = [...byId].map(([id, requests]) => groupOf(handle, id, requests, opts));
  return collect(handle, groups).flatMap((infos, index) =>
    infos.map((info) => ({ id: groups[index].id, docs: [info] }))
  );
}

/**
 * @typedef {object} Group revisions of one document
 * @property {string} id
 * @property {any} opts
 * @property {string[]} [revs] the winning one, or its error, if there are none
 * @property {any} [answer] known already
 */

/**
 * @param {string} handle
 * @param {string} id
 * @param {any[]} requests
 * @param {any} opts
 * @returns {Group}
 */
function groupOf(handle, id, requests, opts) {
  // The first request of a document stands for all, but options of the call come first.
  const merged = { attachments: requests[0].attachments, ...opts };
  const revs = requests.map(({ rev }) => rev).filter(Boolean);
  const group = { id, opts: merged, revs: revs.length > 0 ? revs : undefined };
  if (typeof id !== 'string') return { ...group, answer: { error: createError(INVALID_ID) } };
  if (isLocalId(id)) return { ...group, answer: localAnswer(handle, id) };
  if (!revs.every(isValidRev)) return { ...group, answer: { error: createError(INVALID_REV) } };
  return group;
}

/**
 * @param {string} handle
 * @param {string} id
 */
function localAnswer(handle, id) {
  const json = getLocal(handle, id);
  return json === '' ? { error: createError(MISSING_DOC) } : { ok: JSON.parse(json) };
}

/**
 * @param {string} handle
 * @param {Group[]} groups
 * @returns {any[][]} for each group what `open_revs` gives
 */
function collect(handle, groups) {
  const requests = groups.flatMap(requestsOf);
  const found = requests.length > 0 ? readRevisions(handle, requests) : [];
  let next = 0;
  return groups.map((group) => {
    if (group.answer) return [group.answer];
    const revisions = found.slice(next, (next += group.revs ? group.revs.length : 1));
    return group.revs ? leaves(handle, group, revisions) : [winner(handle, group, revisions[0])];
  });
}

/**
 * @param {Group} group
 * @returns {import('./revisions.js').RevisionRequest[]}
 */
function requestsOf({ id, opts, revs, answer }) {
  if (answer) return [];
  return revs ? revs.map((rev) => ({ id, rev, latest: opts.latest })) : [{ id }];
}

/**
 * @param {string} handle
 * @param {Group} group
 * @param {(import('./revisions.js').Revision | Error)[]} revisions
 */
function leaves(handle, { opts, revs }, revisions) {
  const seen = new Set();
  /** @type {any[]} */
  const infos = [];
  revisions.forEach((revision, index) => {
    if (revision instanceof Error) {
      infos.push({ missing: /** @type {string[]} */ (revs)[index] });
    } else if (!seen.has(revision.doc._rev)) {
      seen.add(revision.doc._rev); // `latest` may give one twice
      infos.push({ ok: finish(handle, revision, opts) });
    }
  });
  return infos;
}

/**
 * @param {string} handle
 * @param {Group} group
 * @param {import('./revisions.js').Revision | Error} revision
 */
function winner(handle, { id, opts }, revision) {
  if (revision instanceof Error) return { error: Object.assign(revision, { docId: id }) };
  return { ok: finish(handle, revision, opts) };
}

/**
 * @param {string} handle
 * @param {import('./revisions.js').Revision} revision
 * @param {any} opts
 */
function finish(handle, revision, opts) {
  const doc = complete(revision, Boolean(opts.revs));
  if (opts.attachments) fillAttachments(handle, doc, opts.binary);
  return doc;
}
