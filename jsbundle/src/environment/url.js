// @ts-check
/** URL. https://url.spec.whatwg.org/#url-class */
import {
  appendPath,
  isSpecial,
  parseUrl,
  serializeHost,
  serializePath,
  serializeUrl,
  setFragment,
  setHost,
  setPort,
  setQuery,
  setScheme,
  splitPort,
} from './urlParser.js';
import { USERINFO, percentEncode } from './percentEncoding.js';
import { URLSearchParams, onChange, replacePairs } from './urlSearchParams.js';

/** @typedef {import('./urlParser.js').UrlRecord} UrlRecord */

/**
 * @param {unknown} input
 * @param {unknown} [base]
 * @returns {UrlRecord | undefined}
 */
function parseWithBase(input, base) {
  if (base === undefined) return parseUrl(String(input));
  const baseRecord = parseUrl(String(base));
  return baseRecord && parseUrl(String(input), baseRecord);
}

/** @param {UrlRecord} url */
function cannotHaveCredentials(url) {
  return url.host === null || url.host === '' || url.scheme === 'file';
}

/** Tabs and line ends do not count in what is assigned to an attribute. @param {unknown} value */
function assigned(value) {
  return String(value).replace(/[\t\n\r]/g, '');
}

export class URL {
  /** @type {UrlRecord} */
  #url;
  /** @type {URLSearchParams | undefined} */
  #searchParams;

  /**
   * @param {string | URL} input
   * @param {string | URL} [base]
   */
  constructor(input, base) {
    if (arguments.length === 0) throw new TypeError('URL: 1 argument required');
    const url = parseWithBase(input, base);
    if (!url) throw new TypeError(`Invalid URL: ${String(input)}`);
    this.#url = url;
  }

  /**
   * @param {string | URL} input
   * @param {string | URL} [base]
   */
  static canParse(input, base) {
    return parseWithBase(input, base) !== undefined;
  }

  /**
   * @param {string | URL} input
   * @param {string | URL} [base]
   */
  static parse(input, base) {
    return URL.canParse(input, base) ? new URL(input, base) : null;
  }

  get href() {
    return serializeUrl(this.#url);
  }

  set href(value) {
    const url = parseUrl(String(value));
    if (!url) throw new TypeError(`Invalid URL: ${value}`);
    this.#url = url;
    this.#refreshParams();
  }

  /** @returns {string} */
  get origin() {
    const { scheme, path } = this.#url;
    if (scheme === 'blob' && typeof path === 'string') {
      const inner = parseUrl(path);
      return inner && /^https?$/.test(inner.scheme) ? new URL(path).origin : 'null';
    }
    if (!isSpecial(this.#url) || scheme === 'file') return 'null';
    return `${scheme}://${serializeHost(this.#url)}`;
  }

  get protocol() {
    return `${this.#url.scheme}:`;
  }

  set protocol(value) {
    setScheme(this.#url, assigned(value));
  }

  get username() {
    return this.#url.username;
  }

  set username(value) {
    if (cannotHaveCredentials(this.#url)) return;
    this.#url.username = percentEncode(String(value), USERINFO);
  }

  get password() {
    return this.#url.password;
  }

  set password(value) {
    if (cannotHaveCredentials(this.#url)) return;
    this.#url.password = percentEncode(String(value), USERINFO);
  }

  get host() {
    return serializeHost(this.#url);
  }

  set host(value) {
    const [host, port] = this.#splitHost(value);
    if (port !== undefined && this.#url.scheme === 'file') return;
    if (this.#changeHost(host, port !== undefined) && port) this.#changePort(port);
  }

  get hostname() {
    return this.#url.host ?? '';
  }

  set hostname(value) {
    const [host, port] = this.#splitHost(value);
    if (port === undefined) this.#changeHost(host, false);
  }

  get port() {
    return this.#url.port === null ? '' : String(this.#url.port);
  }

  set port(value) {
    if (cannotHaveCredentials(this.#url)) return;
    if (String(value) === '') this.#url.port = null;
    else this.#changePort(assigned(value));
  }

  get pathname() {
    return serializePath(this.#url);
  }

  set pathname(value) {
    if (typeof this.#url.path === 'string') return;
    this.#url.path = [];
    const text = assigned(value);
    if (text === '' && !isSpecial(this.#url) && this.#url.host !== null) return;
    appendPath(this.#url, text.replace(isSpecial(this.#url) ? /^[/\\]/ : /^\//, ''));
  }

  get search() {
    return this.#url.query ? `?${this.#url.query}` : '';
  }

  set search(value) {
    const text = assigned(value);
    if (text === '') this.#url.query = null;
    else setQuery(this.#url, text.replace(/^\?/, ''));
    this.#refreshParams();
  }

  get searchParams() {
    if (!this.#searchParams) {
      this.#searchParams = new URLSearchParams();
      this.#refreshParams();
      onChange(this.#searchParams, (query) => {
        this.#url.query = query === '' ? null : query;
      });
    }
    return this.#searchParams;
  }

  get hash() {
    return this.#url.fragment ? `#${this.#url.fragment}` : '';
  }

  set hash(value) {
    const text = assigned(value);
    if (text === '') this.#url.fragment = null;
    else setFragment(this.#url, text.replace(/^#/, ''));
  }

  toString() {
    return this.href;
  }

  toJSON() {
    return this.href;
  }

  get [Symbol.toStringTag]() {
    return 'URL';
  }

  #refreshParams() {
    if (this.#searchParams) replacePairs(this.#searchParams, this.#url.query ?? '');
  }

  /** @param {unknown} value */
  #splitHost(value) {
    const [text] = assigned(value).split(isSpecial(this.#url) ? /[/\\?#]/ : /[/?#]/, 1);
    return splitPort(text);
  }

  /**
   * @param {string} host
   * @param {boolean} hasPort
   */
  #changeHost(host, hasPort) {
    const url = this.#url;
    if (typeof url.path === 'string') return false;
    const needsHost = url.username !== '' || url.password !== '' || url.port !== null || hasPort;
    if (host === '' && (needsHost || (isSpecial(url) && url.scheme !== 'file'))) return false;
    if (host === '') url.host = '';
    else if (!setHost(url, host)) return false;
    if (url.scheme === 'file' && url.host === 'localhost') url.host = '';
    return true;
  }

  /** @param {string} text digits, and what does not count */
  #changePort(text) {
    const [digits] = /** @type {RegExpExecArray} */ (/^[0-9]*/.exec(text));
    if (digits !== '') setPort(this.#url, digits);
  }
}
