// @ts-check
/** What a write knows of a document: as it was read, and what became of it since. */

import { formatTree, parseTree } from './tree.js';

/** How the document has to be stored; see the records in pouchdb/_hosts/storage/writing.py. */
export const STORED = 0;
export const NEW = 1;
export const GROWN = 2;
export const OTHER = 3;

export class DocumentState {
  /**
   * @param {string} id
   * @param {string} rev the winning revision
   * @param {boolean} deleted
   * @param {number} seq of the last change
   * @param {number} wseq of the winning revision's body, 0 if it has none
   * @param {number} chain length of the tree if it is a chain, else 0
   * @param {any} tree text of a chain or of JSON; as it was read also the parsed JSON
   */
  constructor(id, rev, deleted, seq, wseq, chain, tree) {
    this.id = id;
    this.rev = rev;
    this.deleted = deleted;
    this.seq = seq;
    this.wseq = wseq;
    this.chain = chain;
    this.tree = tree;
    this.kind = STORED;
    this.hash = '';
  }

  /**
   * @param {string} id
   * @param {import('../host.js').DocumentRow} row
   */
  static read(id, row) {
    return new DocumentState(id, row[1], row[2] === 1, row[3], row[4], row[5], row[6]);
  }

  /**
   * A document whose first revision is `1-hash`.
   * @param {string} id
   * @param {string} hash
   * @param {number} seq
   */
  static created(id, hash, seq) {
    const state = new DocumentState(id, `1-${hash}`, false, seq, seq, 1, `1,${hash}:${seq}`);
    state.kind = NEW;
    state.hash = hash;
    return state;
  }

  /** @returns {import('./tree.js').Metadata} fresh: PouchDB's functions change it */
  metadata() {
    const text = typeof this.tree === 'string' ? this.tree : JSON.stringify(this.tree);
    const [revTree, revMap] = parseTree(text);
    return {
      id: this.id,
      winningRev: this.rev,
      deleted: this.deleted,
      seq: this.seq,
      rev_tree: revTree,
      rev_map: revMap
    };
  }

  /**
   * The chain gets longer by one revision, which wins.
   * @param {string} rev
   * @param {string} hash
   * @param {number} seq
   */
  grow(rev, hash, seq) {
    this.kind = this.kind === STORED ? GROWN : OTHER;
    this.tree += `,${hash}:${seq}`;
    this.chain++;
    this.rev = rev;
    this.hash = hash;
    this.seq = this.wseq = seq;
  }

  /**
   * Take over what PouchDB's functions made of the metadata.
   * @param {import('./tree.js').Metadata} metadata
   */
  replace(metadata) {
    const { chain, text } = formatTree(metadata.rev_tree, metadata.rev_map);
    this.kind = OTHER;
    this.rev = metadata.winningRev;
    this.deleted = metadata.deleted;
    this.seq = metadata.seq;
    this.wseq = metadata.rev_map[metadata.winningRev] ?? 0;
    this.chain = chain;
    this.tree = text;
  }
}
