// @ts-check
/** TextEncoder, TextDecoder, btoa and atob, with Node's own as the oracle. */
import assert from 'node:assert/strict';
import test from 'node:test';
import './fakeHost.mjs';

const encoding = await import('../src/environment/encoding.js');
const { atob: ourAtob, btoa: ourBtoa } = await import('../src/environment/base64.js');

const TEXTS = ['', 'ascii', 'é', '€uro', '😀', 'a\0b', '\ufeffbom', '\ud800', 'x\udc00y', '\ud83d\ud83d\ude00'];

/** A small generator, so that a failure can be repeated. */
function randomBytes() {
  let seed = 1;
  /** @param {number} length */
  return (length) =>
    Uint8Array.from({ length }, () => {
      seed = (seed * 1103515245 + 12345) % 2 ** 31;
      const byte = seed >> 16;
      return [byte & 127, byte & 255, 0x80 | (byte & 63), 0xc0 | (byte & 63)][byte & 3];
    });
}

test('encode gives what Node gives', () => {
  for (const text of TEXTS) {
    assert.deepEqual(new encoding.TextEncoder().encode(text), new TextEncoder().encode(text));
  }
});

test('encodeInto writes whole characters only', () => {
  for (const text of TEXTS) {
    for (let size = 0; size < 12; size++) {
      const ours = new Uint8Array(size);
      const theirs = new Uint8Array(size);
      assert.deepEqual(
        new encoding.TextEncoder().encodeInto(text, ours),
        new TextEncoder().encodeInto(text, theirs),
      );
      assert.deepEqual(ours, theirs);
    }
  }
});

for (const label of ['utf-8', 'utf-16le', 'utf-16be']) {
  test(`decode ${label} gives what Node gives`, () => {
    const next = randomBytes();
    for (let i = 0; i < 3000; i++) {
      const bytes = next(i % 13);
      assert.equal(
        new encoding.TextDecoder(label).decode(bytes),
        new TextDecoder(label).decode(bytes),
        `${label} ${bytes}`,
      );
    }
  });
}

test('decode in a stream gives the same as decode at once', () => {
  const next = randomBytes();
  for (const label of ['utf-8', 'utf-16le']) {
    for (let i = 0; i < 500; i++) {
      const bytes = next(9);
      const decoder = new encoding.TextDecoder(label);
      const parts = [...bytes].map((byte) => decoder.decode(Uint8Array.of(byte), { stream: true }));
      const text = parts.join('') + decoder.decode();
      assert.equal(text, new TextDecoder(label).decode(bytes), `${label} ${bytes}`);
    }
  }
});

test('a fatal decoder throws where Node does, and starts anew', () => {
  const next = randomBytes();
  const ours = new encoding.TextDecoder('utf-8', { fatal: true });
  const theirs = new TextDecoder('utf-8', { fatal: true });
  for (let i = 0; i < 2000; i++) {
    const bytes = next(i % 6);
    /** @param {{ decode(bytes: Uint8Array): string }} decoder */
    const outcome = (decoder) => {
      try {
        return decoder.decode(bytes);
      } catch (error) {
        return /** @type {Error} */ (error).name;
      }
    };
    assert.equal(outcome(ours), outcome(theirs), String(bytes));
  }
});

test('a byte order mark is dropped once, or kept on demand', () => {
  const bytes = new TextEncoder().encode('\ufeff\ufeffx');
  assert.equal(new encoding.TextDecoder().decode(bytes), '\ufeffx');
  assert.equal(new encoding.TextDecoder('utf8', { ignoreBOM: true }).decode(bytes), '\ufeff\ufeffx');
});

test('long texts survive', () => {
  const text = 'aé€😀'.repeat(20000);
  const bytes = new encoding.TextEncoder().encode(text);
  assert.deepEqual(bytes, new TextEncoder().encode(text));
  assert.equal(new encoding.TextDecoder().decode(bytes), text);
});

test('latin1 is windows-1252', () => {
  // Node 20 decodes it as ISO-8859-1 instead.
  const bytes = Uint8Array.of(0x41, 0x80, 0x81, 0x9f, 0xa0, 0xff);
  assert.equal(new encoding.TextDecoder('latin1').decode(bytes), 'A€\x81Ÿ\xa0ÿ');
});

test('labels', () => {
  assert.equal(new encoding.TextDecoder(' UTF8\n').encoding, 'utf-8');
  assert.equal(new encoding.TextDecoder('ascii').encoding, 'windows-1252');
  assert.throws(() => new encoding.TextDecoder('ebcdic'), /^RangeError: TextDecoder: the encoding/);
  assert.throws(() => new encoding.TextDecoder().decode(/** @type {any} */ ('x')), TypeError);
});

test('btoa gives what Node gives, and refuses what is beyond Latin-1', () => {
  for (const text of ['', 'a', 'ab', 'abc', '\0\xff', 'x'.repeat(50000)]) {
    assert.equal(ourBtoa(text), btoa(text));
  }
  assert.throws(() => ourBtoa('€'), { name: 'InvalidCharacterError', code: 5 });
  assert.throws(() => /** @type {any} */ (ourBtoa)(), TypeError);
});

const hasFromBase64 = 'fromBase64' in Uint8Array;
test('atob gives what Node gives', { skip: !hasFromBase64 && 'no Uint8Array.fromBase64' }, () => {
  for (const text of ['', 'YQ==', 'YQ', ' Y Q\n= =', 'YWI=', 'YWJj', 'Y', 'YQ=', 'Y===', 'Y*==', 'YR==', '====']) {
    /** @param {(text: string) => string} decode */
    const outcome = (decode) => {
      try {
        return decode(text);
      } catch (error) {
        return /** @type {Error} */ (error).name;
      }
    };
    assert.equal(outcome(ourAtob), outcome(atob), JSON.stringify(text));
  }
});
