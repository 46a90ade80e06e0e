// @ts-check
/** What nobody caught: it goes to the console, as in Node's and the browsers' default. */
import { console } from './console.js';
import { inspect } from './inspect.js';

/** @param {unknown} error */
export function reportError(error) {
  console.error(`Uncaught ${inspect(error)}`);
}
