// @ts-check
/**
 * One write: begun with what it depends on, filled by the requests that were made together, and
 * stored with one host call. Nothing here waits; between `begin` and `commit` or `abandon` no
 * other JavaScript runs.
 */

import { createError, MISSING_DOC, REV_CONFLICT } from 'pouchdb-errors';

import { beginWriting, endWriting, idList, list, writeDocuments } from '../host.js';
import { DocumentState, GROWN, NEW } from './documentState.js';

export class Transaction {
  /**
   * @param {string} handle
   * @param {string[]} ids
   * @param {string[]} localIds
   * @param {string[]} digests of stubs
   */
  constructor(handle, ids, localIds, digests) {
    this.handle = handle;
    const [seq, count, rows, localRevs, unknown] = beginWriting(handle, ids, localIds, digests);
    this.seq = seq;
    this.count = count;
    /** @type {Map<string, DocumentState>} */
    this.states = new Map();
    for (const row of rows) this.states.set(ids[row[0]], DocumentState.read(ids[row[0]], row));
    /** @type {Map<string, string | undefined>} revisions of `_local` documents */
    this.localRevs = new Map();
    localIds.forEach((id, index) => this.localRevs.set(id, localRevs[index] ?? undefined));
    /** Digests of stubs that are not stored. */
    this.unknown = new Set(unknown);

    /** @type {string[]} */
    this.bodyIds = [];
    /** @type {string[]} */
    this.bodies = [];
    /** Documents that are to be stored, by id. @type {Map<string, DocumentState>} */
    this.changed = new Map();
    /** @type {Map<string, string[]>} */
    this.locals = new Map();
    /** Sequence numbers whose bodies go. @type {number[]} */
    this.gone = [];
    /** @type {string[]} */
    this.goneIds = [];
    /** @type {[number, string][]} */
    this.attachmentRefs = [];
  }

  /**
   * Store a body under the next sequence number.
   * @param {string} id
   * @param {string} json
   */
  addBody(id, json) {
    const seq = ++this.seq;
    this.bodyIds.push(id);
    this.bodies.push(String(seq), String(this.count), json);
    return seq;
  }

  /** @param {DocumentState} state */
  change(state) {
    this.states.set(state.id, state);
    this.changed.set(state.id, state);
  }

  /**
   * `_local` documents within `bulkDocs`, as `local.js` does it for single ones.
   * @param {any} doc
   * @param {(error: any, result?: any) => void} callback
   */
  putLocal(doc, callback) {
    const known = this.localRevs.get(doc._id);
    const oldRev = doc._rev || undefined;
    if (known !== oldRev) return callback(createError(REV_CONFLICT));
    doc._rev = nextLocalRev(oldRev);
    this.localRevs.set(doc._id, doc._rev);
    this.locals.set(doc._id, [doc._rev, JSON.stringify(doc)]);
    callback(null, { ok: true, id: doc._id, rev: doc._rev });
  }

  /**
   * @param {any} doc
   * @param {(error: any, result?: any) => void} callback
   */
  removeLocal(doc, callback) {
    const known = this.localRevs.get(doc._id);
    if (known === undefined) return callback(createError(MISSING_DOC));
    if (known !== doc._rev) return callback(createError(REV_CONFLICT));
    this.localRevs.set(doc._id, undefined);
    this.locals.set(doc._id, ['', '']);
    callback(null, { ok: true, id: doc._id, rev: '0-0' });
  }

  /** Store everything. */
  commit() {
    if (this.isEmpty()) return endWriting(this.handle);
    /** @type {string[][]} */
    const ids = [[], [], []];
    /** @type {string[][]} */
    const records = [[], [], []];
    for (const state of this.changed.values()) {
      ids[state.kind - NEW].push(state.id);
      addRecord(records[state.kind - NEW], state);
    }
    const counts = [this.bodyIds.length, ids[0].length, ids[1].length, ids[2].length];
    const bodyIds = idList(this.bodyIds);
    const docIds = idList(ids[0].concat(ids[1], ids[2]));
    const fields = [
      `${counts.join(',')},${this.locals.size}`,
      String(this.seq),
      String(this.count),
      bodyIds,
      docIds === bodyIds ? '' : docIds,
      list(this.gone),
      list(this.attachmentRefs),
      idList(this.goneIds)
    ].concat(this.bodies, records[0], records[1], records[2]);
    for (const [id, [rev, json]] of this.locals) fields.push(JSON.stringify(id), rev, json);
    writeDocuments(this.handle, fields);
  }

  isEmpty() {
    return (
      this.changed.size === 0 &&
      this.locals.size === 0 &&
      this.gone.length === 0 &&
      this.goneIds.length === 0
    );
  }

  /** Store nothing. */
  abandon() {
    endWriting(this.handle);
  }
}

/**
 * Add the fields of a changed document.
 * @param {string[]} fields
 * @param {DocumentState} state
 */
function addRecord(fields, state) {
  const { kind, seq, wseq, deleted, chain, rev, tree, hash } = state;
  fields.push(String(seq));
  if (kind === NEW) fields.push(hash);
  else if (kind === GROWN) fields.push(rev, hash);
  else fields.push(String(wseq), deleted ? '1' : '0', String(chain), JSON.stringify(rev), tree);
}

/** @param {string | undefined} oldRev */
export function nextLocalRev(oldRev) {
  return oldRev ? `0-${parseInt(oldRev.split('-')[1], 10) + 1}` : '0-1';
}
