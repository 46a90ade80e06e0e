// @ts-check
/** TextEncoder and TextDecoder. https://encoding.spec.whatwg.org/ */
import { bytesOf } from './bufferSource.js';
import * as utf8 from './utf8.js';

export class TextEncoder {
  get encoding() {
    return 'utf-8';
  }

  /** @param {string} [text] */
  encode(text = '') {
    return utf8.encode(String(text));
  }

  /**
   * @param {string} text
   * @param {Uint8Array} destination
   */
  encodeInto(text, destination) {
    if (!(destination instanceof Uint8Array)) {
      throw new TypeError('encodeInto: the destination must be a Uint8Array');
    }
    return utf8.encodeInto(String(text), destination);
  }

  get [Symbol.toStringTag]() {
    return 'TextEncoder';
  }
}

/** The characters of windows-1252 for the bytes 0x80 to 0x9f. */
const WINDOWS_1252 =
  '\u20ac\x81\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\x8d\u017d\x8f' +
  '\x90\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\x9d\u017e\u0178';

/** The standard's labels of the encodings that are here. @type {Array<[string, string]>} */
const LABELS = [
  [
    'utf-8',
    'unicode-1-1-utf-8 unicode11utf8 unicode20utf8 utf-8 utf8 x-unicode20utf8',
  ],
  [
    'utf-16le',
    'csunicode iso-10646-ucs-2 ucs-2 unicode unicodefeff utf-16 utf-16le',
  ],
  ['utf-16be', 'unicodefffe utf-16be'],
  [
    'windows-1252',
    'ansi_x3.4-1968 ascii cp1252 cp819 csisolatin1 ibm819 iso-8859-1 iso-ir-100 iso8859-1 ' +
      'iso88591 iso_8859-1 iso_8859-1:1987 l1 latin1 us-ascii windows-1252 x-cp1252',
  ],
];

/** @param {unknown} label */
function encodingOf(label) {
  const name = String(label).replace(/^[\t\n\f\r ]+|[\t\n\f\r ]+$/g, '').toLowerCase();
  const found = LABELS.find(([, labels]) => labels.split(' ').includes(name));
  if (!found) throw new RangeError(`TextDecoder: the encoding ${JSON.stringify(label)} is unknown`);
  return found[0];
}

/** Decodes windows-1252, which has a character for every byte. */
class SingleByteDecoder {
  /** @param {Uint8Array} bytes */
  decode(bytes) {
    let text = '';
    for (const byte of bytes) {
      text += byte >= 0x80 && byte < 0xa0 ? WINDOWS_1252[byte - 0x80] : String.fromCharCode(byte);
    }
    return text;
  }
}

class Utf16Decoder {
  /** What the last chunk has left: half a unit, or a high surrogate. @type {number[]} */
  #rest = [];
  #littleEndian;

  /** @param {boolean} littleEndian */
  constructor(littleEndian) {
    this.#littleEndian = littleEndian;
  }

  /**
   * @param {Uint8Array} chunk
   * @param {boolean} isLast
   * @param {() => void} onError
   */
  decode(chunk, isLast, onError) {
    const bytes = new Uint8Array([...this.#rest, ...chunk]);
    const view = new DataView(bytes.buffer);
    /** @param {number} at */
    const unitAt = (at) => view.getUint16(at, this.#littleEndian);
    let text = '';
    let at = 0;
    for (; at + 2 <= bytes.length; at += 2) {
      let unit = unitAt(at);
      if ((unit & 0xfc00) === 0xd800) {
        if (at + 4 > bytes.length) break;
        if ((unitAt(at + 2) & 0xfc00) === 0xdc00) {
          text += String.fromCharCode(unit);
          at += 2;
          unit = unitAt(at);
        }
      }
      if ((unit & 0xfc00) === 0xd800 || ((unit & 0xfc00) === 0xdc00 && !endsWithHigh(text))) {
        onError();
        unit = 0xfffd;
      }
      text += String.fromCharCode(unit);
    }
    this.#rest = [...bytes.subarray(at)];
    if (isLast && this.#rest.length > 0) {
      onError();
      text += '\ufffd';
    }
    return text;
  }
}

/** @param {string} text */
function endsWithHigh(text) {
  return (text.charCodeAt(text.length - 1) & 0xfc00) === 0xd800;
}

/** @param {string} encoding */
function newDecoder(encoding) {
  if (encoding === 'utf-8') return new utf8.Utf8Decoder();
  if (encoding === 'windows-1252') return new SingleByteDecoder();
  return new Utf16Decoder(encoding === 'utf-16le');
}

export class TextDecoder {
  #encoding;
  #fatal;
  #ignoreBOM;
  /** @type {{ decode(bytes: Uint8Array, isLast: boolean, onError: () => void): string }} */
  #decoder;
  /** Whether the next character may be a byte order mark. */
  #atStart = true;

  /**
   * @param {string} [label]
   * @param {{ fatal?: boolean, ignoreBOM?: boolean }} [options]
   */
  constructor(label = 'utf-8', options = {}) {
    this.#encoding = encodingOf(label);
    this.#fatal = Boolean(options?.fatal);
    this.#ignoreBOM = Boolean(options?.ignoreBOM);
    this.#decoder = newDecoder(this.#encoding);
  }

  get encoding() {
    return this.#encoding;
  }

  get fatal() {
    return this.#fatal;
  }

  get ignoreBOM() {
    return this.#ignoreBOM;
  }

  #restart() {
    this.#decoder = newDecoder(this.#encoding);
    this.#atStart = true;
  }

  /**
   * @param {BufferSource} [source]
   * @param {{ stream?: boolean }} [options]
   * @returns {string}
   */
  decode(source, options) {
    const bytes = source === undefined ? new Uint8Array(0) : bytesOf(source);
    if (!bytes) throw new TypeError('decode: expected an ArrayBuffer or a view of one');
    const isLast = !options?.stream;
    let text;
    try {
      text = this.#decoder.decode(bytes, isLast, () => {
        if (this.#fatal) throw new TypeError(`the data is not valid ${this.#encoding}`);
      });
    } catch (error) {
      this.#restart();
      throw error;
    }
    if (this.#atStart && text !== '') {
      this.#atStart = false;
      if (!this.#ignoreBOM && this.#encoding !== 'windows-1252' && text[0] === '\ufeff') {
        text = text.slice(1);
      }
    }
    if (isLast) this.#restart();
    return text;
  }

  get [Symbol.toStringTag]() {
    return 'TextDecoder';
  }
}
