// @ts-check
/**
 * In place of `pouchdb-md5`. Revision hashes have to equal those of PouchDB in Node, which hashes
 * the low byte of every UTF-16 unit (crypto's "binary" encoding). The browser build hashes UTF-8,
 * and so gives other revisions for documents beyond Latin-1; it also throws on lone surrogates.
 */
import { btoa } from '../environment/base64.js';
import { blobBytes } from '../environment/blob.js';

const ROUND_1 = [7, 12, 17, 22];
const ROUND_2 = [5, 9, 14, 20];
const ROUND_3 = [4, 11, 16, 23];
const ROUND_4 = [6, 10, 15, 21];

/** RFC 1321: the integer parts of 2^32 times the sines of 1 to 64. */
const SINES = Int32Array.from({ length: 64 }, (_, i) => Math.abs(Math.sin(i + 1)) * 2 ** 32);

const words = new Int32Array(16);
const state = new Int32Array(4);

/**
 * One step of RFC 1321: `mix` is the round's function of b, c and d.
 * @param {number} a
 * @param {number} b
 * @param {number} mix
 * @param {number} word
 * @param {number} shift
 * @param {number} sine
 */
function step(a, b, mix, word, shift, sine) {
  const sum = (a + mix + word + sine) | 0;
  return (((sum << shift) | (sum >>> (32 - shift))) + b) | 0;
}

/** Mix the block in `words` into `state`. */
function mixBlock() {
  let a = state[0];
  let b = state[1];
  let c = state[2];
  let d = state[3];
  for (let i = 0; i < 16; i += 4) {
    a = step(a, b, (b & c) | (~b & d), words[i], ROUND_1[0], SINES[i]);
    d = step(d, a, (a & b) | (~a & c), words[i + 1], ROUND_1[1], SINES[i + 1]);
    c = step(c, d, (d & a) | (~d & b), words[i + 2], ROUND_1[2], SINES[i + 2]);
    b = step(b, c, (c & d) | (~c & a), words[i + 3], ROUND_1[3], SINES[i + 3]);
  }
  for (let i = 16, k = 1; i < 32; i += 4, k += 20) {
    a = step(a, b, (b & d) | (c & ~d), words[k & 15], ROUND_2[0], SINES[i]);
    d = step(d, a, (a & c) | (b & ~c), words[(k + 5) & 15], ROUND_2[1], SINES[i + 1]);
    c = step(c, d, (d & b) | (a & ~b), words[(k + 10) & 15], ROUND_2[2], SINES[i + 2]);
    b = step(b, c, (c & a) | (d & ~a), words[(k + 15) & 15], ROUND_2[3], SINES[i + 3]);
  }
  for (let i = 32, k = 5; i < 48; i += 4, k += 12) {
    a = step(a, b, b ^ c ^ d, words[k & 15], ROUND_3[0], SINES[i]);
    d = step(d, a, a ^ b ^ c, words[(k + 3) & 15], ROUND_3[1], SINES[i + 1]);
    c = step(c, d, d ^ a ^ b, words[(k + 6) & 15], ROUND_3[2], SINES[i + 2]);
    b = step(b, c, c ^ d ^ a, words[(k + 9) & 15], ROUND_3[3], SINES[i + 3]);
  }
  for (let i = 48, k = 0; i < 64; i += 4, k += 28) {
    a = step(a, b, c ^ (b | ~d), words[k & 15], ROUND_4[0], SINES[i]);
    d = step(d, a, b ^ (a | ~c), words[(k + 7) & 15], ROUND_4[1], SINES[i + 1]);
    c = step(c, d, a ^ (d | ~b), words[(k + 14) & 15], ROUND_4[2], SINES[i + 2]);
    b = step(b, c, d ^ (c | ~a), words[(k + 21) & 15], ROUND_4[3], SINES[i + 3]);
  }
  state[0] += a;
  state[1] += b;
  state[2] += c;
  state[3] += d;
}

/**
 * @param {Uint8Array} bytes
 * @param {number} at
 */
function loadBytes(bytes, at) {
  for (let i = 0; i < 16; i++, at += 4) {
    words[i] = bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24);
  }
}

/**
 * @param {string} text
 * @param {number} at
 */
function loadText(text, at) {
  for (let i = 0; i < 16; i++, at += 4) {
    words[i] =
      (text.charCodeAt(at) & 255) |
      ((text.charCodeAt(at + 1) & 255) << 8) |
      ((text.charCodeAt(at + 2) & 255) << 16) |
      (text.charCodeAt(at + 3) << 24);
  }
}

function reset() {
  state[0] = 0x67452301;
  state[1] = 0xefcdab89;
  state[2] = 0x98badcfe;
  state[3] = 0x10325476;
}

/**
 * Mix in what is left of the message, its padding and its length. No typed array is made on the
 * way: for a document of some hundred bytes that would cost as much as the hash.
 * @param {string | Uint8Array} message
 * @param {number} start of what is left: less than one block
 */
function finish(message, start) {
  const { length } = message;
  words.fill(0);
  for (let i = start; i < length; i++) {
    const byte = typeof message === 'string' ? message.charCodeAt(i) & 255 : message[i];
    words[(i - start) >> 2] |= byte << ((i & 3) << 3);
  }
  words[(length - start) >> 2] |= 0x80 << ((length & 3) << 3);
  if (length - start >= 56) {
    mixBlock();
    words.fill(0);
  }
  words[14] = length << 3;
  words[15] = Math.floor(length / 2 ** 29);
  mixBlock();
}

/** @param {string} text */
function digestText(text) {
  reset();
  const whole = text.length - (text.length % 64);
  for (let at = 0; at < whole; at += 64) {
    loadText(text, at);
    mixBlock();
  }
  finish(text, whole);
}

/** @param {Uint8Array} bytes */
function digestBytes(bytes) {
  reset();
  const whole = bytes.length - (bytes.length % 64);
  for (let at = 0; at < whole; at += 64) {
    loadBytes(bytes, at);
    mixBlock();
  }
  finish(bytes, whole);
}

/** The digest as a string of 16 characters below 256. */
function binaryState() {
  return String.fromCharCode(...new Uint8Array(state.buffer));
}

/**
 * @param {string} text
 * @returns {string} 32 hexadecimal digits
 */
export function stringMd5(text) {
  digestText(text);
  let hex = '';
  for (let i = 0; i < 4; i++) {
    const word = state[i];
    // The bytes of a word, lowest first.
    const swapped =
      (word << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24);
    hex += (swapped >>> 0).toString(16).padStart(8, '0');
  }
  return hex;
}

/**
 * @param {string | Blob} data
 * @param {(digest: string) => void} callback called with base64
 */
export function binaryMd5(data, callback) {
  if (typeof data === 'string') digestText(data);
  else digestBytes(blobBytes(data));
  callback(btoa(binaryState()));
}
