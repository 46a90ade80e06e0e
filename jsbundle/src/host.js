// @ts-check
/**
 * Every host call there is, one function each. The same numbers stand, with the Python function
 * that answers, in pouchdb/_engine/table.py. Numbers 1 to 6 belong to bridge/channel.js.
 *
 * A host call is synchronous: it returns when Python has answered, and throws a HostError with
 * the host's properties (name, status, message, reason) when it failed.
 */

import { call, callBytes, sendBytes } from './bridge/channel.js';

// ------------------------------------------------------------------- the engine's own

/**
 * Tell Python of an event of the engine; it is passed on later, on another thread.
 * @param {string} event such as "created"
 * @param {...unknown} details
 */
export function emitEvent(event, ...details) {
  call(7, JSON.stringify([event, ...details]));
}

/**
 * Write a line to Python's logger `pouchdb.js`.
 * @param {'debug' | 'trace' | 'log' | 'info' | 'warn' | 'error'} level
 * @param {string} text
 */
export function consoleWrite(level, text) {
  call(8, `${level}\n${text}`);
}

/**
 * Bytes from the operating system's source of randomness.
 * @param {number} count at most 65,536
 */
export function randomBytes(count) {
  return callBytes(9, String(count));
}

/**
 * A range of the bytes that the host keeps (or can find) under a reference.
 * @param {string} reference
 * @param {number} start
 * @param {number} end
 */
export function readBlob(reference, start, end) {
  return callBytes(11, `${reference},${start},${end}`);
}

/**
 * Give bytes to the host; it keeps them until they are released.
 * @param {Uint8Array} bytes
 * @returns {string} their reference
 */
export function keepBlob(bytes) {
  return sendBytes(12, '', bytes);
}

/**
 * Have the host keep bytes that it can find, or a range of them, without sending them here.
 * @param {string} reference
 * @param {number} start
 * @param {number} end
 * @returns {string} a reference of its own
 */
export function holdBlob(reference, start, end) {
  return call(14, `${reference},${start},${end}`);
}

/**
 * Nothing here refers to these bytes any more.
 * @param {string[]} references
 */
export function releaseBlobs(references) {
  call(13, references.join(','));
}

// ------------------------------------------------------------------- storage
//
// Requests are fields separated by newlines: the handle of the database first, free text as
// JSON text (which holds no newline), documents as their own JSON. Numbers 20 to 79;
// pouchdb/_hosts/storage answers, and says there in full what the fields mean.

/** @param {boolean} flag */
const bit = (flag) => (flag ? '1' : '0');

/**
 * Open a database, made if it does not exist.
 * @param {string} kind "sqlite" or "memory"
 * @param {string} name
 * @returns {{handle: string, uuid: string}}
 */
export function openDatabase(kind, name) {
  const [handle, uuid] = call(20, `${kind}\n${JSON.stringify(name)}`).split(',');
  return { handle, uuid };
}

/** @param {string} handle */
export function closeDatabase(handle) {
  call(21, handle);
}

/**
 * Remove a database with all that is in it.
 * @param {string} handle
 */
export function destroyDatabase(handle) {
  call(22, handle);
}

/**
 * How many documents there are, and the last sequence number.
 * @param {string} handle
 * @returns {[number, number]}
 */
export function databaseInfo(handle) {
  return JSON.parse(call(23, handle));
}

/**
 * The JSON of a document's winning revision. Empty if there is no such document, "deleted" or
 * "no body" if there is nothing to answer with.
 * @param {string} handle
 * @param {string} id
 */
export function getDocument(handle, id) {
  return call(24, `${handle}\n${JSON.stringify(id)}`);
}

/**
 * The same; the JSON stays with the host and a token comes in its place.
 * @param {string} handle
 * @param {string} id
 */
export function getDocumentRaw(handle, id) {
  return call(25, `${handle}\n${JSON.stringify(id)}`);
}

/**
 * What the host knows of a document: index in the request, winning revision, deleted (0 or 1),
 * last seq, seq of the winning revision, length if it is a chain (else 0), tree, body.
 * @typedef {[number, string, number, number, number, number, any, any]} DocumentRow
 */

/**
 * The revision trees of documents, without a row for those that do not exist.
 * @param {string} handle
 * @param {string[]} ids
 * @returns {DocumentRow[]}
 */
