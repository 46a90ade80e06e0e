// @ts-check
/** PouchDB's own `pouchdb-utils` (the browser build) without what does not fit here. */
export * from 'pouchdb-utils';

/**
 * The browser build tells browser users in the console that a 404 is normal; here there are
 * none, and the Node build is silent too.
 */
export function explainError() {}

/**
 * Evaluates function text. Nothing that is built in may do so: the text comes from documents.
 * @returns {never}
 */
export function scopeEval() {
  throw new Error('function text from documents runs in the sandbox, not in the engine');
}
