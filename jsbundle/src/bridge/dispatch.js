// @ts-check
/**
 * What Python may ask for: `[id, flags, operation, arguments]` comes in, `respond` goes out.
 * Each operation gives a value or a promise of one; `answer` turns it into JSON text.
 */

import PouchDB from 'pouchdb-core';

import { emitEvent } from '../host.js';
import { onRequest, respond } from './channel.js';
import { RawResult } from './raw.js';
import { encodeResult, handles, reviveArgs, setToken, stringifyWithBlobs } from './values.js';

// Flags of a response; pouchdb/_engine/call.py has the same.
const FAILED = 1;
const MARKED = 2;
const RAW = 4;

// Flag of a request: arguments contain markers.
const HAS_MARKERS = 1;

/** Methods whose result the host may hand to Python's parser directly. */
const RAW_METHODS = new Set(['allDocs', 'changes', 'get']);

/**
 * Open databases by the handle that Python knows them by.
 * @type {Map<number, any>}
 */
const databases = new Map();
let lastHandle = 0;

class Marked {
  /** @param {string} text JSON text that contains markers */
  constructor(text) {
    this.text = text;
  }
}

/** @param {number} handle */
function database(handle) {
  const db = databases.get(handle);
  if (!db) throw new Error('database is closed');
  return db;
}

/**
 * @param {string} name
 * @param {Record<string, any>} options
 */
async function open(name, options) {
  const db = new /** @type {any} */ (PouchDB)(name, options);
  await new Promise((resolve, reject) => {
    const settle = (/** @type {unknown} */ failed) => (failed ? reject(failed) : resolve(null));
    if (db.taskqueue.isReady) settle(null);
    else db.taskqueue.addTask(settle);
  });
  const handle = ++lastHandle;
  databases.set(handle, db);
  return { handle, name: db.name, adapter: db.adapter, storage: db._storage };
}

/**
 * @param {any} db
 * @param {string} method
 * @param {any[]} args
 */
function callMethod(db, method, args) {
  const fun = db[method];
  if (typeof fun !== 'function') {
    throw new TypeError(`a database of the adapter ${db.adapter} has no method ${method}()`);
  }
  const isStock = db._stock !== undefined && db._stock[method] === fun;
  if (RAW_METHODS.has(method)) allowRaw(isStock, args);
  const direct = isStock && db._direct[method];
  return (direct && direct(...args)) || fun.apply(db, args);
}

/**
 * Tell the adapter whether a raw result may be given: only while the method is PouchDB's own,
 * because a plug-in that wraps it expects the object. Users cannot set the option themselves.
 * @param {boolean} isStock
 * @param {any[]} args
 */
function allowRaw(isStock, args) {
  const options = args[args.length - 1];
  if (options === null || typeof options !== 'object') return;
  if (isStock) options._raw = true;
  else delete options._raw;
}

/** @type {Record<string, (...args: any[]) => any>} */
const operations = {
  open,
  call: (handle, method, ...args) => callMethod(database(handle), method, args),
  async destroy(name, options) {
    const db = new /** @type {any} */ (PouchDB)(name, options);
    return db.destroy();
  },
  /** Python has dropped its object: close what it stood for, unless that was done. */
  forget(handle) {
    const db = databases.get(handle);
    databases.delete(handle);
    if (db && !db._closed && !db._destroyed) db.close().catch(() => {});
  },
  activeTasks: () => /** @type {any} */ (PouchDB).activeTasks.list(),
  eval: (body, url) => marked(new Function(`${body}\n//# sourceURL=${url}`).call(globalThis)),
  invoke: (handle, args) => marked(handles.get(handle)(...args)),
  await: async (handle) => marked(await handles.get(handle)),
  release(list) {
    for (const handle of list) handles.release(handle);
  }
};

/** @param {unknown} value */
function marked(value) {
  return new Marked(JSON.stringify(encodeResult(value)));
}

/**
 * @param {number} id
 * @param {unknown} value
 */
function answer(id, value) {
  if (value instanceof RawResult) return respond(id, RAW, value.token);
  if (value instanceof Marked) return respond(id, MARKED, value.text);
  const { text, blobs } = stringifyWithBlobs(value);
  respond(id, blobs ? MARKED : 0, text);
}

/**
 * @param {number} id
 * @param {unknown} error
 */
function fail(id, error) {
  let text;
  try {
    text = JSON.stringify(describeError(error));
  } catch {
    text = JSON.stringify({ name: 'Error', message: 'an error that JSON cannot hold' });
  }
  respond(id, FAILED, text);
}

/**
 * An error as plain data. PouchDB's errors keep their own properties; of others, name, message
 * and stack are not enumerable and are added.
 * @param {any} error
 */
function describeError(error) {
  if (error === null || (typeof error !== 'object' && typeof error !== 'function')) {
    return { thrown: error === undefined ? null : error, message: String(error) };
  }
  return {
    ...error,
    name: error.name === undefined ? undefined : String(error.name),
    message: error.message === undefined ? String(error) : String(error.message),
    stack: typeof error.stack === 'string' ? error.stack : undefined
  };
}

/** @param {string} text */
function receive(text) {
  let id = 0;
  try {
    const request = JSON.parse(text);
    id = request[0];
    const args = request[1] & HAS_MARKERS ? reviveArgs(request[3]) : request[3];
    const result = operations[request[2]](...args);
    if (result === null || typeof result !== 'object' || typeof result.then !== 'function') {
      settle(id, result);
    } else {
      result.then(
        (/** @type {unknown} */ value) => settle(id, value),
        (/** @type {unknown} */ error) => fail(id, error)
      );
    }
  } catch (error) {
    fail(id, error);
  }
}

/**
 * @param {number} id
 * @param {unknown} value
 */
function settle(id, value) {
  try {
    answer(id, value);
  } catch (error) {
    fail(id, error);
  }
}

/** @param {string} token what marks the markers of this engine */
export function startDispatch(token) {
  setToken(token);
  onRequest(receive);
  const events = /** @type {any} */ (PouchDB);
  events.on('created', (/** @type {string} */ name) => emitEvent('created', name));
  events.on('destroyed', (/** @type {string} */ name) => emitEvent('destroyed', name));
}
