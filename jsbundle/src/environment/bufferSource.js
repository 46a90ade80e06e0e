// @ts-check
/** Views of what the web calls a BufferSource: an ArrayBuffer or a view of one. */

/**
 * @param {unknown} source
 * @returns {Uint8Array<ArrayBuffer> | undefined} the same bytes, not a copy
 */
export function bytesOf(source) {
  if (ArrayBuffer.isView(source)) {
    return new Uint8Array(
      /** @type {ArrayBuffer} */ (source.buffer),
      source.byteOffset,
      source.byteLength,
    );
  }
  if (source instanceof ArrayBuffer) return new Uint8Array(source);
  if (source instanceof SharedArrayBuffer) {
    return new Uint8Array(/** @type {ArrayBuffer} */ (/** @type {unknown} */ (source)));
  }
  return undefined;
}
