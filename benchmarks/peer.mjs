// @ts-check
/**
 * The rows, measured with Node's PouchDB: `node peer.mjs all|cold ADAPTER WORKLOAD FOLDER`.
 * Uses the packages that the tests' oracle has installed.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const require = createRequire(new URL("../tests/oracle/server.mjs", import.meta.url));
const PouchDB = require("pouchdb");

const [kind, adapter, workload, folder] = process.argv.slice(2);
if (adapter === "memory") {
  PouchDB.plugin(require("pouchdb-adapter-memory"));
}

/** @param {string} name */
function open(name) {
  return new PouchDB(join(folder, name), { adapter });
}

/** @param {number} count @param {() => Promise<unknown>} work operations a second */
async function rate(count, work) {
  const start = performance.now();
  await work();
  return (count * 1000) / (performance.now() - start);
}

async function measure() {
  const { sizes, documents } = JSON.parse(readFileSync(workload, "utf8"));
  const singles = documents.slice(0, sizes.singles);
  const bulk = documents.slice(0, sizes.bulk);
  const db = open("singles");
  const other = open("bulk");
  await Promise.all([db.info(), other.info()]);
  const pattern = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
  const contents = Array.from({ length: sizes.attachment_puts }, (_, number) => {
    const content = Buffer.alloc(sizes.attachment_bytes, pattern);
    content.writeUInt32BE(number);
    return content;
  });
  const type = "application/octet-stream";

  const rates = {
    put: await rate(sizes.singles, async () => {
      for (const document of singles) {
        await db.put(document);
      }
    }),
    get: await rate(sizes.singles, async () => {
      for (const document of singles) {
        await db.get(document._id);
      }
    }),
    "update (get + put)": await rate(sizes.singles, async () => {
      for (const document of singles) {
        const stored = await db.get(document._id);
        stored.age += 1;
        await db.put(stored);
      }
    }),
    "bulkDocs, documents": await rate(sizes.bulk, () => other.bulkDocs(bulk)),
    "allDocs include_docs, documents": await rate(sizes.bulk, () =>
      other.allDocs({ include_docs: true })
    ),
    "changes include_docs, documents": await rate(sizes.bulk, () =>
      other.changes({ include_docs: true })
    ),
    "attachment of 1 MB, put": await rate(sizes.attachment_puts, async () => {
      for (const [number, content] of contents.entries()) {
        await db.putAttachment(`attachment-${number}`, "a", content, type);
      }
    }),
    "attachment of 1 MB, get": await rate(sizes.attachment_gets, async () => {
      for (let number = 0; number < sizes.attachment_gets; number++) {
        await db.getAttachment(`attachment-${number % sizes.attachment_puts}`, "a");
      }
    })
  };
  await Promise.all([db.close(), other.close()]);
  return rates;
}

if (kind === "cold") {
  await open("cold").put({ _id: "first" });
  console.log("put");
} else {
  console.log(JSON.stringify(await measure()));
}
