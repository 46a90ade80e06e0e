// @ts-check
/** DOMException, the error class of the web's own functions. https://webidl.spec.whatwg.org/ */

/** The names that have a legacy code, and the constant that names the code. */
const LEGACY_CODES = /** @type {const} */ ({
  IndexSizeError: ['INDEX_SIZE_ERR', 1],
  HierarchyRequestError: ['HIERARCHY_REQUEST_ERR', 3],
  WrongDocumentError: ['WRONG_DOCUMENT_ERR', 4],
  InvalidCharacterError: ['INVALID_CHARACTER_ERR', 5],
  NoModificationAllowedError: ['NO_MODIFICATION_ALLOWED_ERR', 7],
  NotFoundError: ['NOT_FOUND_ERR', 8],
  NotSupportedError: ['NOT_SUPPORTED_ERR', 9],
  InUseAttributeError: ['INUSE_ATTRIBUTE_ERR', 10],
  InvalidStateError: ['INVALID_STATE_ERR', 11],
  SyntaxError: ['SYNTAX_ERR', 12],
  InvalidModificationError: ['INVALID_MODIFICATION_ERR', 13],
  NamespaceError: ['NAMESPACE_ERR', 14],
  InvalidAccessError: ['INVALID_ACCESS_ERR', 15],
  TypeMismatchError: ['TYPE_MISMATCH_ERR', 17],
  SecurityError: ['SECURITY_ERR', 18],
  NetworkError: ['NETWORK_ERR', 19],
  AbortError: ['ABORT_ERR', 20],
  URLMismatchError: ['URL_MISMATCH_ERR', 21],
  QuotaExceededError: ['QUOTA_EXCEEDED_ERR', 22],
  TimeoutError: ['TIMEOUT_ERR', 23],
  InvalidNodeTypeError: ['INVALID_NODE_TYPE_ERR', 24],
  DataCloneError: ['DATA_CLONE_ERR', 25],
});

export class DOMException extends Error {
  /**
   * @param {string} [message]
   * @param {string | { name?: string, cause?: unknown }} [options] the name, or an object with it
   */
  constructor(message = '', options = 'Error') {
    super(String(message), typeof options === 'object' ? options : undefined);
    const name = typeof options === 'object' ? (options.name ?? 'Error') : options;
    Object.defineProperty(this, 'name', {
      value: String(name),
      configurable: true,
      writable: true,
    });
  }

  /** @returns {number} */
  get code() {
    const entry = /** @type {Record<string, readonly [string, number]>} */ (LEGACY_CODES)[this.name];
    return entry ? entry[1] : 0;
  }

  get [Symbol.toStringTag]() {
    return 'DOMException';
  }
}

for (const [constant, value] of Object.values(LEGACY_CODES)) {
  Object.defineProperty(DOMException, constant, { value, enumerable: true });
  Object.defineProperty(DOMException.prototype, constant, { value, enumerable: true });
}
