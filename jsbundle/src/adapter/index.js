// @ts-check
/**
 * The adapters "sqlite" (preferred) and "memory": PouchDB's interface, wired to one file for each
 * of its methods. Callbacks are PouchDB's way; below this file a method runs in one turn, without
 * waiting, when `queue.js` calls it.
 */

import PouchDB from 'pouchdb-core';
import { isLocalId } from 'pouchdb-adapter-utils';
import { adapterFun } from 'pouchdb-utils';

import { allDocs } from './allDocs.js';
import { bulkDocs } from './bulkDocs.js';
import { bulkGet, getOpenRevs } from './bulkGet.js';
import { changes } from './changes.js';
import { close } from './close.js';
import { destroy } from './destroy.js';
import { directBulkDocs, directPut } from './direct.js';
import { doCompaction } from './doCompaction.js';
import { get, getRevisionTree } from './get.js';
import { getAttachment } from './getAttachment.js';
import { info } from './info.js';
import { getLocal, putLocal, removeLocal } from './local.js';
import { open } from './open.js';
import { purge } from './purge.js';

/**
 * @typedef {object} Context an open database
 * @property {any} api PouchDB's object
 * @property {any} options of the constructor
 * @property {string} key what the objects of the same database have in common
 * @property {string} handle the host's name for it
 * @property {string} uuid
 * @property {import('./queue.js').Queue} queue
 */

/** PouchDB's own, from before any plug-in. */
const { changes: stockChanges } = /** @type {any} */ (PouchDB).prototype;

/**
 * The constructor that PouchDB calls with its own object as `this`.
 * @param {string} kind "sqlite" or "memory"
 */
function adapter(kind) {
  /**
   * @this {any}
   * @param {any} options
   * @param {(error: unknown, api?: any) => void} callback
   */
  function Adapter(options, callback) {
    let failure = null;
    try {
      wire(this, kind, open(kind, this, options));
    } catch (error) {
      failure = error;
    }
    Promise.resolve().then(() => callback(failure, this));
  }
  Adapter.valid = () => true;
  Adapter.use_prefix = false;
  return Adapter;
}

/**
 * @param {any} api
 * @param {string} kind
 * @param {Context} context
 */
function wire(api, kind, context) {
  api._remote = false;
  api.type = () => kind;
  api._id = (/** @type {any} */ callback) => callback(null, context.uuid);
  api._info = bound(info, context);
  api._get = bound(get, context);
  api._getRevisionTree = bound(getRevisionTree, context);
  api._bulkDocs = bound(bulkDocs, context);
  api._allDocs = bound(allDocs, context);
  api._changes = bound(changes, context);
  api._doCompaction = bound(doCompaction, context);
  api._purge = bound(purge, context);
  api._getLocal = bound(getLocal, context);
  api._putLocal = withOptions(bound(putLocal, context));
  api._removeLocal = withOptions(bound(removeLocal, context));
  api._getAttachment = (
    /** @type {string} */ _docId,
    /** @type {string} */ _name,
    /** @type {any} */ attachment,
    /** @type {any} */ options,
    /** @type {any} */ callback
  ) => getAttachment(context, attachment, options, callback);
  api._close = bound(close, context);
  api._destroy = (/** @type {any} */ _options, /** @type {any} */ callback) =>
    destroy(context, callback);
  api.bulkGet = adapterFun('bulkGet', bound(bulkGet, context)).bind(api);
  api.get = getOf(api, context);
  // What dispatch.js may ask raw results of, or call directly, as long as nobody wraps them.
  api._stock = {
    get: api.get,
    allDocs: api.allDocs,
    put: api.put,
    bulkDocs: api.bulkDocs,
    changes: stockChanges
  };
  /** By this handle Python may read documents by itself. */
  api._storage = context.handle;
  api._direct = { put: bound(directPut, context), bulkDocs: bound(directBulkDocs, context) };
}

/**
 * `get` of PouchDB's core, but for `open_revs`, which it would make a call for each revision of.
 * @param {any} api
 * @param {Context} context
 */
function getOf(api, context) {
  const stockGet = api.get;
  const openRevs = adapterFun('get', bound(getOpenRevs, context)).bind(api);
  return (/** @type {any[]} */ ...args) => {
    const [id, options] = args;
    const isOpenRevs = options?.open_revs && typeof id === 'string' && !isLocalId(id);
    return isOpenRevs ? openRevs(...args) : stockGet(...args);
  };
}

/**
 * @template {any[]} A
 * @template R
 * @param {(context: Context, ...args: A) => R} method
 * @param {Context} context
 * @returns {(...args: A) => R}
 */
function bound(method, context) {
  return (...args) => method(context, ...args);
}

/**
 * PouchDB leaves the options out in some places.
 * @param {(doc: any, options: any, callback: any) => void} method
 */
function withOptions(method) {
  return (/** @type {any} */ doc, /** @type {any} */ options, /** @type {any} */ callback) =>
    typeof options === 'function' ? method(doc, {}, options) : method(doc, options, callback);
}

/**
 * The plug-in that registers both adapters.
 * @param {any} Pouch
 */
export default function registerAdapters(Pouch) {
  Pouch.adapter('sqlite', adapter('sqlite'), true);
  Pouch.adapter('memory', adapter('memory'), false);
}
