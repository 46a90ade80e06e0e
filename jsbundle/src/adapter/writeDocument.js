// @ts-check
/** What PouchDB's `processDocs` works on: documents as they are stored, and where new ones go. */

import { createError, REV_CONFLICT } from 'pouchdb-errors';

import { describeAttachments, referToAttachments } from './attachments.js';
import { DocumentState } from './documentState.js';

/** @typedef {import('./transaction.js').Transaction} Transaction */

/** The documents that `processDocs` asks for, parsed when it does. */
export class FetchedDocuments {
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
export function writerOf(transaction, results) {
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
