// @ts-check
/**
 * Blob and File. The bytes are held here or by the host; a Blob of the host's bytes, and slices
 * of it, cost nothing until they are read. https://w3c.github.io/FileAPI/
 */
import { holdBlob, keepBlob, readBlob, releaseBlobs } from '../host.js';
import { bytesOf } from './bufferSource.js';
import * as utf8 from './utf8.js';

/**
 * Bytes that the host holds. All parts that refer to them share this object, so that the host
 * can drop them when it is collected.
 */
class HostBytes {
  /**
   * @param {string} reference
   * @param {number} size
   */
  constructor(reference, size) {
    this.reference = reference;
    this.size = size;
  }
}

/** @typedef {{ source: Uint8Array<ArrayBuffer> | HostBytes, start: number, end: number }} Part */

/** References that nothing here uses any more; they leave in one host call. @type {string[]} */
let dropped = [];

function releaseDropped() {
  const references = dropped;
  dropped = [];
  releaseBlobs(references);
}

/** @param {string} reference */
function drop(reference) {
  if (dropped.push(reference) === 1) Promise.resolve().then(releaseDropped);
}

/** @type {FinalizationRegistry<string>} */
const collected = new FinalizationRegistry(drop);

/** @type {(blob: Blob) => Part[]} */
let partsOf;
/** @type {(parts: Part[], size: number, type: string) => Blob} */
let blobOfParts;

/** @param {unknown} type */
function normalizeType(type) {
  const text = String(type);
  return /[^\x20-\x7e]/.test(text) ? '' : text.toLowerCase();
}

/**
 * @param {unknown} part
 * @param {unknown} endings
 * @returns {Part[]}
 */
function toParts(part, endings) {
  if (part instanceof Blob) return partsOf(part);
  // The standard has Blobs keep the bytes as they are now.
  let bytes = bytesOf(part)?.slice();
  if (!bytes) {
    const text = String(part);
    bytes = utf8.encode(endings === 'native' ? text.replace(/\r\n?/g, '\n') : text);
  }
  return [{ source: bytes, start: 0, end: bytes.length }];
}

/** @param {Part[]} parts */
function sizeOf(parts) {
  return parts.reduce((size, part) => size + part.end - part.start, 0);
}

/**
 * @param {Part} part
 * @returns {Uint8Array<ArrayBuffer>}
 */
function readPart({ source, start, end }) {
  if (source instanceof HostBytes) return readBlob(source.reference, start, end);
  return source.subarray(start, end);
}

/**
 * @param {unknown} position
 * @param {number} otherwise
 * @param {number} size
 * @returns {number} counted from the start, within the Blob
 */
function clamp(position, otherwise, size) {
  if (position === undefined) return otherwise;
  const integer = Math.trunc(Number(position)) || 0;
  return integer < 0 ? Math.max(size + integer, 0) : Math.min(integer, size);
}

export class Blob {
  /** @type {Part[]} */
  #parts;
  #size;
  #type;

  static {
    partsOf = (blob) => blob.#parts;
    blobOfParts = (parts, size, type) => {
      const blob = new Blob();
      blob.#parts = parts;
      blob.#size = size;
      blob.#type = type;
      return blob;
    };
  }

  /**
   * @param {Iterable<unknown>} [parts]
   * @param {{ type?: string, endings?: 'transparent' | 'native' }} [options]
   */
  constructor(parts = [], options = {}) {
    if (parts === null || typeof parts !== 'object' || !(Symbol.iterator in parts)) {
      throw new TypeError('Blob: the parts must be a sequence, such as an array');
    }
    this.#parts = Array.from(parts, (part) => toParts(part, options?.endings)).flat();
    this.#size = sizeOf(this.#parts);
    this.#type = normalizeType(options?.type ?? '');
  }

  get size() {
    return this.#size;
  }

  get type() {
    return this.#type;
  }

