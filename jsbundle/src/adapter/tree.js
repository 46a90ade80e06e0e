// @ts-check
/**
 * Revision trees as they are stored: a chain as "start,hash:seq,hash:seq,…", anything else as the
 * JSON of `[rev_tree, rev_map]`. pouchdb/_hosts/storage/schema.py tells the why.
 *
 * `rev_map` maps the revisions that have a body to its sequence number; in PouchDB's LevelDB
 * adapter, whose name it is, too. A revision is "available" exactly if it is in there.
 */

/**
 * PouchDB's tree node: hash, status, children.
 * @typedef {[string, {status: string, deleted?: boolean}, any[]]} TreeNode
 * @typedef {{pos: number, ids: TreeNode}[]} RevTree
 */

/**
 * @typedef {object} Metadata what PouchDB's own functions know of a document
 * @property {string} id
 * @property {string} winningRev
 * @property {boolean} deleted
 * @property {number} seq
 * @property {RevTree} rev_tree
 * @property {Record<string, number>} rev_map
 */

/** Hashes that can stand in a chain. PouchDB's own are 32 hexadecimal digits. */
const PLAIN_HASH = /^[0-9A-Za-z]+$/;

/**
 * @param {string} text
 * @returns {[RevTree, Record<string, number>]}
 */
function parseChain(text) {
  const parts = text.split(',');
  const start = Number(parts[0]);
  /** @type {Record<string, number>} */
  const revMap = Object.create(null);
  /** @type {any[]} */
  let children = [];
  for (let i = parts.length - 1; i > 0; i--) {
    const colon = parts[i].indexOf(':');
    const hash = parts[i].slice(0, colon);
    const seq = parts[i].slice(colon + 1);
    if (seq !== '') revMap[`${start + i - 1}-${hash}`] = Number(seq);
    children = [[hash, { status: seq === '' ? 'missing' : 'available' }, children]];
  }
  return [[{ pos: start, ids: children[0] }], revMap];
}

/**
 * @param {string} text a chain or JSON
 * @returns {[RevTree, Record<string, number>]}
 */
export function parseTree(text) {
  if (text[0] !== '[') return parseChain(text);
  const [revTree, revMap] = JSON.parse(text);
  return [revTree, withoutPrototype(revMap)];
}

/**
 * Revisions come from anywhere; none may be mistaken for a property of Object.prototype.
 * @param {Record<string, number>} revMap
 */
function withoutPrototype(revMap) {
  return Object.assign(Object.create(null), revMap);
}

/**
 * @param {RevTree} revTree
 * @param {Record<string, number>} revMap
 * @returns {{chain: number, text: string}}
 */
export function formatTree(revTree, revMap) {
  return formatChain(revTree, revMap) ?? { chain: 0, text: JSON.stringify([revTree, revMap]) };
}

/**
 * @param {RevTree} revTree
 * @param {Record<string, number>} revMap
 */
function formatChain(revTree, revMap) {
  if (revTree.length !== 1 || !(revTree[0].pos > 0)) return undefined;
  let { pos, ids: node } = revTree[0];
  let text = String(pos);
  let chain = 0;
  for (;;) {
    const [hash, { status, deleted }, children] = node;
    const seq = revMap[`${pos}-${hash}`];
    if (deleted || (seq === undefined) !== (status === 'missing')) return undefined;
    if (typeof hash !== 'string' || !PLAIN_HASH.test(hash) || children.length > 1) return undefined;
    text += `,${hash}:${seq ?? ''}`;
    chain++;
    if (children.length === 0) return { chain, text };
    node = children[0];
    pos++;
  }
}

/**
 * The metadata of a row that the host gave.
 * @param {string} id
 * @param {import('../host.js').DocumentRow} row
 * @returns {Metadata}
 */
export function metadataOf(id, row) {
  const [, winningRev, deleted, seq, , , tree] = row;
  const [revTree, revMap] =
    typeof tree === 'string' ? parseChain(tree) : [tree[0], withoutPrototype(tree[1])];
  return { id, winningRev, deleted: deleted === 1, seq, rev_tree: revTree, rev_map: revMap };
}

/**
 * The metadata that PouchDB needs to see that a winning revision is not deleted.
 * @param {string} id
 * @param {string} winningRev
 */
export function leafMetadata(id, winningRev) {
  const dash = winningRev.indexOf('-');
  return {
    id,
    winningRev,
    deleted: false,
    rev_tree: [
      {
        pos: Number(winningRev.slice(0, dash)),
        ids: [winningRev.slice(dash + 1), { status: 'available' }, []]
      }
    ]
  };
}
