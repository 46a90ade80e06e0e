// @ts-check
/** btoa and atob. https://infra.spec.whatwg.org/#forgiving-base64 */
import { DOMException } from './domException.js';

/** Longer strings are put together from pieces: `apply` takes no more arguments at a time. */
const PIECE = 8192;

/** @param {string} message */
function invalidCharacter(message) {
  return new DOMException(message, 'InvalidCharacterError');
}

/**
 * @param {Uint8Array} bytes
 * @returns {string} one character below 256 for each byte
 */
export function binaryString(bytes) {
  if (bytes.length <= PIECE) return String.fromCharCode.apply(null, /** @type {any} */ (bytes));
  let text = '';
  for (let i = 0; i < bytes.length; i += PIECE) {
    text += String.fromCharCode.apply(null, /** @type {any} */ (bytes.subarray(i, i + PIECE)));
  }
  return text;
}

/** @param {unknown} data */
export function btoa(data) {
  if (arguments.length === 0) throw new TypeError('btoa: 1 argument required');
  const text = String(data);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit > 255) {
      throw invalidCharacter(`btoa: the character at ${i} is outside of Latin-1`);
    }
    bytes[i] = unit;
  }
  return bytes.toBase64();
}

/** @param {unknown} data */
export function atob(data) {
  if (arguments.length === 0) throw new TypeError('atob: 1 argument required');
  try {
    // Whitespace and missing padding are as the standard for atob has them, too.
    return binaryString(Uint8Array.fromBase64(String(data)));
  } catch {
    throw invalidCharacter('atob: the string is not correctly encoded');
  }
}
