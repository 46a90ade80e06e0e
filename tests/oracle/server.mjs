// @ts-check
/**
 * Node's PouchDB as a child process: reads one JSON request a line, answers one JSON line each.
 *
 *   request  {"id": 1, "db": "a", "method": "get", "args": ["x", {"revs": true}]}
 *   answer   {"id": 1, "result": {...}}   or   {"id": 1, "error": {"status": 404, ...}}
 *
 * `db` is a handle that the caller makes up; the method "open" with the arguments
 * [name, options] gives it a database. "close" and "destroy" free the handle. "versions" needs
 * none. Bytes travel as {"$bytes": base64, "type": …}, undefined as {"$undefined": true}.
 * Requests run one after the other. The process ends with its standard input.
 */
import { createInterface } from "node:readline";
import PouchDB from "pouchdb";
import memoryAdapter from "pouchdb-adapter-memory";

PouchDB.plugin(memoryAdapter);

/** What a request may take; a PouchDB that never calls back must not hang the tests. */
const TIME_LIMIT_MS = 20_000;

/** @type {Map<string, any>} */
const databases = new Map();

/** @param {any} value @returns {any} */
function fromWire(value) {
  if (Array.isArray(value)) {
    return value.map(fromWire);
  }
  if (value === null || typeof value !== "object") {
    return value;
  }
  if (typeof value.$bytes === "string") {
    return Buffer.from(value.$bytes, "base64");
  }
  // not Object.fromEntries: the key "__proto__" is data here as everywhere in JSON
  for (const key of Object.keys(value)) {
    value[key] = fromWire(value[key]);
  }
  return value;
}

/** @param {any} value @returns {any} */
function toWire(value) {
  if (value === undefined) {
    return { $undefined: true };
  }
  if (value === null || typeof value !== "object") {
    return value;
  }
  if (Buffer.isBuffer(value)) {
    return { $bytes: value.toString("base64"), type: /** @type {any} */ (value).type };
  }
  if (Array.isArray(value)) {
    return value.map(toWire);
  }
  /** @type {Record<string, any>} */
  const copy = {};
  for (const key of Object.keys(value)) {
    if (value[key] !== undefined) {
      copy[key] = toWire(value[key]);
    }
  }
  return copy;
}

/** @param {any} error @returns {Record<string, any>} */
function errorToWire(error) {
  if (error === null || typeof error !== "object") {
    return { thrown: toWire(error) }; // purge fails with a bare string
  }
  const { stack: _stack, ...properties } = toWire(error);
  return { name: error.name, message: error.message, ...properties };
}

/** @param {{db: string, method: string, args: any[]}} request @returns {Promise<any>} */
async function run({ db: handle, method, args }) {
  if (method === "versions") {
    return { pouchdb: PouchDB.version, node: process.version };
  }
  if (method === "open") {
    const database = new PouchDB(args[0], args[1] ?? {});
    await database.info();
    databases.set(handle, database);
    return { ok: true };
  }
  const database = databases.get(handle);
  if (method === "close" || method === "destroy") {
    databases.delete(handle);
  }
  return database[method](...args.map(fromWire));
}

/** @param {Promise<any>} work @returns {Promise<any>} */
function withinLimit(work) {
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  const limit = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error("PouchDB never answered")), TIME_LIMIT_MS);
  });
  return Promise.race([work, limit]).finally(() => clearTimeout(timer));
}

/** @type {((error: unknown) => void) | undefined} */
let failRunning;

// the LevelDB adapter throws some errors where no promise can see them
process.on("uncaughtException", (error) => failRunning?.(error));

/** @param {any} request @returns {Promise<Record<string, any>>} */
async function answer(request) {
  try {
    const uncaught = new Promise((_, reject) => {
      failRunning = (error) => {
        const text = error instanceof Error ? error.stack : String(error);
        reject(Object.assign(new Error(`uncaught in PouchDB: ${text}`), { uncaught: true }));
      };
    });
    const result = await withinLimit(Promise.race([run(request), uncaught]));
    return { id: request.id, result: toWire(result) };
  } catch (error) {
    return { id: request.id, error: errorToWire(error) };
  } finally {
    failRunning = undefined;
  }
}

for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  process.stdout.write(`${JSON.stringify(await answer(JSON.parse(line)))}\n`);
}
process.exit(0);
