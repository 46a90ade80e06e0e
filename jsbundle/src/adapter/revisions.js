// @ts-check
/** Reading revisions of many documents at once, and what `get` adds to a document. */

import { createError, MISSING_DOC } from 'pouchdb-errors';
import { isDeleted, latest, rootToLeaf } from 'pouchdb-merge';

import { readBodies, readDocuments } from '../host.js';
import { metadataOf } from './tree.js';

/**
 * @typedef {object} RevisionRequest
 * @property {string} id
 * @property {string} [rev] the winning revision if there is none
 * @property {boolean} [latest] the leaf above `rev` instead
 * @typedef {{doc: any, metadata: import('./tree.js').Metadata}} Revision
 */

/**
 * Read revisions in one host call, in two if other than winning ones are wanted.
 * @param {string} handle
 * @param {RevisionRequest[]} requests
 * @returns {(Revision | Error)[]}
 */
export function readRevisions(handle, requests) {
  const rows = new Rows(handle, requests);
  /** @type {number[]} */
  const seqs = [];
  /** @type {number[]} */
  const waiting = [];
  const found = requests.map((request, index) => {
    const revision = rows.find(request);
    if (typeof revision !== 'object' || revision instanceof Error) return revision;
    if (revision.doc === undefined) {
      waiting.push(index);
      seqs.push(revision.seq);
    }
    return revision;
  });
  if (seqs.length > 0) {
    readBodies(handle, seqs).forEach((doc, index) => {
      const place = waiting[index];
      if (doc === null) found[place] = createError(MISSING_DOC);
      else /** @type {any} */ (found[place]).doc = doc;
    });
  }
  return /** @type {any} */ (found);
}

/** What the host knows of the documents that revisions are wanted of. */
class Rows {
  /**
   * @param {string} handle
   * @param {RevisionRequest[]} requests
   */
  constructor(handle, requests) {
    const ids = [...new Set(requests.map(({ id }) => id))];
    /** @type {Map<string, {row: any, used: boolean}>} */
    this.byId = new Map();
    for (const row of readDocuments(handle, ids)) {
      this.byId.set(ids[row[0]], { row, used: false });
    }
  }

  /**
   * @param {RevisionRequest} request
   * @returns {{doc: any, seq: number, metadata: any} | Error} without `doc` if it has to be read
   */
  find({ id, rev: wanted, latest: newest }) {
    const entry = this.byId.get(id);
    if (!entry) return createError(MISSING_DOC, 'missing');
    const metadata = metadataOf(id, entry.row);
    if (!wanted && metadata.deleted) return createError(MISSING_DOC, 'deleted');
    let rev = wanted ?? metadata.winningRev;
    if (wanted && newest) {
      try {
        rev = latest(wanted, metadata);
      } catch (error) {
        return /** @type {Error} */ (error);
      }
    }
    const seq = metadata.rev_map[rev];
    if (seq === undefined) return createError(MISSING_DOC);
    return { seq, metadata, doc: rev === metadata.winningRev ? bodyOf(entry) : undefined };
  }
}

/**
 * The body that came with a row; each request gets an object of its own.
 * @param {{row: any, used: boolean}} entry
 */
function bodyOf(entry) {
  const body = entry.row[7];
  if (!entry.used) {
    entry.used = true;
    return body;
  }
  return JSON.parse(JSON.stringify(body));
}

/**
 * Complete a document as PouchDB's `get` does for `open_revs` and `bulkGet`.
 * @param {Revision} revision
 * @param {boolean} withRevisions
 */
export function complete({ doc, metadata }, withRevisions) {
  if (isDeleted(metadata, doc._rev)) doc._deleted = true;
  if (withRevisions) doc._revisions = revisionsOf(metadata.rev_tree, doc._rev);
  return doc;
}

/**
 * The history of a revision, as `get` with `revs` gives it.
 * @param {import('./tree.js').RevTree} revTree
 * @param {string} rev
 */
function revisionsOf(revTree, rev) {
  const [number, hash] = rev.split('-');
  const wanted = parseInt(number, 10) - 1;
  /** @type {{pos: number, hashes: string[]} | undefined} */
  let path;
  for (const { pos, ids } of rootToLeaf(revTree)) {
    const hashes = ids.map((/** @type {{id: string}} */ { id }) => id);
    const index = hashes.indexOf(hash);
    if (index === wanted || (!path && index !== -1)) path = { pos, hashes };
  }
  if (!path) throw new Error('invalid rev tree');
  const ids = path.hashes.slice(0, path.hashes.indexOf(hash) + 1).reverse();
  return { start: path.pos + ids.length - 1, ids };
}
