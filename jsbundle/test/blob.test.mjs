// @ts-check
/** Blob, File and FileReader; Node's Blob is the oracle. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { calls, kept } from './fakeHost.mjs';

const blobs = await import('../src/environment/blob.js');
const { FileReader } = await import('../src/environment/fileReader.js');

/** @param {any} blob */
async function content(blob) {
  return [blob.size, blob.type, await blob.text(), new Uint8Array(await blob.arrayBuffer())];
}

const view = new Uint16Array([1, 2, 3]).subarray(1);

/** @type {Array<[any[], any?]>} */
const CASES = [
  [[]],
  [['a', 'é', '😀', '\ud800']],
  [[new Uint8Array([1, 2, 255]), view, new DataView(new ArrayBuffer(3)), new ArrayBuffer(2)]],
  [['x', 1, null, undefined, { toString: () => 'object' }], { type: 'Text/PLAIN' }],
  [['x'], { type: 'bad\u0001' }],
];

for (const [i, [parts, options]] of CASES.entries()) {
  test(`Blob ${i} is as Node's`, async () => {
    assert.deepEqual(
      await content(new blobs.Blob(parts, options)),
      await content(new Blob(parts, options)),
    );
  });
}

test('a Blob of Blobs holds their bytes', async () => {
  const inner = new blobs.Blob(['hello ']);
  assert.equal(await new blobs.Blob([inner, inner.slice(0, 2), 'x']).text(), 'hello hex');
});

test('a Blob keeps the bytes of its time', async () => {
  const bytes = new Uint8Array([97]);
  const blob = new blobs.Blob([bytes]);
  bytes[0] = 98;
  new Uint8Array(await blob.arrayBuffer())[0] = 99;
  assert.equal(await blob.text(), 'a');
});

test('slices are as Node gives them', async () => {
  const ours = new blobs.Blob(['abc', 'def', 'ghi']);
  const theirs = new Blob(['abc', 'def', 'ghi']);
  for (const start of [undefined, -20, -4, 0, 2, 3, 8, 20]) {
    for (const end of [undefined, -20, -3, 0, 3, 5, 9, 20]) {
      const slice = ours.slice(start, end, 'T/X');
      assert.deepEqual(await content(slice), await content(theirs.slice(start, end, 'T/X')));
      assert.equal(await slice.slice(1, 3).text(), await theirs.slice(start, end).slice(1, 3).text());
    }
  }
});

test('parts must be a sequence', () => {
  for (const parts of ['text', 5, null, {}]) {
    assert.throws(() => new blobs.Blob(/** @type {any} */ (parts)), TypeError);
  }
});

test('endings: native makes line ends uniform', async () => {
  const options = /** @type {const} */ ({ endings: 'native' });
  assert.equal(await new blobs.Blob(['a\r\nb\rc\n'], options).text(), 'a\nb\nc\n');
});

test("a Blob of the host's bytes is read only when asked, and only the part that is asked for", async () => {
  kept.set('7:digest', new TextEncoder().encode('0123456789'));
  const blob = blobs.hostBlob('7:digest', 10, 'Text/Any');
  const before = calls.read;
  const slice = blob.slice(2, 8).slice(1, 3);
  assert.equal(calls.read, before);
  assert.equal(await slice.text(), '34');
  assert.equal(calls.read, before + 1);
  assert.equal(blob.type, 'Text/Any');
  assert.equal(blobs.blobRef(blob), '7:digest');
  assert.equal(blobs.blobRef(blob.slice()), '7:digest');
  assert.equal(blobs.blobRef(slice), undefined);
  assert.equal(blobs.blobRef(new blobs.Blob(['x'])), undefined);
  assert.equal(await new blobs.Blob([slice, 'x', blob]).text(), '34x0123456789');
});

test('handOver gives a reference of its own, and reads nothing that the host has', () => {
  kept.set('b900', new TextEncoder().encode('abc'));
  const before = calls.read;
  for (const blob of [blobs.ownedBlob('b900', 3, ''), new blobs.Blob(['abc'])]) {
    const reference = blobs.handOver(blob);
    assert.notEqual(reference, 'b900');
    assert.deepEqual(kept.get(reference), kept.get('b900'));
  }
  assert.equal(calls.read, before);
});

test('File has a name and a time', () => {
  const file = new blobs.File(['x'], 'a.txt', { type: 'text/plain', lastModified: 5 });
  assert.ok(file instanceof blobs.Blob);
  assert.deepEqual([file.name, file.lastModified, file.size, String(file)], ['a.txt', 5, 1, '[object File]']);
});

/** @param {(reader: any) => void} start */
function read(start) {
  const reader = new FileReader();
  return new Promise((resolve) => {
    /** @type {any} */ (reader).onloadend = (/** @type {any} */ event) => resolve(event.target.result);
    start(reader);
  });
}

test('FileReader reads in every form', async () => {
  const blob = new blobs.Blob(['é', new Uint8Array([255])], { type: 'a/b' });
  assert.deepEqual(new Uint8Array(await read((r) => r.readAsArrayBuffer(blob))), Uint8Array.of(0xc3, 0xa9, 255));
  assert.equal(await read((r) => r.readAsBinaryString(blob)), '\xc3\xa9\xff');
  assert.equal(await read((r) => r.readAsText(blob)), 'é\ufffd');
  assert.equal(await read((r) => r.readAsText(blob, 'latin1')), 'Ã©ÿ');
  assert.equal(await read((r) => r.readAsDataURL(blob)), 'data:a/b;base64,w6n/');
});

test('FileReader reports its course', async () => {
  const reader = new FileReader();
  /** @type {string[]} */
  const types = [];
  for (const type of ['loadstart', 'progress', 'load', 'error', 'abort', 'loadend']) {
    reader.addEventListener(type, () => types.push(type));
  }
  reader.readAsText(new blobs.Blob(['x']));
  assert.equal(reader.readyState, 1);
  assert.throws(() => reader.readAsText(new blobs.Blob(['y'])), { name: 'InvalidStateError' });
  await new Promise((resolve) => setTimeout(resolve, 5));
  assert.deepEqual(types, ['loadstart', 'progress', 'load', 'loadend']);
  types.length = 0;
  reader.readAsText(new blobs.Blob(['x']));
  reader.abort();
  await new Promise((resolve) => setTimeout(resolve, 5));
  assert.deepEqual(types, ['abort', 'loadend']);
  assert.equal(reader.result, null);
  assert.throws(() => reader.readAsText(/** @type {any} */ ('x')), TypeError);
});
