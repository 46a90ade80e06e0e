// @ts-check
/** How names become globals: as in browsers, functions are enumerable and classes are not. */

/**
 * @param {Record<string, unknown>} values
 * @param {boolean} enumerable
 */
function define(values, enumerable) {
  for (const name of Object.keys(values)) {
    const value = values[name];
    // mini-racer declares some names (setTimeout, clearTimeout) as global functions, which can be
    // overwritten but not redefined.
    if (Object.getOwnPropertyDescriptor(globalThis, name)?.configurable === false) {
      /** @type {Record<string, unknown>} */ (globalThis)[name] = value;
    } else {
      Object.defineProperty(globalThis, name, {
        value,
        enumerable,
        configurable: true,
        writable: true,
      });
    }
  }
}

/** @param {Record<string, unknown>} classes */
export function defineClasses(classes) {
  define(classes, false);
}

/** @param {Record<string, unknown>} functions */
export function defineFunctions(functions) {
  define(functions, true);
}
