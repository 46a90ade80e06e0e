// @ts-check
/**
 * Attachments of documents that are written or read. Their bytes stay with the host; here they
 * are digests, and Blobs that refer to them.
 */

import { BAD_ARG, createError } from 'pouchdb-errors';

import { Blob, blobBytes, blobRef, hostBlob } from '../environment/blob.js';
import {
  attachmentBase64,
  attachmentReference,
  attachmentSize,
  blobDigest,
  keepBlob,
  releaseBlobs,
  stageBase64,
  stageBlob
} from '../host.js';

/** Up to this size a Blob is hashed as PouchDB in Node hashes a Buffer. */
const HASHED_IN_FULL = 16384;

/** What `_attachments` can hold besides base64, while a document is on its way. */
class BlobData {
  /** @param {Blob} blob */
  constructor(blob) {
    this.blob = blob;
  }

  /**
   * Run a function with a reference to the bytes that the host understands.
   * @template T
   * @param {(reference: string) => T} use
   * @returns {T}
   */
  withReference(use) {
    const known = blobRef(this.blob);
    if (known !== undefined) return use(known);
    const reference = keepBlob(blobBytes(this.blob));
    try {
      return use(reference);
    } finally {
      releaseBlobs([reference]);
    }
  }

  /**
   * What goes into the revision's hash. PouchDB in Node hashes every byte as a decimal number,
   * which gives the same revisions here but takes long; above a size the digest stands for them.
   */
  toJSON() {
    if (this.blob.size <= HASHED_IN_FULL) {
      return { type: 'Buffer', data: Array.from(blobBytes(this.blob)) };
    }
    return { type: 'Buffer', digest: this.withReference(blobDigest) };
  }
}

/** @param {any} doc */
export function hasAttachments(doc) {
  return doc._attachments !== undefined && doc._attachments !== null;
}

/**
 * Make all binary data of a document Blobs that JSON.stringify turns into what is hashed.
 * @param {any} doc
 */
export function wrapBlobs(doc) {
  for (const attachment of Object.values(doc._attachments)) {
    const { data } = attachment;
    if (data instanceof Blob) attachment.data = new BlobData(data);
    else if (data instanceof ArrayBuffer || ArrayBuffer.isView(data)) {
      attachment.data = new BlobData(new Blob([/** @type {any} */ (data)]));
    }
  }
}

/**
 * @param {any} doc
 * @returns {string[]}
 */
export function stubDigests(doc) {
  if (!hasAttachments(doc)) return [];
  return Object.values(doc._attachments)
    .filter((attachment) => attachment.stub)
    .map((attachment) => String(attachment.digest));
}

/**
 * Hand the data of new attachments to the host; digest and size are noted for later.
 * @param {import('./transaction.js').Transaction} transaction
 * @param {any} doc
 * @returns {unknown} what is wrong with one of them
 */
export function stageAttachments(transaction, doc) {
  try {
    for (const attachment of Object.values(doc._attachments)) {
      if (!attachment.stub) staged.set(attachment, stage(transaction.handle, attachment.data));
    }
    return undefined;
  } catch (error) {
    return error;
  }
}

/** Digest and size by attachment. @type {WeakMap<object, [string, number]>} */
const staged = new WeakMap();

/**
 * @param {string} handle
 * @param {any} data
 */
function stage(handle, data) {
  if (data instanceof BlobData) return data.withReference((ref) => stageBlob(handle, ref));
  if (typeof data !== 'string') {
    throw createError(BAD_ARG, 'Attachment data must be a base64 string or a Blob');
  }
  try {
    return stageBase64(handle, data);
  } catch (error) {
    const { name, reason } = /** @type {any} */ (error);
    throw name === BAD_ARG.name ? createError(BAD_ARG, reason) : error;
  }
}

/**
 * Replace the data by what describes it. Stored documents hold stubs, so that reading them takes
 * no work.
 * @param {any} data the fields of a document
 * @param {string} rev
 * @returns {string[]} the digests that the document refers to
 */
export function describeAttachments(data, rev) {
  if (!hasAttachments(data)) return [];
  return Object.values(data._attachments).map((attachment) => {
    delete attachment.data;
    const known = staged.get(attachment);
    if (known) {
      [attachment.digest, attachment.length] = known;
      attachment.revpos = parseInt(rev, 10);
    }
    attachment.stub = true;
    attachment.digest = String(attachment.digest); // as it was looked for
    return attachment.digest;
  });
}

/**
 * @param {import('./transaction.js').Transaction} transaction
 * @param {number} seq
 * @param {string[]} digests
 */
export function referToAttachments(transaction, seq, digests) {
  for (const digest of digests) {
    transaction.attachmentRefs.push([seq, digest]);
    transaction.unknown.delete(digest);
  }
}

/**
 * Put the content of its attachments into a document that was read.
 * @param {string} handle
 * @param {any} doc
 * @param {boolean} binary as Blobs
 */
export function fillAttachments(handle, doc, binary) {
  if (!doc || !hasAttachments(doc)) return;
  for (const attachment of Object.values(doc._attachments)) {
    const data = attachmentData(handle, attachment, binary);
    delete attachment.stub;
    delete attachment.length;
    attachment.data = data;
  }
}

/**
 * @param {string} handle
 * @param {{digest: string, content_type?: string}} attachment
 * @param {boolean} binary
 * @returns {string | Blob}
 */
export function attachmentData(handle, { digest, content_type: type = '' }, binary) {
  if (!binary) return attachmentBase64(handle, digest);
  const size = attachmentSize(handle, digest);
  if (size === undefined) throw new Error(`the attachment ${digest} is missing`);
  return hostBlob(attachmentReference(handle, digest), size, type);
}
