// @ts-check
/**
 * A result whose JSON text waits in the host, ready for Python's parser: an adapter method that
 * was called with `opts._raw` may answer with one. `dispatch.js` passes on only the token.
 */
export class RawResult {
  /** @param {string} token */
  constructor(token) {
    this.token = token;
  }
}
