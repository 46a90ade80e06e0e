// @ts-check
/** FileReader. https://w3c.github.io/FileAPI/#APIASynch */
import { binaryString } from './base64.js';
import { Blob, blobBytes } from './blob.js';
import { DOMException } from './domException.js';
import { TextDecoder } from './encoding.js';
import { EventTarget, ProgressEvent, defineEventHandlers } from './events.js';
import { queueMicrotask } from './timers.js';

const EMPTY = 0;
const LOADING = 1;
const DONE = 2;

/** @param {string | undefined} label */
function textDecoder(label) {
  try {
    return new TextDecoder(label);
  } catch {
    return new TextDecoder(); // an unknown encoding is UTF-8
  }
}

export class FileReader extends EventTarget {
  #state = EMPTY;
  /** @type {string | ArrayBuffer | null} */
  #result = null;
  /** @type {unknown} */
  #error = null;
  /** Counts the reads, so that an aborted one knows that it is no longer meant. */
  #turn = 0;

  get readyState() {
    return this.#state;
  }

  get result() {
    return this.#result;
  }

  get error() {
    return this.#error;
  }

  /** @param {Blob} blob */
  readAsArrayBuffer(blob) {
    this.#read(blob, (bytes) => bytes.slice().buffer);
  }

  /** @param {Blob} blob */
  readAsBinaryString(blob) {
    this.#read(blob, binaryString);
  }

  /**
   * @param {Blob} blob
   * @param {string} [encoding]
   */
  readAsText(blob, encoding) {
    this.#read(blob, (bytes) => textDecoder(encoding).decode(bytes));
  }

  /** @param {Blob} blob */
  readAsDataURL(blob) {
    const type = blob instanceof Blob && blob.type !== '' ? blob.type : 'application/octet-stream';
    this.#read(blob, (bytes) => `data:${type};base64,${bytes.toBase64()}`);
  }

  abort() {
    if (this.#state !== LOADING) return;
    this.#turn++;
    this.#state = DONE;
    this.#result = null;
    this.#error = new DOMException('The read was aborted', 'AbortError');
    this.#report('abort', 0, 0);
    if (this.readyState !== LOADING) this.#report('loadend', 0, 0);
  }

  /**
   * @param {Blob} blob
   * @param {(bytes: Uint8Array<ArrayBuffer>) => string | ArrayBuffer} convert
   */
  #read(blob, convert) {
    if (!(blob instanceof Blob)) throw new TypeError('FileReader: the argument must be a Blob');
    if (this.#state === LOADING) {
      throw new DOMException('FileReader: a read is under way already', 'InvalidStateError');
    }
    this.#state = LOADING;
    this.#result = null;
    this.#error = null;
    const turn = ++this.#turn;
    queueMicrotask(() => {
      if (turn === this.#turn) this.#finish(blob, convert, turn);
    });
  }

  /**
   * @param {Blob} blob
   * @param {(bytes: Uint8Array<ArrayBuffer>) => string | ArrayBuffer} convert
   * @param {number} turn
   */
  #finish(blob, convert, turn) {
    this.#report('loadstart', 0, blob.size);
    if (turn !== this.#turn) return; // a listener has aborted the read
    let outcome = 'load';
    try {
      const result = convert(blobBytes(blob));
      this.#report('progress', blob.size, blob.size);
      if (turn !== this.#turn) return;
      this.#result = result;
    } catch (error) {
      this.#error = new DOMException(String(error), 'NotReadableError');
      outcome = 'error';
    }
    this.#state = DONE;
    this.#report(outcome, blob.size, blob.size);
    if (this.readyState !== LOADING) this.#report('loadend', blob.size, blob.size);
  }

  /**
   * @param {string} type
   * @param {number} loaded
   * @param {number} total
   */
  #report(type, loaded, total) {
    this.dispatchEvent(new ProgressEvent(type, { lengthComputable: true, loaded, total }));
  }
}

defineEventHandlers(FileReader, ['loadstart', 'progress', 'load', 'abort', 'error', 'loadend']);

for (const [name, value] of Object.entries({ EMPTY, LOADING, DONE })) {
  Object.defineProperty(FileReader, name, { value, enumerable: true });
  Object.defineProperty(FileReader.prototype, name, { value, enumerable: true });
}
