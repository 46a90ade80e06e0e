// @ts-check
/** Headers of the Fetch standard. https://fetch.spec.whatwg.org/#headers-class */

const NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
// eslint-disable-next-line no-control-regex
const FORBIDDEN_IN_VALUE = /[\0\r\n]|[^\x00-\xff]/;

/** @param {unknown} name */
function normalizeName(name) {
  const text = String(name);
  if (!NAME.test(text)) throw new TypeError(`Headers: ${JSON.stringify(text)} is not a header name`);
  return text.toLowerCase();
}

/** @param {unknown} value */
function normalizeValue(value) {
  const text = String(value).replace(/^[\t\n\r ]+|[\t\n\r ]+$/g, '');
  if (FORBIDDEN_IN_VALUE.test(text)) {
    throw new TypeError(`Headers: ${JSON.stringify(text)} is not a header value`);
  }
  return text;
}

export class Headers {
  /** Values by lower-case name. @type {Map<string, string[]>} */
  #values = new Map();

  /** @param {Headers | Iterable<Iterable<unknown>> | Record<string, unknown>} [init] */
  constructor(init) {
    if (init === undefined) return;
    if (init === null || typeof init !== 'object') {
      throw new TypeError('Headers: expected an object or a sequence of pairs');
    }
    const pairs = Symbol.iterator in init ? init : Object.entries(init);
    for (const pair of /** @type {Iterable<Iterable<unknown>>} */ (pairs)) {
      const [name, value, ...rest] = pair;
      if (value === undefined || rest.length > 0) {
        throw new TypeError('Headers: each pair must have a name and a value');
      }
      this.append(/** @type {string} */ (name), /** @type {string} */ (value));
    }
  }

  /**
   * @param {string} name
   * @param {string} value
   */
  append(name, value) {
    const key = normalizeName(name);
    const text = normalizeValue(value);
    const values = this.#values.get(key);
    if (values) values.push(text);
    else this.#values.set(key, [text]);
  }

  /** @param {string} name */
  delete(name) {
    this.#values.delete(normalizeName(name));
  }

  /** @param {string} name */
  get(name) {
    return this.#values.get(normalizeName(name))?.join(', ') ?? null;
  }

  getSetCookie() {
    return [...(this.#values.get('set-cookie') ?? [])];
  }

  /** @param {string} name */
  has(name) {
    return this.#values.has(normalizeName(name));
  }

  /**
   * @param {string} name
   * @param {string} value
   */
  set(name, value) {
    this.#values.set(normalizeName(name), [normalizeValue(value)]);
  }

  /** @returns {Array<[string, string]>} sorted by name; each cookie for itself */
  #sorted() {
    /** @type {Array<[string, string]>} */
    const entries = [];
    for (const name of [...this.#values.keys()].sort()) {
      const values = /** @type {string[]} */ (this.#values.get(name));
      if (name === 'set-cookie') for (const value of values) entries.push([name, value]);
      else entries.push([name, values.join(', ')]);
    }
    return entries;
  }

  /**
   * @param {(value: string, name: string, headers: Headers) => void} callback
   * @param {unknown} [thisArg]
   */
  forEach(callback, thisArg) {
    for (const [name, value] of this.#sorted()) callback.call(thisArg, value, name, this);
  }

  *entries() {
    yield* this.#sorted();
  }

  *keys() {
    for (const [name] of this.#sorted()) yield name;
  }

  *values() {
    for (const [, value] of this.#sorted()) yield value;
  }

  [Symbol.iterator]() {
    return this.entries();
  }

  get [Symbol.toStringTag]() {
    return 'Headers';
  }
}
