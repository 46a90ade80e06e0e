// @ts-check
/** The changes feed, read in parts; one that goes on for ever is left to `liveChanges.js`. */

import { collectConflicts, collectLeaves } from 'pouchdb-merge';
import { filterChange } from 'pouchdb-utils';

import { RawResult } from '../bridge/raw.js';
import { readChanges, readChangesRaw } from '../host.js';
import { fillAttachments } from './attachments.js';
import { listen } from './liveChanges.js';
import { runAlone } from './queue.js';

/** How many changes one host call answers with. */
const PART = 2000;

/**
 * @param {import('./index.js').Context} context
 * @param {any} options PouchDB's, with `onChange`, `complete` and `processChange`
 * @returns {{cancel: () => void}}
 */
export function changes(context, options) {
  const opts = { ...options };
  if (opts.continuous) return listen(context, opts);
  const feed = new Feed(context, opts);
  feed.enqueue();
  return feed;
}

class Feed {
  /**
   * @param {import('./index.js').Context} context
   * @param {any} opts
   */
  constructor(context, opts) {
    this.context = context;
    this.opts = opts;
    this.descending = Boolean(opts.descending);
    this.limit = limitOf(opts.limit);
    this.filter = /** @type {(change: any) => any} */ (filterChange(opts));
    this.start = this.descending ? Number.MAX_SAFE_INTEGER : sequence(opts.since);
    this.lastSeq = opts.since || 0;
    this.called = 0;
    /** @type {any[]} */
    this.results = [];
    this.cancelled = false;
  }

  cancel() {
    this.cancelled = true;
  }

  enqueue() {
    this.context.queue.push({
      run: runAlone,
      context: this.context,
      work: () => this.step(),
      callback: (error) => {
        if (error && !this.cancelled) this.opts.complete(error);
      }
    });
  }

  /** Whether changes are picked from those that the host gives. */
  get picks() {
    return typeof this.opts.filter === 'function';
  }

  /** @returns {import('../host.js').FeedPart} the next part */
  part() {
    const left = this.picks ? Infinity : this.limit - this.called;
    const limit = Math.min(left, this.opts.doc_ids ? Infinity : PART);
    return {
      content: this.content(),
      descending: this.descending,
      start: this.start,
      limit: limit === Infinity ? -1 : limit,
      ids: this.opts.doc_ids ? this.opts.doc_ids.map(String) : undefined
    };
  }

  content() {
    const { opts } = this;
    const docs = Boolean(opts.include_docs || this.picks);
    const trees = opts.style === 'all_docs' || (docs && opts.conflicts);
    if (trees) return docs ? 'both' : 'tree';
    return docs ? 'doc' : 'row';
  }

  isRaw() {
    const { opts } = this;
    const content = this.content();
    return (
      opts._raw === true &&
      opts.return_docs &&
      !this.picks &&
      (content === 'row' || content === 'doc') &&
      !(opts.include_docs && opts.attachments)
    );
  }

  step() {
    if (this.cancelled) return;
    const { handle } = this.context;
    if (this.isRaw()) {
      const part = { ...this.part(), limit: this.limit === Infinity ? -1 : this.limit };
      const token = readChangesRaw(handle, part, JSON.stringify(this.lastSeq));
      return this.opts.complete(null, new RawResult(token));
    }
    const part = this.part();
    const rows = readChanges(handle, part);
    for (const row of rows) {
      if (this.cancelled) return;
      const failure = this.take(row, part.content);
      if (failure) return this.opts.complete(failure);
      if (this.called >= this.limit) break;
    }
    if (this.called >= this.limit || part.limit === -1 || rows.length < part.limit) {
      if (!this.cancelled) this.opts.complete(null, this.result());
    } else {
      this.enqueue();
    }
  }

  result() {
    return { results: this.results, last_seq: this.lastSeq };
  }

  /**
   * @param {any} row
   * @param {string} content
   * @returns {unknown} the error, if the filter threw one
   */
  take(row, content) {
    const { opts } = this;
    const change = content === 'tree' || content === 'both' ? withLeaves(row, opts) : row;
    this.start = this.lastSeq = change.seq;
    const accepted = this.filter(change);
    if (typeof accepted === 'object') return accepted;
    if (!accepted) return undefined;
    this.called++;
    if (opts.include_docs && opts.attachments) {
      fillAttachments(this.context.handle, change.doc, opts.binary);
    }
    opts.onChange(change);
    if (opts.return_docs) this.results.push(change);
    return undefined;
  }
}

/** @param {any} limit */
function limitOf(limit) {
  const number = limit > 0 ? Math.ceil(limit) : Infinity;
  return number > Number.MAX_SAFE_INTEGER ? Infinity : number;
}

/** @param {unknown} since */
function sequence(since) {
  const number = Math.floor(Number(since));
  if (Number.isNaN(number)) return 0;
  return Math.min(Math.max(number, -1), Number.MAX_SAFE_INTEGER);
}

/**
 * What PouchDB's `processChange` does with the tree of a document that is not a chain.
 * @param {[any, any]} pair of tree and change
 * @param {any} opts
 */
function withLeaves([tree, change], opts) {
  if (!tree) return change;
  const [revTree] = tree;
  if (opts.style === 'all_docs') {
    change.changes = collectLeaves(revTree).map((/** @type {any} */ { rev }) => ({ rev }));
  }
  if (opts.conflicts && change.doc) {
    const conflicts = collectConflicts(/** @type {any} */ ({ rev_tree: revTree }));
    if (conflicts.length > 0) change.doc._conflicts = conflicts;
  }
  return change;
}
