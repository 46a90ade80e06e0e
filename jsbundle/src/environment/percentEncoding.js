// @ts-check
/** Percent encoding of the URL standard. https://url.spec.whatwg.org/#percent-encoded-bytes */
import * as utf8 from './utf8.js';

/* The sets of characters that are encoded, each larger than the one before. */
export const C0_CONTROL = /[^\x20-\x7e]/gu;
export const FRAGMENT = /[^\x21\x23-\x3b\x3d\x3f-\x5f\x61-\x7e]/gu;
export const QUERY = /[^\x21\x24-\x3b\x3d\x3f-\x7e]/gu;
export const SPECIAL_QUERY = /[^\x21\x24-\x26\x28-\x3b\x3d\x3f-\x7e]/gu;
export const PATH = /[^\x21\x24-\x3b\x3d\x40-\x5d\x5f\x61-\x7a\x7c\x7e]/gu;
export const USERINFO = /[^\x21\x24-\x2e\x30-\x39\x41-\x5a\x5f\x61-\x7a\x7e]/gu;
const FORM = /[^*\-.0-9A-Z_a-z]/gu;

/** @param {string} character */
function encodeCharacter(character) {
  const unit = character.charCodeAt(0);
  if (unit >= 0x80) return encodeURIComponent(character);
  return `%${unit.toString(16).toUpperCase().padStart(2, '0')}`;
}

/**
 * @param {string} text
 * @param {RegExp} set
 */
export function percentEncode(text, set) {
  return text.toWellFormed().replace(set, encodeCharacter);
}

/** @param {string} text */
export function formEncode(text) {
  return percentEncode(text, FORM).replaceAll('%20', '+');
}

/**
 * Undo percent encoding; what is no UTF-8 becomes U+FFFD.
 * @param {string} text
 */
export function percentDecode(text) {
  if (!text.includes('%')) return text.toWellFormed();
  const bytes = utf8.encode(text);
  let length = 0;
  for (let i = 0; i < bytes.length; i++) {
    const digits = bytes[i] === 0x25 && String.fromCharCode(bytes[i + 1], bytes[i + 2]);
    if (digits && /^[0-9a-f]{2}$/i.test(digits)) {
      bytes[length++] = parseInt(digits, 16);
      i += 2;
    } else {
      bytes[length++] = bytes[i];
    }
  }
  return new utf8.Utf8Decoder().decode(bytes.subarray(0, length), true, () => {});
}