export function readTrees(handle, ids) {
  return JSON.parse(call(26, `${handle}\n${JSON.stringify(ids)}`));
}

/**
 * The same, with the winning revision's body.
 * @param {string} handle
 * @param {string[]} ids
 * @returns {DocumentRow[]}
 */
export function readDocuments(handle, ids) {
  return JSON.parse(call(27, `${handle}\n${JSON.stringify(ids)}`));
}

/**
 * Stored revisions by sequence number, null for those that are not there.
 * @param {string} handle
 * @param {number[]} seqs
 * @returns {any[]}
 */
export function readBodies(handle, seqs) {
  return JSON.parse(call(28, `${handle}\n${JSON.stringify(seqs)}`));
}

/**
 * Begin to write: nobody else writes until `writeDocuments` or `endWriting`, which have to follow
 * without a pause. Answers what the write depends on: the last seq, the number of documents, the
 * trees of `ids`, the revisions of `localIds` (null: none) and the unknown among `digests`.
 * @param {string} handle
 * @param {string[]} ids
 * @param {string[]} localIds
 * @param {string[]} digests
 * @returns {[number, number, DocumentRow[], (string | null)[], string[]]}
 */
export function beginWriting(handle, ids, localIds, digests) {
  return JSON.parse(
    call(29, `${handle}\n${idList(ids)}\n${list(localIds)}\n${list(digests)}`)
  );
}

/**
 * Write and commit. The fields are described in pouchdb/_hosts/storage/writing.py.
 * @param {string} handle
 * @param {string[]} fields
 */
export function writeDocuments(handle, fields) {
  call(30, `${handle}\n${fields.join('\n')}`);
}

/**
 * Nothing is to be written after all.
 * @param {string} handle
 */
export function endWriting(handle) {
  call(31, handle);
}

/**
 * What rows of a list hold: "row" nothing more, "doc" the document, "tree" also the revision tree
 * if it is not a chain (then each row is a pair: tree or null, row).
 * @typedef {'row' | 'doc' | 'tree'} RowContent
 */

/**
 * A range of `allDocs`. `first` and `last` are in ascending order, whatever `descending` says.
 * @typedef {object} DocumentRange
 * @property {RowContent} content
 * @property {boolean} descending
 * @property {number} limit -1: none
 * @property {number} skip
 * @property {string} offset JSON of what the result gives as its offset, empty: nothing
 * @property {boolean} updateSeq
 * @property {string | undefined} first
 * @property {string | undefined} last
 * @property {string | undefined} excluded
 */

/** @param {string | undefined} id */
const optional = (id) => (id === undefined ? '' : JSON.stringify(id));

/**
 * @param {string} handle
 * @param {DocumentRange} range
 */
function rangeRequest(handle, range) {
  return [
    handle,
    range.content,
    bit(range.descending),
    range.limit,
    range.skip,
    range.offset,
    bit(range.updateSeq),
    optional(range.first),
    optional(range.last),
    optional(range.excluded)
  ].join('\n');
}

/**
 * The result of `allDocs` as JSON.
 * @param {string} handle
 * @param {DocumentRange} range
 */
export function listDocuments(handle, range) {
  return call(32, rangeRequest(handle, range));
}

/**
 * The same; the JSON stays with the host and a token comes in its place.
 * @param {string} handle
 * @param {DocumentRange} range
 */
export function listDocumentsRaw(handle, range) {
  return call(33, rangeRequest(handle, range));
}

/**
 * The result of `allDocs` for keys as JSON.
 * @param {string} handle
 * @param {RowContent} content
 * @param {string} offset
 * @param {boolean} updateSeq
 * @param {string[]} keys
 */
export function listKeys(handle, content, offset, updateSeq, keys) {
  return call(34, keysRequest(handle, content, offset, updateSeq, keys));
}

/**
 * The same; the JSON stays with the host and a token comes in its place.
 * @param {string} handle
 * @param {RowContent} content
 * @param {string} offset
 * @param {boolean} updateSeq
 * @param {string[]} keys
 */
export function listKeysRaw(handle, content, offset, updateSeq, keys) {
  return call(35, keysRequest(handle, content, offset, updateSeq, keys));
}

/**
 * @param {string} handle
 * @param {RowContent} content
 * @param {string} offset
 * @param {boolean} updateSeq
 * @param {string[]} keys
 */
