// @ts-check
/** Forgetting revisions: unlike compaction and deletion, purging removes them from the tree. */

import { createError, MISSING_DOC } from 'pouchdb-errors';
import { isDeleted, removeLeafFromTree, revExists, winningRev } from 'pouchdb-merge';

import { runAlone } from './queue.js';
import { Transaction } from './transaction.js';

/**
 * As PouchDB's IndexedDB adapter does it; the LevelDB adapter cannot purge.
 * @param {import('./index.js').Context} context
 * @param {string} id
 * @param {string[]} path from a leaf towards the root, as far as nothing else grows there
 * @param {(error: any, result?: any) => void} callback
 */
export function purge(context, id, path, callback) {
  context.queue.push({
    run: runAlone,
    context,
    callback,
    work: () => purgePath(context.handle, id, path)
  });
}

/**
 * @param {string} handle
 * @param {string} id
 * @param {string[]} path
 */
function purgePath(handle, id, path) {
  const transaction = new Transaction(handle, [id], [], []);
  try {
    const documentWasRemovedCompletely = removePath(transaction, id, path);
    transaction.commit();
    return { ok: true, deletedRevs: path, documentWasRemovedCompletely };
  } catch (error) {
    transaction.abandon();
    throw error;
  }
}

/**
 * @param {Transaction} transaction
 * @param {string} id
 * @param {string[]} path
 * @returns {boolean} whether nothing is left of the document
 */
function removePath(transaction, id, path) {
  const state = transaction.states.get(id);
  if (!state) throw createError(MISSING_DOC);
  const metadata = state.metadata();
  const wasDeleted = metadata.deleted;
  for (const rev of path) metadata.rev_tree = removeLeafFromTree(metadata.rev_tree, rev);
  const isEmpty = metadata.rev_tree.length === 0;
  for (const rev of Object.keys(metadata.rev_map)) {
    if (!isEmpty && revExists(metadata.rev_tree, rev)) continue;
    transaction.gone.push(metadata.rev_map[rev]);
    delete metadata.rev_map[rev];
  }
  if (isEmpty) {
    if (!wasDeleted) transaction.count--;
    // Its last change may have lost its body before, but not its row.
    transaction.gone.push(metadata.seq);
    transaction.goneIds.push(id);
    return true;
  }
  metadata.winningRev = winningRev(metadata);
  metadata.deleted = Boolean(isDeleted(metadata, metadata.winningRev));
  transaction.count += Number(wasDeleted) - Number(metadata.deleted);
  state.replace(metadata);
  transaction.change(state);
  return false;
}
