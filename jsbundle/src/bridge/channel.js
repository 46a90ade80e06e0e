// @ts-check
/**
 * The shared-memory channel between V8's thread and Python. Its other half is
 * pouchdb/_engine/bridge.py; pouchdb/_engine/layout.py has the same layout, word for word.
 *
 * JavaScript has one thread, so nothing here races with itself; it races with Python threads.
 * The rule that keeps this simple: every word has one writer, and whoever gives up waiting first
 * announces it and then looks once more (Atomics are sequentially consistent on this side, a
 * lock operation is the fence on the other).
 *
 * - A Python thread that spins (SERVING is 1) answers host calls itself. If nobody spins, the raw
 *   callback is called: it runs Python on this thread and returns when the answer is written.
 * - After a request this side keeps polling for a short while (BUDGET) from a microtask that
 *   queues itself, so that promises go on between two looks; then it returns to V8's message
 *   loop, and the next request comes as a task (`kick`, `deliver`).
 */

const HEADER_BYTES = 4096;
const HOST_BYTES = 1 << 20;
const SLOT_BYTES = 1 << 16;

// Written by Python.
const REQUEST = 0;
const REQUEST_LENGTH = 1;
const REQUEST_WIDE = 2;
const SPINNER = 3;
const SERVING = 4;
const CONSUMED = 5;
const BUDGET = 6;
const HOST_REPLY = 7;
const HOST_REPLY_LENGTH = 8;
const HOST_REPLY_FLAGS = 9;
// Written by JavaScript.
const TAKEN = 16;
const RESPONSE = 17;
const RESPONSE_LENGTH = 18;
const RESPONSE_FLAGS = 19;
const HOST_REQUEST = 20;
const HOST_LENGTH = 21;
const HOST_OP = 22;
const HOST_WIDE = 23;
const POLLING = 24;
const SLEEP = 32; // never notified: a place to sleep on

// Flags of a host reply.
const WIDE = 1;
const MORE = 2;
const FAILED = 4;

// Host calls of the channel itself; the others stand in host.js.
const OP_CHUNK = 1;
const OP_MORE = 2;
const OP_BYTES_CHUNK = 3;
const OP_RESPONSE_IN_SLOT = 4;
const OP_RESPONSE = 5;
const OP_LARGE_RESPONSE = 6;

const memory = new SharedArrayBuffer(HEADER_BYTES + HOST_BYTES + 2 * SLOT_BYTES);
const words = new Int32Array(memory, 0, HEADER_BYTES >> 2);
const host8 = new Uint8Array(memory, HEADER_BYTES, HOST_BYTES);
const host16 = new Uint16Array(memory, HEADER_BYTES, HOST_BYTES >> 1);
const request8 = new Uint8Array(memory, HEADER_BYTES + HOST_BYTES, SLOT_BYTES);
const request16 = new Uint16Array(memory, HEADER_BYTES + HOST_BYTES, SLOT_BYTES >> 1);
const response8 = new Uint8Array(memory, HEADER_BYTES + HOST_BYTES + SLOT_BYTES, SLOT_BYTES);
const response16 = new Uint16Array(
  memory,
  HEADER_BYTES + HOST_BYTES + SLOT_BYTES,
  SLOT_BYTES >> 1
);

/** Units that fit whether or not the text turns out to need 16 bits. */
const HOST_UNITS = HOST_BYTES >> 1;
const SLOT_UNITS = SLOT_BYTES >> 1;
/** `fromCharCode.apply` takes so many arguments without a risk for the stack. */
const APPLY_UNITS = 4096;

const fromCharCode = String.fromCharCode;
const { load, store, wait } = Atomics;

/** An error that the host raised; it carries the host's properties (status, name, reason, …). */
export class HostError extends Error {
  /** @param {Record<string, unknown>} properties */
  constructor(properties) {
    super(String(properties.message));
    Object.assign(this, properties);
  }
}

// ------------------------------------------------------------------- text in shared memory

/**
 * @param {Uint8Array | Uint16Array} units
 * @param {number} length
 */
function readText(units, length) {
  if (length <= APPLY_UNITS) {
    return fromCharCode.apply(null, /** @type {any} */ (units.subarray(0, length)));
  }
  let text = '';
  for (let i = 0; i < length; i += APPLY_UNITS) {
    const end = i + APPLY_UNITS < length ? i + APPLY_UNITS : length;
    text += fromCharCode.apply(null, /** @type {any} */ (units.subarray(i, end)));
  }
  return text;
}