function keysRequest(handle, content, offset, updateSeq, keys) {
  return [handle, content, offset, bit(updateSeq), JSON.stringify(keys)].join('\n');
}

/**
 * A part of the changes feed. The content "both" is "doc" and "tree".
 * @typedef {object} FeedPart
 * @property {RowContent | 'both'} content
 * @property {boolean} descending
 * @property {number} start the changes after it (before it, if descending)
 * @property {number} limit -1: none
 * @property {string[] | undefined} ids only these documents; then it is the whole feed
 */

/**
 * @param {string} handle
 * @param {FeedPart} part
 */
function feedRequest(handle, part) {
  const { content, descending, start, limit, ids } = part;
  return [handle, content, bit(descending), start, limit, ids ? JSON.stringify(ids) : ''].join('\n');
}

/**
 * Changes as PouchDB reports them, or pairs of tree and change.
 * @param {string} handle
 * @param {FeedPart} part
 * @returns {any[]}
 */
export function readChanges(handle, part) {
  return JSON.parse(call(36, feedRequest(handle, part)));
}

/**
 * A token for the whole result of `changes`.
 * @param {string} handle
 * @param {FeedPart} part
 * @param {string} since JSON of what `last_seq` is if there are no changes
 */
export function readChangesRaw(handle, part, since) {
  return call(37, `${feedRequest(handle, part)}\n${since}`);
}

/**
 * The JSON of a `_local` document, empty if there is none.
 * @param {string} handle
 * @param {string} id
 */
export function getLocal(handle, id) {
  return call(38, `${handle}\n${JSON.stringify(id)}`);
}

/**
 * Store a `_local` document. Answers "conflict" if its revision is not `oldRev` any more.
 * @param {string} handle
 * @param {string} id
 * @param {string | undefined} oldRev undefined: there must be none yet
 * @param {string} rev
 * @param {string} json
 */
export function putLocal(handle, id, oldRev, rev, json) {
  return call(39, [handle, JSON.stringify(id), optional(oldRev), rev, json].join('\n'));
}

/**
 * Remove a `_local` document. Answers "missing" or "conflict" if it was not removed.
 * @param {string} handle
 * @param {string} id
 * @param {string | undefined} rev
 */
export function removeLocal(handle, id, rev) {
  return call(40, [handle, JSON.stringify(id), optional(rev)].join('\n'));
}

/**
 * Keep an attachment for the write that was begun.
 * @param {string} handle
 * @param {string} base64
 * @returns {[string, number]} its digest and size
 */
export function stageBase64(handle, base64) {
  return JSON.parse(call(41, `${handle}\n${JSON.stringify(base64)}`));
}

/**
 * The same for the bytes behind a Blob's reference.
 * @param {string} handle
 * @param {string} reference
 * @returns {[string, number]}
 */
export function stageBlob(handle, reference) {
  return JSON.parse(call(42, `${handle}\n${reference}`));
}

/**
 * The size of a stored attachment; undefined if there is none of that digest.
 * @param {string} handle
 * @param {string} digest
 * @returns {number | undefined}
 */
export function attachmentSize(handle, digest) {
  const size = call(43, `${handle}\n${JSON.stringify(digest)}`);
  return size === '' ? undefined : Number(size);
}

/**
 * A stored attachment in base64.
 * @param {string} handle
 * @param {string} digest
 */
export function attachmentBase64(handle, digest) {
  return call(44, `${handle}\n${JSON.stringify(digest)}`);
}

/**
 * The reference of a stored attachment, for a Blob whose bytes stay with the host.
 * @param {string} handle
 * @param {string} digest
 */
export function attachmentReference(handle, digest) {
  return `a${handle}:${digest}`;
}

/**
 * The digest of the bytes behind a Blob's reference.
 * @param {string} reference
 */
export function blobDigest(reference) {
  return call(46, reference);
}

/**
 * Ids as JSON: a string if there is one, the host reads that faster.
 * @param {string[]} ids
 */
export function idList(ids) {
  if (ids.length === 1) return JSON.stringify(ids[0]);
  return list(ids);
}

/**
 * Values as JSON, empty if there are none.
 * @param {unknown[]} values
 */
export function list(values) {
  return values.length === 0 ? '' : JSON.stringify(values);
}