  /**
   * @param {number} [start]
   * @param {number} [end]
   * @param {string} [type]
   */
  slice(start, end, type = '') {
    const from = clamp(start, 0, this.#size);
    const to = Math.max(clamp(end, this.#size, this.#size), from);
    /** @type {Part[]} */
    const parts = [];
    let offset = 0;
    for (const part of this.#parts) {
      const first = part.start + Math.max(from - offset, 0);
      offset += part.end - part.start;
      const last = part.end - Math.max(offset - to, 0);
      if (first < last) parts.push({ source: part.source, start: first, end: last });
    }
    return blobOfParts(parts, to - from, normalizeType(type));
  }

  async arrayBuffer() {
    return copyOfBytes(this).buffer;
  }

  async bytes() {
    return copyOfBytes(this);
  }

  async text() {
    return utf8.decode(blobBytes(this));
  }

  get [Symbol.toStringTag]() {
    return 'Blob';
  }
}

export class File extends Blob {
  #name;
  #lastModified;

  /**
   * @param {Iterable<unknown>} parts
   * @param {string} name
   * @param {{ type?: string, endings?: 'transparent' | 'native', lastModified?: number }} [options]
   */
  constructor(parts, name, options = {}) {
    if (arguments.length < 2) throw new TypeError('File: 2 arguments required');
    super(parts, options);
    this.#name = String(name);
    this.#lastModified = Math.trunc(Number(options?.lastModified ?? Date.now())) || 0;
  }

  get name() {
    return this.#name;
  }

  get lastModified() {
    return this.#lastModified;
  }

  get [Symbol.toStringTag]() {
    return 'File';
  }
}

/**
 * The bytes at once, without waiting. They may be the Blob's own: read them, do not change them.
 * @param {Blob} blob
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function blobBytes(blob) {
  const parts = partsOf(blob);
  if (parts.length === 1) return readPart(parts[0]);
  const bytes = new Uint8Array(blob.size);
  let offset = 0;
  for (const part of parts) {
    bytes.set(readPart(part), offset);
    offset += part.end - part.start;
  }
  return bytes;
}

/** @param {Blob} blob */
function copyOfBytes(blob) {
  const [first] = partsOf(blob);
  const isFresh = partsOf(blob).length !== 1 || first.source instanceof HostBytes;
  return isFresh ? blobBytes(blob) : blobBytes(blob).slice();
}

/**
 * A Blob of bytes that the host holds.
 * @param {string} reference
 * @param {number} size
 * @param {string} type kept as it is: attachments may have any
 */
export function hostBlob(reference, size, type) {
  return blobOfParts([{ source: new HostBytes(reference, size), start: 0, end: size }], size, type);
}

/**
 * A Blob of bytes that the host keeps for JavaScript alone: they are released when the last Blob
 * that uses them has been collected.
 * @param {string} reference
 * @param {number} size
 * @param {string} type
 */
export function ownedBlob(reference, size, type) {
  const source = new HostBytes(reference, size);
  collected.register(source, reference);
  return blobOfParts([{ source, start: 0, end: size }], size, type);
}

/** @param {Blob} blob */
function wholeHostBytes(blob) {
  const parts = partsOf(blob);
  const [{ source, start, end }] = parts.length === 1 ? parts : [{ source: null, start: 0, end: 0 }];
  return source instanceof HostBytes && start === 0 && end === source.size ? source : undefined;
}

/**
 * @param {Blob} blob
 * @returns {string | undefined} the host's reference, if it holds exactly these bytes
 */
export function blobRef(blob) {
  return wholeHostBytes(blob)?.reference;
}

/**
 * A reference for Python, which releases it when it has the bytes. The host looks the bytes up
 * now, while no transaction is open, and holds them even if the Blob is collected.
 * @param {Blob} blob
 * @returns {string}
 */
export function handOver(blob) {
  const parts = partsOf(blob);
  if (parts.length === 1 && parts[0].source instanceof HostBytes) {
    return holdBlob(parts[0].source.reference, parts[0].start, parts[0].end);
  }
  return keepBlob(blobBytes(blob));
}
