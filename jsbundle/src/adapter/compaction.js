// @ts-check
/** Removing the bodies of revisions. They stay in the tree, as "missing". */

import { compactTree, traverseRevTree } from 'pouchdb-merge';

/**
 * @param {import('./transaction.js').Transaction} transaction
 * @param {string} id
 * @param {string[]} revs
 */
export function compact(transaction, id, revs) {
  const state = transaction.states.get(id);
  if (!state) return;
  const chosen = new Set(revs);
  const metadata = state.metadata();
  /** @type {(isLeaf: boolean, pos: number, hash: string, above: unknown, node: any) => void} */
  const mark = (_isLeaf, pos, hash, _above, node) => {
    if (chosen.has(`${pos}-${hash}`)) node.status = 'missing';
  };
  traverseRevTree(metadata.rev_tree, mark);
  dropBodies(transaction, state, metadata, revs);
}

/**
 * Automatic compaction: of each document that a request was about, only leaves keep their body.
 * @param {import('./transaction.js').Transaction} transaction
 * @param {Set<string>} ids
 */
export function compactLeftovers(transaction, ids) {
  for (const id of ids) {
    const state = transaction.states.get(id);
    if (!state || state.chain === 1) continue;
    const metadata = state.metadata();
    const revs = compactTree(metadata);
    if (revs.length > 0) dropBodies(transaction, state, metadata, revs);
  }
}

/**
 * @param {import('./transaction.js').Transaction} transaction
 * @param {import('./documentState.js').DocumentState} state
 * @param {import('./tree.js').Metadata} metadata
 * @param {string[]} revs
 */
function dropBodies(transaction, state, metadata, revs) {
  for (const rev of revs) {
    const seq = metadata.rev_map[rev];
    if (seq === undefined) continue;
    transaction.gone.push(seq);
    delete metadata.rev_map[rev];
  }
  state.replace(metadata);
  transaction.change(state);
}
