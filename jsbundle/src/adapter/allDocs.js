// @ts-check
/** Lists of documents. Their rows are the text that SQL makes, mostly passed on as it is. */

import { collectConflicts } from 'pouchdb-merge';

import { RawResult } from '../bridge/raw.js';
import { listDocuments, listDocumentsRaw, listKeys, listKeysRaw } from '../host.js';
import { fillAttachments } from './attachments.js';
import { runAlone } from './queue.js';

/**
 * @param {import('./index.js').Context} context
 * @param {any} opts
 * @param {(error: any, result?: any) => void} callback
 */
export function allDocs(context, opts, callback) {
  const list = 'keys' in opts ? listOfKeys : listOfRange;
  context.queue.push({ run: runAlone, context, callback, work: () => list(context.handle, opts) });
}

/** @param {any} opts */
function isRaw(opts) {
  return opts._raw === true && !(opts.include_docs && (opts.attachments || opts.conflicts));
}

/**
 * @param {any} opts
 * @returns {import('../host.js').RowContent}
 */
function contentOf(opts) {
  if (!opts.include_docs) return 'row';
  return opts.conflicts ? 'tree' : 'doc';
}

/** @param {any} opts */
function offsetOf(opts) {
  return JSON.stringify(opts.skip) ?? '';
}

/**
 * @param {string} handle
 * @param {any} opts
 */
function listOfRange(handle, opts) {
  const { descending, key } = opts;
  const first = key || (descending ? opts.endkey : opts.startkey) || undefined;
  const last = key || (descending ? opts.startkey : opts.endkey) || undefined;
  const excluded = opts.inclusive_end === false ? opts.endkey || undefined : undefined;
  const range = {
    content: contentOf(opts),
    descending: Boolean(descending),
    limit: typeof opts.limit === 'number' ? wholeNumber(opts.limit, -1) : -1,
    skip: wholeNumber(Number(opts.skip), 0),
    offset: offsetOf(opts),
    updateSeq: Boolean(opts.update_seq),
    first: idOf(first),
    last: idOf(last),
    excluded: typeof excluded === 'string' ? excluded : undefined
  };
  if (isRaw(opts)) return new RawResult(listDocumentsRaw(handle, range));
  return complete(handle, JSON.parse(listDocuments(handle, range)), opts);
}

/** @param {unknown} key */
function idOf(key) {
  return key === undefined ? undefined : String(key);
}

/**
 * PouchDB counts such numbers down to zero: fractions count as one, negative ones as zero.
 * @param {number} number
 * @param {number} otherwise if it is not a number
 */
function wholeNumber(number, otherwise) {
  if (Number.isNaN(number)) return otherwise;
  return Math.min(Math.max(Math.ceil(number), 0), Number.MAX_SAFE_INTEGER);
}

/**
 * @param {string} handle
 * @param {any} opts
 */
function listOfKeys(handle, opts) {
  const keys = opts.keys.map((/** @type {unknown} */ key) => (key ? String(key) : ''));
  /** @type {[string, import('../host.js').RowContent, string, boolean, string[]]} */
  const request = [handle, contentOf(opts), offsetOf(opts), Boolean(opts.update_seq), keys];
  const areIds = opts.keys.every((/** @type {unknown} */ key) => typeof key === 'string');
  if (isRaw(opts) && areIds) return new RawResult(listKeysRaw(...request));
  const result = complete(handle, JSON.parse(listKeys(...request)), opts);
  if (!areIds) {
    result.rows.forEach((/** @type {any} */ row, /** @type {number} */ index) => {
      if (row.error) row.key = opts.keys[index];
    });
  }
  return result;
}

/**
 * Add what SQL does not know of.
 * @param {string} handle
 * @param {any} result
 * @param {any} opts
 */
function complete(handle, result, opts) {
  if (!opts.include_docs) return result;
  if (opts.conflicts) result.rows = result.rows.map(withConflicts);
  if (opts.attachments) {
    for (const row of result.rows) fillAttachments(handle, row.doc, opts.binary);
  }
  return result;
}

/** @param {[any, any]} pair of tree and row */
function withConflicts([tree, row]) {
  if (tree && row.doc) {
    const conflicts = collectConflicts(/** @type {any} */ ({ rev_tree: tree[0] }));
    if (conflicts.length > 0) row.doc._conflicts = conflicts;
  }
  return row;
}
