// @ts-check
/** The engine has no network of its own. */

/**
 * @param {unknown} resource
 * @returns {Promise<never>}
 */
export async function fetch(resource) {
  throw new TypeError(`fetch failed: the engine has no network access (${String(resource)})`);
}
