// @ts-check
/**
 * Importing this file makes the web's globals that plain V8 lacks. `process`, `window`,
 * `document`, `require` and `Buffer` stay undefined: by them, packages would take this for Node
 * or for a page.
 */
import { AbortController, AbortSignal } from './abort.js';
import { atob, btoa } from './base64.js';
import { Blob, File } from './blob.js';
import { console } from './console.js';
import { Crypto, crypto } from './crypto.js';
import { DOMException } from './domException.js';
import { TextDecoder, TextEncoder } from './encoding.js';
import { CustomEvent, Event, EventTarget, ProgressEvent } from './events.js';
import { fetch } from './fetch.js';
import { FileReader } from './fileReader.js';
import { defineClasses, defineFunctions } from './globals.js';
import { Headers } from './headers.js';
import { Performance, performance } from './performance.js';
import { reportError } from './reportError.js';
import { structuredClone } from './structuredClone.js';
import * as timers from './timers.js';
import { URL } from './url.js';
import { URLSearchParams } from './urlSearchParams.js';

// A document may have a key of this name; with the accessor in place, code that copies objects
// key by key, as PouchDB does, would lose it.
delete (/** @type {any} */ (Object.prototype).__proto__);

defineClasses({
  AbortController,
  AbortSignal,
  Blob,
  Crypto,
  CustomEvent,
  DOMException,
  Event,
  EventTarget,
  File,
  FileReader,
  Headers,
  Performance,
  ProgressEvent,
  TextDecoder,
  TextEncoder,
  URL,
  URLSearchParams,
  console,
});

defineFunctions({
  ...timers,
  atob,
  btoa,
  crypto,
  fetch,
  performance,
  reportError,
  self: globalThis,
  structuredClone,
});
