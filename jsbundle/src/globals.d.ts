// The globals that src/environment makes, for the rest of src. There is no "dom" library here:
// what is not in this list does not exist in the engine either.

import type { Blob as EngineBlob } from './environment/blob.js';
import type { console as engineConsole } from './environment/console.js';
import type { crypto as engineCrypto } from './environment/crypto.js';
import type * as timers from './environment/timers.js';

declare global {
  type Blob = EngineBlob;
  type BufferSource = ArrayBuffer | ArrayBufferView;

  var Blob: typeof EngineBlob;
  var console: typeof engineConsole;
  var crypto: typeof engineCrypto;
  var clearTimeout: typeof timers.clearTimeout;
  var queueMicrotask: typeof timers.queueMicrotask;
  var setImmediate: typeof timers.setImmediate;
  var setTimeout: typeof timers.setTimeout;

  // In V8 for some time, and not yet in TypeScript's library.
  interface Uint8Array {
    toBase64(): string;
  }
  interface Uint8ArrayConstructor {
    fromBase64(text: string): Uint8Array<ArrayBuffer>;
  }
}
