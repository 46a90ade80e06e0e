// @ts-check
/**
 * The two writes that make up nearly all of them: a new document, and a new revision on top of a
 * chain (one branch, nothing deleted). They give what `parseDoc` and `processDocs` give, without
 * parsing the tree.
 */

import { stringMd5 } from 'pouchdb-md5';
import { rev as newHash, uuid } from 'pouchdb-utils';

import { DocumentState } from './documentState.js';

const UNDERSCORE = 95;

/**
 * Whether a document has no special fields but `_id` and `_rev`.
 * @param {any} doc
 */
export function isPlain(doc) {
  const id = doc._id;
  if (id && (typeof id !== 'string' || id.charCodeAt(0) === UNDERSCORE)) return false;
  if (typeof doc.toJSON === 'function') return false;
  for (const key in doc) {
    if (key.charCodeAt(0) === UNDERSCORE && key !== '_id' && key !== '_rev') return false;
  }
  return true;
}

export class PlainDocument {
  /**
   * @param {any} doc
   * @param {boolean} deterministic
   */
  constructor(doc, deterministic) {
    if (!doc._id) doc._id = uuid();
    this.doc = doc;
    this.id = /** @type {string} */ (doc._id);
    this.oldRev = /** @type {string | undefined} */ (doc._rev);
    this.text = JSON.stringify(doc);
    // What PouchDB hashes is the document as it came.
    this.hash = deterministic ? stringMd5(this.text) : newHash(doc, false);
  }

  /**
   * The document as `get` answers with it: `_id` and `_rev` come last.
   * @param {string} rev
   */
  body(rev) {
    const data = this.data();
    const id = JSON.stringify(this.id);
    return `{${data}${data === '' ? '' : ','}"_id":${id},"_rev":"${rev}"}`;
  }

  /** The JSON of the user's fields without the braces, cut out of the text where that is easy. */
  data() {
    const { text, oldRev } = this;
    const special = `"_id":${JSON.stringify(this.id)}${
      oldRev === undefined ? '' : `,"_rev":${JSON.stringify(oldRev)}`
    }`;
    if (text.startsWith(`{${special}`)) return text.slice(special.length + 2, -1);
    if (text.endsWith(`,${special}}`)) return text.slice(1, -special.length - 2);
    const fields = { ...this.doc };
    delete fields._id;
    delete fields._rev;
    return JSON.stringify(fields).slice(1, -1);
  }
}

/**
 * @param {import('./transaction.js').Transaction} transaction
 * @param {PlainDocument} plain
 * @param {number} limit how long a branch may get
 * @returns {any} the result; undefined if this takes the general path
 */
export function writePlain(transaction, plain, limit) {
  const { id, oldRev, hash } = plain;
  const state = transaction.states.get(id);
  if (!state) {
    if (oldRev !== undefined || !(limit >= 1)) return undefined;
    const rev = `1-${hash}`;
    transaction.count++;
    const seq = transaction.addBody(id, plain.body(rev));
    transaction.change(DocumentState.created(id, hash, seq));
    return { ok: true, id, rev };
  }
  if (state.rev !== oldRev || state.deleted || !(state.chain > 0 && state.chain < limit)) {
    return undefined;
  }
  const rev = `${parseInt(oldRev, 10) + 1}-${hash}`;
  const seq = transaction.addBody(id, plain.body(rev));
  state.grow(rev, hash, seq);
  transaction.change(state);
  return { ok: true, id, rev };
}