/**
 * Write `length` units of `text` from `start` on: as bytes if all are ASCII, else as 16-bit units.
 * @param {string} text
 * @param {Uint8Array} narrow
 * @param {Uint16Array} wide
 * @param {number} start
 * @param {number} length
 * @returns {number} 1 if 16-bit units were written
 */
function writeText(text, narrow, wide, start, length) {
  let i = 0;
  for (; i < length; i++) {
    const unit = text.charCodeAt(start + i);
    if (unit > 127) break;
    narrow[i] = unit;
  }
  if (i === length) return 0;
  for (i = 0; i < length; i++) wide[i] = text.charCodeAt(start + i);
  return 1;
}

// ------------------------------------------------------------------- host calls

/** @type {() => void} */
let rawCallback = () => {
  throw new Error('the host is not connected');
};
let hostSequence = 0;

/**
 * One exchange of at most HOST_BYTES each way: the request is in the host buffer already.
 * @param {number} op
 * @param {number} length
 * @param {number} wide
 */
function exchange(op, length, wide) {
  words[HOST_OP] = op;
  words[HOST_LENGTH] = length;
  words[HOST_WIDE] = wide;
  const sequence = (hostSequence = (hostSequence + 1) | 0);
  store(words, HOST_REQUEST, sequence);
  if (load(words, SERVING) === 1) {
    for (let turns = 1; load(words, HOST_REPLY) !== sequence; turns++) {
      if ((turns & 255) !== 0) continue;
      if (load(words, SERVING) === 0) {
        rawCallback();
        break;
      }
      if (turns > 20000) wait(words, SLEEP, 0, 0.05); // a long operation: leave the core to it
    }
  } else {
    rawCallback();
  }
  if (load(words, HOST_REPLY) !== sequence) {
    throw new HostError({ name: 'interrupted', status: 500, message: 'the host gave no answer' });
  }
}

/**
 * Send `text` in as many pieces as it takes; the last one goes with `op`.
 * @param {number} op
 * @param {string} text
 */
function sendText(op, text) {
  let start = 0;
  for (; text.length - start > HOST_UNITS; start += HOST_UNITS) {
    exchange(OP_CHUNK, HOST_UNITS, writeText(text, host8, host16, start, HOST_UNITS));
  }
  const rest = text.length - start;
  exchange(op, rest, writeText(text, host8, host16, start, rest));
}

function receivePiece() {
  return readText(words[HOST_REPLY_FLAGS] & WIDE ? host16 : host8, words[HOST_REPLY_LENGTH]);
}

/** The reply as text; throws the host's error if it is one. */
function receiveText() {
  if (words[HOST_REPLY_LENGTH] === 0) return '';
  const failed = words[HOST_REPLY_FLAGS] & FAILED;
  let text = receivePiece();
  while (words[HOST_REPLY_FLAGS] & MORE) {
    exchange(OP_MORE, 0, 0);
    text += receivePiece();
  }
  if (failed) throw new HostError(JSON.parse(text));
  return text;
}

/**
 * A synchronous host call. Text of any length and any code units.
 * @param {number} op
 * @param {string} text
 * @returns {string}
 */
export function call(op, text) {
  sendText(op, text);
  return receiveText();
}

/**
 * A host call whose reply is bytes.
 * @param {number} op
 * @param {string} text
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function callBytes(op, text) {
  sendText(op, text);
  if (words[HOST_REPLY_FLAGS] & FAILED) receiveText();
  const pieces = [host8.slice(0, words[HOST_REPLY_LENGTH])];
  let size = pieces[0].length;
  while (words[HOST_REPLY_FLAGS] & MORE) {
    exchange(OP_MORE, 0, 0);
    const piece = host8.slice(0, words[HOST_REPLY_LENGTH]);
    size += piece.length;
    pieces.push(piece);
  }
  const bytes = new Uint8Array(size);
  let offset = 0;
  for (const piece of pieces) {
    bytes.set(piece, offset);
    offset += piece.length;
  }
  return bytes;
}

/**
 * A host call whose request carries bytes beside the text.
 * @param {number} op
 * @param {string} text
 * @param {Uint8Array} bytes
 * @returns {string}
 */
