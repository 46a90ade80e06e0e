// @ts-check
/** URLSearchParams. https://url.spec.whatwg.org/#interface-urlsearchparams */
import { formEncode, percentDecode } from './percentEncoding.js';

/** @typedef {[name: string, value: string]} Pair */

/**
 * @param {string} text
 * @returns {Pair[]}
 */
function parsePairs(text) {
  return text
    .split('&')
    .filter((part) => part !== '')
    .map((part) => {
      const [, name, value = ''] = /** @type {RegExpExecArray} */ (
        /^([^=]*)(?:=(.*))?$/s.exec(part.replaceAll('+', ' '))
      );
      return [percentDecode(name), percentDecode(value)];
    });
}

/**
 * @param {any} init
 * @returns {Pair[]}
 */
function pairsOf(init) {
  if (typeof init !== 'object' && typeof init !== 'function') {
    return parsePairs(String(init).replace(/^\?/, ''));
  }
  const pairs = typeof init[Symbol.iterator] === 'function' ? [...init] : Object.entries(init);
  return pairs.map((pair) => {
    const items = [...pair];
    if (items.length !== 2) throw new TypeError('URLSearchParams: expected [name, value] pairs');
    return [String(items[0]).toWellFormed(), String(items[1]).toWellFormed()];
  });
}

/** @type {(params: URLSearchParams, query: string) => void} */
export let replacePairs;
/** @type {(params: URLSearchParams, changed: (query: string) => void) => void} */
export let onChange;

export class URLSearchParams {
  /** @type {Pair[]} */
  #pairs = [];
  /** @type {(query: string) => void} */
  #changed = () => {};

  static {
    replacePairs = (params, query) => {
      params.#pairs = parsePairs(query);
    };
    onChange = (params, changed) => {
      params.#changed = changed;
    };
  }

  /** @param {any} [init] */
  constructor(init) {
    if (init !== undefined && init !== null) this.#pairs = pairsOf(init);
  }

  get size() {
    return this.#pairs.length;
  }

  #update() {
    this.#changed(this.toString());
  }

  /**
   * @param {string} name
   * @param {string} value
   */
  append(name, value) {
    this.#pairs.push([String(name).toWellFormed(), String(value).toWellFormed()]);
    this.#update();
  }

  /**
   * @param {string} name
   * @param {string} [value]
   */
  delete(name, value) {
    this.#pairs = this.#pairs.filter((pair) => !matches(pair, name, value));
    this.#update();
  }

  /** @param {string} name */
  get(name) {
    return this.#pairs.find((pair) => matches(pair, name))?.[1] ?? null;
  }

  /** @param {string} name */
  getAll(name) {
    return this.#pairs.filter((pair) => matches(pair, name)).map((pair) => pair[1]);
  }

  /**
   * @param {string} name
   * @param {string} [value]
   */
  has(name, value) {
    return this.#pairs.some((pair) => matches(pair, name, value));
  }

  /**
   * @param {string} name
   * @param {string} value
   */
  set(name, value) {
    const first = this.#pairs.findIndex((pair) => matches(pair, name));
    if (first < 0) {
      this.append(name, value);
      return;
    }
    this.#pairs = this.#pairs.filter((pair, i) => i <= first || !matches(pair, name));
    this.#pairs[first] = [this.#pairs[first][0], String(value).toWellFormed()];
    this.#update();
  }

  sort() {
    this.#pairs.sort(([a], [b]) => (a < b ? -1 : Number(a > b)));
    this.#update();
  }

  /**
   * @param {(value: string, name: string, params: URLSearchParams) => void} callback
   * @param {unknown} [thisArg]
   */
  forEach(callback, thisArg) {
    for (const [name, value] of this) callback.call(thisArg, value, name, this);
  }

  /** @returns {Generator<Pair>} */
  *entries() {
    for (let i = 0; i < this.#pairs.length; i++) yield [...this.#pairs[i]];
  }

  *keys() {
    for (const [name] of this) yield name;
  }

  *values() {
    for (const [, value] of this) yield value;
  }

  [Symbol.iterator]() {
    return this.entries();
  }

  toString() {
    return this.#pairs.map((pair) => pair.map(formEncode).join('=')).join('&');
  }

  get [Symbol.toStringTag]() {
    return 'URLSearchParams';
  }
}

/**
 * @param {Pair} pair
 * @param {unknown} name
 * @param {unknown} [value]
 */
function matches(pair, name, value) {
  return pair[0] === String(name) && (value === undefined || pair[1] === String(value));
}
