// @ts-check
/** The URL parser and serializer. https://url.spec.whatwg.org/#url-parsing */
import {
  C0_CONTROL,
  FRAGMENT,
  PATH,
  QUERY,
  SPECIAL_QUERY,
  USERINFO,
  percentEncode,
} from './percentEncoding.js';
import { parseHost } from './urlHost.js';

/**
 * The standard's URL record.
 * @typedef {object} UrlRecord
 * @property {string} scheme
 * @property {string} username
 * @property {string} password
 * @property {string | null} host
 * @property {number | null} port
 * @property {string[] | string} path segments; a string if the path is opaque, as in mailto:
 * @property {string | null} query
 * @property {string | null} fragment
 */

/** The special schemes and their default ports. @type {Map<string, number | null>} */
const SPECIAL_SCHEMES = new Map([
  ['http', 80],
  ['https', 443],
  ['ws', 80],
  ['wss', 443],
  ['ftp', 21],
  ['file', null],
]);

const SCHEME = /^([a-z][a-z0-9+\-.]*):/i;
const DRIVE_LETTER = /^[a-z][:|]$/i;
const STARTS_WITH_DRIVE_LETTER = /^[a-z][:|](?:[/\\]|$)/i;
const SINGLE_DOT = /^(?:\.|%2e)$/i;
const DOUBLE_DOT = /^(?:\.|%2e){2}$/i;

/** What the parser gives up with; it does not leave `parseUrl`. */
class InvalidUrl extends Error {}

/** @param {UrlRecord} url */
export function isSpecial(url) {
  return SPECIAL_SCHEMES.has(url.scheme);
}

/** @param {UrlRecord} url */
function isSlash(url) {
  return isSpecial(url) ? /^[/\\]/ : /^\//;
}

/**
 * @param {UrlRecord} url
 * @param {string} text
 */
export function setQuery(url, text) {
  url.query = percentEncode(text, isSpecial(url) ? SPECIAL_QUERY : QUERY);
}

/**
 * @param {UrlRecord} url
 * @param {string} text
 */
export function setFragment(url, text) {
  url.fragment = percentEncode(text, FRAGMENT);
}

/**
 * @param {UrlRecord} url
 * @param {string} username
 * @param {string} password
 */
function setCredentials(url, username, password) {
  url.username = percentEncode(username, USERINFO);
  url.password = percentEncode(password, USERINFO);
}

/**
 * @param {UrlRecord} url
 * @param {string} digits
 * @returns {boolean} whether it is a port
 */
export function setPort(url, digits) {
  if (!/^[0-9]*$/.test(digits) || Number(digits) > 65535) return false;
  const port = digits === '' ? null : Number(digits);
  url.port = port === SPECIAL_SCHEMES.get(url.scheme) ? null : port;
  return true;
}

/**
 * @param {UrlRecord} url
 * @param {string} text
 * @returns {boolean} whether it is a host
 */
export function setHost(url, text) {
  const host = text === '' && !isSpecial(url) ? '' : parseHost(text, isSpecial(url));
  if (host === undefined) return false;
  url.host = host;
  return true;
}

/**
 * Split `host:port`; the colons of an IPv6 address do not count.
 * @param {string} text
 * @returns {[host: string, port: string | undefined]}
 */
export function splitPort(text) {
  let isInBrackets = false;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '[') isInBrackets = true;
    else if (text[i] === ']') isInBrackets = false;
    else if (text[i] === ':' && !isInBrackets) return [text.slice(0, i), text.slice(i + 1)];
  }
  return [text, undefined];
}

/** @param {UrlRecord} url */
function shortenPath(url) {
  const path = /** @type {string[]} */ (url.path);
  if (url.scheme === 'file' && path.length === 1 && /^[a-z]:$/i.test(path[0])) return;
  path.pop();
}

/**
 * Append the segments of `text` to the path.
 * @param {UrlRecord} url
 * @param {string} text without the slash that begins it
 */
