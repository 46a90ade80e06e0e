// @ts-check
/** Opening: all objects of one database share a queue, so that their calls keep their order. */

import { openDatabase } from '../host.js';
import { Queue } from './queue.js';

/** @type {Map<string, {queue: Queue, users: number}>} */
const shared = new Map();

/**
 * @param {string} kind "sqlite" or "memory"
 * @param {any} api
 * @param {any} options
 * @returns {import('./index.js').Context}
 */
export function open(kind, api, options) {
  const { handle, uuid } = openDatabase(kind, options.name);
  const key = `${kind}:${options.name}`;
  const entry = shared.get(key) ?? { queue: new Queue(), users: 0 };
  entry.users++;
  shared.set(key, entry);
  return { api, options, key, handle, uuid, queue: entry.queue };
}

/** @param {import('./index.js').Context} context */
export function release({ key, queue }) {
  const entry = shared.get(key);
  if (entry?.queue === queue && --entry.users === 0) shared.delete(key);
}
