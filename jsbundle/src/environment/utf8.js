// @ts-check
/** UTF-8 in plain JavaScript, since plain V8 has no encoder that JavaScript could call. */

const REPLACEMENT = 0xfffd;
/** Units that are put into a string at a time. */
const PIECE = 4096;
/** Shorter runs of ASCII are not worth a string of their own. */
const SHORT_RUN = 24;

/**
 * @param {string} text
 * @returns {number} how many bytes it takes
 */
function byteLength(text) {
  let bytes = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) continue;
    // A pair takes four bytes: two for each half. A lone surrogate becomes U+FFFD: three.
    bytes += unit < 0x800 || isPairAt(text, i, unit) || isLowOfPair(text, i, unit) ? 1 : 2;
  }
  return bytes;
}

/**
 * @param {string} text
 * @param {number} i
 * @param {number} unit
 */
function isPairAt(text, i, unit) {
  return (unit & 0xfc00) === 0xd800 && (text.charCodeAt(i + 1) & 0xfc00) === 0xdc00;
}

/**
 * @param {string} text
 * @param {number} i
 * @param {number} unit
 */
function isLowOfPair(text, i, unit) {
  return (unit & 0xfc00) === 0xdc00 && i > 0 && (text.charCodeAt(i - 1) & 0xfc00) === 0xd800;
}

/**
 * Write as many whole characters as fit.
 * @param {string} text
 * @param {Uint8Array} bytes
 * @returns {{ read: number, written: number }} in UTF-16 units and in bytes
 */
export function encodeInto(text, bytes) {
  const { length } = text;
  const room = bytes.length;
  let read = 0;
  let written = 0;
  for (; read < length && written < room; read++) {
    const unit = text.charCodeAt(read);
    if (unit < 0x80) {
      bytes[written++] = unit;
    } else if (unit < 0x800) {
      if (written + 2 > room) break;
      bytes[written++] = 0xc0 | (unit >> 6);
      bytes[written++] = 0x80 | (unit & 0x3f);
    } else if (isPairAt(text, read, unit)) {
      if (written + 4 > room) break;
      const point = /** @type {number} */ (text.codePointAt(read++));
      bytes[written++] = 0xf0 | (point >> 18);
      bytes[written++] = 0x80 | ((point >> 12) & 0x3f);
      bytes[written++] = 0x80 | ((point >> 6) & 0x3f);
      bytes[written++] = 0x80 | (point & 0x3f);
    } else {
      if (written + 3 > room) break;
      const point = (unit & 0xf800) === 0xd800 ? REPLACEMENT : unit;
      bytes[written++] = 0xe0 | (point >> 12);
      bytes[written++] = 0x80 | ((point >> 6) & 0x3f);
      bytes[written++] = 0x80 | (point & 0x3f);
    }
  }
  return { read, written };
}

/**
 * @param {string} text
 * @returns {Uint8Array<ArrayBuffer>} lone surrogates as U+FFFD
 */
export function encode(text) {
  const bytes = new Uint8Array(byteLength(text));
  encodeInto(text, bytes);
  return bytes;
}

/** Decodes a stream of chunks, as the Encoding standard's UTF-8 decoder. */
export class Utf8Decoder {
  #point = 0;
  /** Continuation bytes still to come, and what the next one has to lie between. */
  #needed = 0;
  #low = 0x80;
  #high = 0xbf;

  #reset() {
    this.#needed = 0;
    this.#low = 0x80;
    this.#high = 0xbf;
  }

  /**
   * @param {number} byte
   * @returns {boolean} whether a sequence can begin with it
   */
  #begin(byte) {
    if (byte >= 0xc2 && byte <= 0xdf) {
      this.#needed = 1;
      this.#point = byte & 0x1f;
    } else if (byte >= 0xe0 && byte <= 0xef) {
      if (byte === 0xe0) this.#low = 0xa0;
      if (byte === 0xed) this.#high = 0x9f;
      this.#needed = 2;
      this.#point = byte & 0xf;
    } else if (byte >= 0xf0 && byte <= 0xf4) {
      if (byte === 0xf0) this.#low = 0x90;
      if (byte === 0xf4) this.#high = 0x8f;
      this.#needed = 3;
      this.#point = byte & 0x7;
    } else {
      return false;
    }
    return true;
  }

  /**
   * @param {Uint8Array} bytes
   * @param {boolean} isLast
   * @param {() => void} onError called for each ill-formed sequence; may throw
   * @returns {string}
   */
  decode(bytes, isLast, onError) {
    let text = '';
    /** @type {number[]} */
    let units = [];
    const replace = () => {
      this.#reset();
      onError();
      units.push(REPLACEMENT);
    };
    for (let i = 0; i < bytes.length; i++) {
      const byte = bytes[i];
      if (this.#needed > 0) {
        if (byte < this.#low || byte > this.#high) {
          replace();
          i--; // the byte may begin the next character
        } else {
          this.#low = 0x80;
          this.#high = 0xbf;
          this.#point = (this.#point << 6) | (byte & 0x3f);
          if (--this.#needed === 0) pushPoint(units, this.#point);
        }
      } else if (byte < 0x80) {
        const end = asciiEnd(bytes, i);
        if (end - i < SHORT_RUN) {
          units.push(byte);
        } else {
          text += fromUnits(units) + fromUnits(bytes.subarray(i, end));
          units = [];
          i = end - 1;
        }
      } else if (!this.#begin(byte)) {
        replace();
      }
      if (units.length >= PIECE) {
        text += fromUnits(units);
        units = [];
      }
    }
    if (isLast && this.#needed > 0) replace();
    return text + fromUnits(units);
  }
}

/** @param {ArrayLike<number>} units at most some thousand */
function fromUnits(units) {
  return String.fromCharCode.apply(null, /** @type {number[]} */ (units));
}

/**
 * @param {Uint8Array} bytes
 * @param {number} start
 * @returns {number} where the run of ASCII from `start` on ends, or PIECE bytes later
 */
function asciiEnd(bytes, start) {
  const limit = Math.min(bytes.length, start + PIECE);
  let end = start + 1;
  while (end < limit && bytes[end] < 0x80) end++;
  return end;
}

/**
 * @param {number[]} units
 * @param {number} point
 */
function pushPoint(units, point) {
  if (point < 0x10000) {
    units.push(point);
  } else {
    units.push(0xd7c0 + (point >> 10), 0xdc00 + (point & 0x3ff));
  }
}

/**
 * @param {Uint8Array} bytes
 * @returns {string} ill-formed sequences as U+FFFD, without a byte order mark
 */
export function decode(bytes) {
  const text = new Utf8Decoder().decode(bytes, true, () => {});
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}