export function appendPath(url, text) {
  const path = /** @type {string[]} */ (url.path);
  const segments = text.split(isSpecial(url) ? /[/\\]/ : '/');
  segments.forEach((segment, i) => {
    const isLast = i === segments.length - 1;
    if (DOUBLE_DOT.test(segment)) {
      shortenPath(url);
      if (isLast) path.push('');
    } else if (SINGLE_DOT.test(segment)) {
      if (isLast) path.push('');
    } else if (url.scheme === 'file' && path.length === 0 && DRIVE_LETTER.test(segment)) {
      path.push(`${segment[0]}:`);
    } else {
      path.push(percentEncode(segment, PATH));
    }
  });
}

/**
 * The path after an authority.
 * @param {UrlRecord} url
 * @param {string} text
 */
function startPath(url, text) {
  if (text === '' && !isSpecial(url)) return;
  appendPath(url, text.replace(isSlash(url), ''));
}

/**
 * @param {UrlRecord} url
 * @param {string} text what follows the two slashes
 */
function parseAuthority(url, text) {
  const end = text.search(isSpecial(url) ? /[/\\]/ : /\//);
  const authority = end < 0 ? text : text.slice(0, end);
  const at = authority.lastIndexOf('@');
  if (at >= 0) {
    const [, username, , password = ''] = /** @type {RegExpExecArray} */ (
      /^([^:]*)(:(.*))?$/s.exec(authority.slice(0, at))
    );
    setCredentials(url, username, password);
  }
  const [host, port] = splitPort(authority.slice(at + 1));
  if (host === '' && (at >= 0 || port !== undefined || isSpecial(url))) throw new InvalidUrl();
  if (!setHost(url, host) || !setPort(url, port ?? '')) throw new InvalidUrl();
  startPath(url, end < 0 ? '' : text.slice(end));
}

/**
 * @param {UrlRecord} url
 * @param {UrlRecord} base
 */
function copyAuthority(url, base) {
  url.username = base.username;
  url.password = base.password;
  url.host = base.host;
  url.port = base.port;
}

/**
 * A path relative to the base's, or nothing at all.
 * @param {UrlRecord} url
 * @param {string} text
 * @param {UrlRecord} base
 */
function parseRelativePath(url, text, base) {
  url.path = [...base.path];
  if (text === '') {
    url.query = base.query; // unless the text has a query of its own, see parse()
    return;
  }
  if (url.scheme === 'file' && STARTS_WITH_DRIVE_LETTER.test(text)) url.path = [];
  else shortenPath(url);
  appendPath(url, text);
}

/**
 * @param {UrlRecord} url
 * @param {string} text
 * @param {UrlRecord} base
 */
function parseRelative(url, text, base) {
  url.scheme = base.scheme;
  const slash = isSlash(url);
  if (!slash.test(text)) {
    copyAuthority(url, base);
    parseRelativePath(url, text, base);
  } else if (!slash.test(text.slice(1))) {
    copyAuthority(url, base);
    appendPath(url, text.slice(1));
  } else {
    parseAuthority(url, isSpecial(url) ? text.replace(/^[/\\]+/, '') : text.slice(2));
  }
}

/**
 * @param {UrlRecord} url
 * @param {string} text
 */
function parseFileHost(url, text) {
  const [host] = text.split(/[/\\]/, 1);
  if (DRIVE_LETTER.test(host)) {
    appendPath(url, text);
    return;
  }
  if (host !== '' && !setHost(url, host)) throw new InvalidUrl();
  if (url.host === 'localhost') url.host = '';
  startPath(url, text.slice(host.length));
}

/**
 * @param {UrlRecord} url
 * @param {string} text
 * @param {UrlRecord | undefined} base
 */
function parseFile(url, text, base) {
  url.scheme = 'file';
  url.host = '';
  const fileBase = base?.scheme === 'file' ? base : undefined;
  if (/^[/\\]{2}/.test(text)) {
    parseFileHost(url, text.slice(2));
  } else if (/^[/\\]/.test(text)) {
    if (fileBase) {
      url.host = fileBase.host;
      const [drive = ''] = fileBase.path;
      if (!STARTS_WITH_DRIVE_LETTER.test(text.slice(1)) && /^[a-z]:$/i.test(drive)) {
        url.path = [drive];
      }
    }
    appendPath(url, text.slice(1));
  } else if (fileBase) {
    url.host = fileBase.host;
    parseRelativePath(url, text, fileBase);
  } else {
    appendPath(url, text);
  }
}

/**
 * @param {UrlRecord} url
 * @param {string} text what follows the scheme
 * @param {UrlRecord | undefined} base
 */
function parseAfterScheme(url, text, base) {
  if (url.scheme === 'file') {
    parseFile(url, text, base);
  } else if (isSpecial(url)) {
    if (base?.scheme === url.scheme && !text.startsWith('//')) parseRelative(url, text, base);
    else parseAuthority(url, text.replace(/^[/\\]+/, ''));
  } else if (text.startsWith('//')) {
    parseAuthority(url, text.slice(2));
  } else if (text.startsWith('/')) {
    appendPath(url, text.slice(1));
  } else {
    url.path = percentEncode(text, C0_CONTROL);
  }
}

/**
 * @param {UrlRecord} url
 * @param {string} input
 * @param {UrlRecord | undefined} base
 */
function parse(url, input, base) {
  const text = input.replace(/^[\0-\x20]+|[\0-\x20]+$/g, '').replace(/[\t\n\r]/g, '');
  const [, body, query, fragment] = /** @type {RegExpExecArray} */ (
    /^([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/s.exec(text)
  );
  const scheme = SCHEME.exec(body);
  if (scheme) {
    url.scheme = scheme[1].toLowerCase();
    parseAfterScheme(url, body.slice(scheme[0].length), base);
  } else if (!base) {
    throw new InvalidUrl();
  } else if (typeof base.path === 'string') {
    if (body !== '' || query !== undefined || fragment === undefined) throw new InvalidUrl();
    Object.assign(url, base);
  } else if (base.scheme === 'file') {
    parseFile(url, body, base);
  } else {
    parseRelative(url, body, base);
  }
  if (query !== undefined) setQuery(url, query);
  if (fragment !== undefined) setFragment(url, fragment);
  else url.fragment = null;
}

/**
 * @param {string} input
 * @param {UrlRecord} [base]
 * @returns {UrlRecord | undefined} undefined if it is no URL
 */
export function parseUrl(input, base) {
  /** @type {UrlRecord} */
  const url = {
    scheme: '',
    username: '',
    password: '',
    host: null,
    port: null,
    path: [],
    query: null,
    fragment: null,
  };
  try {
    parse(url, input, base);
    return url;
  } catch (error) {
    if (error instanceof InvalidUrl) return undefined;
    throw error;
  }
}

/** @param {UrlRecord} url */
export function serializePath(url) {
  if (typeof url.path === 'string') return url.path;
  return url.path.map((segment) => `/${segment}`).join('');
}

/** @param {UrlRecord} url */
export function serializeHost(url) {
  return (url.host ?? '') + (url.port === null ? '' : `:${url.port}`);
}

/** @param {UrlRecord} url */
export function serializeUrl(url) {
  let text = `${url.scheme}:`;
  if (url.host !== null) {
    const password = url.password === '' ? '' : `:${url.password}`;
    const credentials = url.username + password;
    text += `//${credentials === '' ? '' : `${credentials}@`}${serializeHost(url)}`;
  } else if (typeof url.path !== 'string' && url.path.length > 1 && url.path[0] === '') {
    text += '/.'; // else the path would be taken for a host
  }
  text += serializePath(url);
  if (url.query !== null) text += `?${url.query}`;
  return url.fragment === null ? text : `${text}#${url.fragment}`;
}

/**
 * Change the scheme, if the standard allows it.
 * @param {UrlRecord} url
 * @param {string} text
 */
export function setScheme(url, text) {
  const match = SCHEME.exec(`${text}:`);
  if (!match) return;
  const scheme = match[1].toLowerCase();
  if (SPECIAL_SCHEMES.has(scheme) !== isSpecial(url)) return;
  const hasAuthority = url.username !== '' || url.password !== '' || url.port !== null;
  if (scheme === 'file' && hasAuthority) return;
  if (url.scheme === 'file' && url.host === '') return;
  url.scheme = scheme;
  if (url.port === SPECIAL_SCHEMES.get(scheme)) url.port = null;
}
