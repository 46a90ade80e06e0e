// @ts-check
/** Live feeds: PouchDB's own mechanism runs `db.changes` again whenever something was written. */

import { changesHandler, uuid } from 'pouchdb-utils';

const feeds = /** @type {any} */ (new changesHandler());

/** How many feeds of a database there are. @type {Map<string, number>} */
const listening = new Map();

/**
 * @param {import('./index.js').Context} context
 * @param {any} opts
 */
export function listen(context, opts) {
  const { key, api } = context;
  const id = `${key}:${uuid()}`;
  listening.set(key, (listening.get(key) ?? 0) + 1);
  feeds.addListener(key, id, api, opts);
  feeds.notify(key);
  let cancelled = false;
  return {
    cancel() {
      if (cancelled) return;
      cancelled = true;
      listening.set(key, (listening.get(key) ?? 1) - 1);
      feeds.removeListener(key, id);
    }
  };
}

/**
 * Something was written.
 * @param {string} key
 */
export function announce(key) {
  if (listening.get(key)) feeds.notify(key);
}

/**
 * The database is gone.
 * @param {string} key
 */
export function silence(key) {
  listening.delete(key);
  feeds.removeAllListeners(key);
}
