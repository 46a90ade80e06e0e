// @ts-check
/**
 * Hosts of URLs: names, IPv4 and IPv6 addresses. https://url.spec.whatwg.org/#host-parsing
 *
 * Internationalised names are normalised (NFKC, lower case) and written in Punycode. The tables
 * of UTS #46, which would outweigh everything else here, are not included.
 */
import { C0_CONTROL, percentDecode, percentEncode } from './percentEncoding.js';

const FORBIDDEN_HOST = /[\0\t\n\r #/:<>?@[\\\]^|]/;
const FORBIDDEN_DOMAIN = /[\0-\x20"#%/:<>?@[\\\]^`{|}\x7f]/;
/** Characters that a name loses: soft hyphen, joiners, marks of order and variation. */
const IGNORED = /\u00ad|\u034f|[\u180b-\u180d]|\u200b|\u2060|\u2064|[\ufe00-\ufe0f]|\ufeff/g;

/**
 * RFC 3492.
 * @param {string} label
 */
function punycode(label) {
  const points = Array.from(label, (character) => /** @type {number} */ (character.codePointAt(0)));
  const basic = points.filter((point) => point < 0x80);
  let output = String.fromCharCode(...basic);
  let handled = basic.length;
  if (handled > 0) output += '-';
  let n = 0x80;
  let delta = 0;
  let bias = 72;
  while (handled < points.length) {
    const next = Math.min(...points.filter((point) => point >= n));
    delta += (next - n) * (handled + 1);
    n = next;
    for (const point of points) {
      if (point < n) delta++;
      if (point !== n) continue;
      output += punycodeNumber(delta, bias);
      bias = adaptBias(delta, handled + 1, handled === basic.length);
      delta = 0;
      handled++;
    }
    delta++;
    n++;
  }
  return output;
}

/**
 * @param {number} number
 * @param {number} bias
 */
function punycodeNumber(number, bias) {
  let digits = '';
  for (let k = 36; ; k += 36) {
    const threshold = Math.min(Math.max(k - bias, 1), 26);
    if (number < threshold) return digits + number.toString(36).replace(/./, punycodeDigit);
    const rest = number - threshold;
    const digit = threshold + (rest % (36 - threshold));
    digits += punycodeDigit(digit.toString(36));
    number = Math.floor(rest / (36 - threshold));
  }
}

/**
 * Punycode's digits are a to z and then 0 to 9.
 * @param {string} digit in base 36
 */
function punycodeDigit(digit) {
  const value = parseInt(digit, 36);
  return String.fromCharCode(value < 26 ? 97 + value : 22 + value);
}

/**
 * @param {number} delta
 * @param {number} count
 * @param {boolean} isFirst
 */
function adaptBias(delta, count, isFirst) {
  delta = isFirst ? Math.floor(delta / 700) : delta >> 1;
  delta += Math.floor(delta / count);
  let k = 0;
  for (; delta > 455; k += 36) delta = Math.floor(delta / 35);
  return k + Math.floor((36 * delta) / (delta + 38));
}

/** @param {string} name */
function nameToAscii(name) {
  if (!/[^\0-\x7f]/.test(name)) return name.toLowerCase();
  const normal = name.replace(IGNORED, '').normalize('NFKC').toLowerCase().normalize('NFC');
  const labels = normal.replace(/[\u3002\uff0e\uff61]/g, '.').split('.');
  return labels.map((l) => (/[^\0-\x7f]/.test(l) ? `xn--${punycode(l)}` : l)).join('.');
}

/**
 * @param {string} text
 * @returns {number} NaN if it is no number
 */
function parseIpv4Number(text) {
  if (/^0x[0-9a-f]*$/i.test(text)) return text.length === 2 ? 0 : parseInt(text, 16);
  if (/^0[0-7]*$/.test(text)) return parseInt(text, 8);
  return /^[1-9][0-9]*$/.test(text) ? Number(text) : NaN;
}

/** @param {string} name */
function endsInNumber(name) {
  const parts = name.split('.');
  if (parts.at(-1) === '' && parts.length > 1) parts.pop();
  const last = /** @type {string} */ (parts.at(-1));
  return /^[0-9]+$/.test(last) || /^0x[0-9a-f]*$/i.test(last);
}

/**
 * @param {string} text
 * @returns {string | undefined}
 */
function parseIpv4(text) {
  const parts = text.split('.');
  if (parts.at(-1) === '' && parts.length > 1) parts.pop();
  const numbers = parts.map(parseIpv4Number);
  const last = /** @type {number} */ (numbers.pop());
  if (numbers.length > 3 || numbers.some((number) => !(number <= 255))) return undefined;
  if (!(last < 256 ** (4 - numbers.length))) return undefined;
  const address = numbers.reduce((sum, number, i) => sum + number * 256 ** (3 - i), last);
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.');
}

/**
 * @param {string} text
 * @returns {number[] | undefined} 16-bit pieces
 */
function ipv6Pieces(text) {
  if (text === '') return [];
  const parts = text.split(':');
  const pieces = [];
  for (const [i, part] of parts.entries()) {
    if (i === parts.length - 1 && part.includes('.')) {
      const bytes = part.split('.');
      const isValid = bytes.every((byte) => /^(0|[1-9][0-9]{0,2})$/.test(byte) && Number(byte) < 256);
      if (bytes.length !== 4 || !isValid) return undefined;
      const [a, b, c, d] = bytes.map(Number);
      pieces.push(a * 256 + b, c * 256 + d);
    } else {
      if (!/^[0-9a-f]{1,4}$/i.test(part)) return undefined;
      pieces.push(parseInt(part, 16));
    }
  }
  return pieces;
}

/**
 * @param {string} text without brackets
 * @returns {string | undefined}
 */
function parseIpv6(text) {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  // An IPv4 address may stand only at the very end.
  if (halves.length === 2 && halves[0].includes('.')) return undefined;
  const [before, after] = halves.map(ipv6Pieces);
  if (!before) return undefined;
  if (halves.length === 1) return before.length === 8 ? serializeIpv6(before) : undefined;
  const missing = 8 - before.length - (after?.length ?? 8);
  if (!after || missing < 1) return undefined;
  return serializeIpv6([...before, ...new Array(missing).fill(0), ...after]);
}

/** @param {number[]} pieces */
function serializeIpv6(pieces) {
  let longest = { start: -1, length: 1 };
  for (let start = 0; start < 8; start++) {
    let length = 0;
    while (pieces[start + length] === 0) length++;
    if (length > longest.length) longest = { start, length };
  }
  const hex = pieces.map((piece) => piece.toString(16));
  if (longest.start < 0) return `[${hex.join(':')}]`;
  const head = hex.slice(0, longest.start).join(':');
  return `[${head}::${hex.slice(longest.start + longest.length).join(':')}]`;
}

/**
 * @param {string} text
 * @param {boolean} isSpecial whether the URL's scheme is one of the standard's special ones
 * @returns {string | undefined} undefined if it is no host
 */
export function parseHost(text, isSpecial) {
  if (text.startsWith('[')) return text.endsWith(']') ? parseIpv6(text.slice(1, -1)) : undefined;
  if (!isSpecial) {
    return FORBIDDEN_HOST.test(text) ? undefined : percentEncode(text, C0_CONTROL);
  }
  const name = nameToAscii(percentDecode(text));
  if (name === '' || FORBIDDEN_DOMAIN.test(name)) return undefined;
  return endsInNumber(name) ? parseIpv4(name) : name;
}