export function sendBytes(op, text, bytes) {
  for (let start = 0; start < bytes.length; start += HOST_BYTES) {
    const piece = bytes.subarray(start, start + HOST_BYTES);
    host8.set(piece);
    exchange(OP_BYTES_CHUNK, piece.length, 0);
  }
  return call(op, text);
}

// ------------------------------------------------------------------- requests and responses

/** @type {(text: string) => void} */
let receiver = () => {};
let lastRequest = 0;
let polling = false;
let idle = 0;
/**
 * Gives the number of the chain of microtasks that polls. Termination (out of memory) drops V8's
 * microtasks without a word; a kick then starts a new chain, and an old one that lives ends.
 */
let chain = Promise.resolve(0);
let chainNumber = 0;
let inFlight = 0;
/** Responses too large for a host call, until Python fetches them. @type {Map<number, string>} */
const largeResponses = new Map();

/** @param {(text: string) => void} receive called with the text of each request; must not throw */
export function onRequest(receive) {
  receiver = receive;
}

/** @param {string} text */
function accept(text) {
  inFlight++;
  receiver(text);
}

/**
 * Answer a request. Called exactly once for each.
 * @param {number} id
 * @param {number} flags
 * @param {string} text JSON
 */
export function respond(id, flags, text) {
  inFlight--;
  const length = text.length;
  if (length <= SLOT_UNITS && load(words, SERVING) === 1 && load(words, SPINNER) === id) {
    words[RESPONSE_FLAGS] = (flags << 1) | writeText(text, response8, response16, 0, length);
    words[RESPONSE_LENGTH] = length;
    store(words, RESPONSE, id);
    if (load(words, SERVING) === 1 && load(words, SPINNER) === id) return;
    if (load(words, CONSUMED) === id) return;
    call(OP_RESPONSE_IN_SLOT, String(id)); // the spinner gave up in this very moment
  } else if (length <= HOST_UNITS >> 2) {
    call(OP_RESPONSE, `${id},${flags},${text}`);
  } else {
    largeResponses.set(id, text);
    call(OP_LARGE_RESPONSE, `${id},${flags}`);
  }
}

/**
 * Look for the next request; give V8's thread back when none came for a while.
 * @param {number} number
 */
function poll(number) {
  if (number !== chainNumber) return;
  for (let i = 0; i < 40; i++) {
    const request = load(words, REQUEST);
    if (request !== lastRequest) {
      takeRequest(request);
      chain.then(poll);
      return;
    }
    if (inFlight > 0) break; // let its promises go on
  }
  idle += inFlight > 0 ? 8 : 40;
  if (idle <= words[BUDGET]) {
    chain.then(poll);
    return;
  }
  polling = false;
  store(words, POLLING, 0);
  const request = load(words, REQUEST);
  if (request !== lastRequest) {
    takeRequest(request);
    startPolling();
  }
}

/** @param {number} request */
function takeRequest(request) {
  lastRequest = request;
  idle = 0;
  const text = readText(words[REQUEST_WIDE] ? request16 : request8, words[REQUEST_LENGTH]);
  store(words, TAKEN, request);
  accept(text);
}

function startPolling() {
  idle = 0;
  if (!polling) restartPolling();
}

function restartPolling() {
  idle = 0;
  polling = words[BUDGET] > 0;
  store(words, POLLING, polling ? 1 : 0);
  if (!polling) return;
  chain = Promise.resolve(++chainNumber);
  chain.then(poll);
}

/** What Python's bridge takes hold of at start-up. */
export const ends = {
  memory,
  /** Called with the raw callback as `this`. @this {() => void} */
  connect() {
    'use strict'; // esbuild leaves the directive out, and `this` would be boxed
    rawCallback = this;
  },
  /** There is a request in the slot, and nobody seems to poll. */
  kick() {
    const request = load(words, REQUEST);
    if (request !== lastRequest) takeRequest(request);
    restartPolling();
  },
  /** A request as a string of its own. @this {string} */
  deliver() {
    'use strict';
    accept(this);
    startPolling();
  },
  /** Hand over a large response; the id comes as text. @this {string} */
  fetch() {
    'use strict';
    const id = Number(this);
    const text = largeResponses.get(id);
    largeResponses.delete(id);
    startPolling();
    return text;
  },
  /** Answers as soon as V8's thread is free: a sign of life. */
  ping() {}
};
