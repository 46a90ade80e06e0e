// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { DocumentState, GROWN, NEW, OTHER } from '../src/adapter/documentState.js';
import { formatTree, leafMetadata, metadataOf, parseTree } from '../src/adapter/tree.js';

/** @param {string} hash @param {any[]} children @param {object} status */
const node = (hash, children = [], status = { status: 'available' }) => [hash, status, children];

const missing = { status: 'missing' };
const deleted = { status: 'available', deleted: true };

/** @param {any} revTree @param {Record<string, number>} revMap */
function roundTrip(revTree, revMap) {
  const stored = formatTree(revTree, revMap);
  const [tree, map] = parseTree(stored.text);
  assert.deepEqual(tree, revTree);
  assert.deepEqual({ ...map }, revMap);
  return stored;
}

test('a tree of one branch is stored as a chain', () => {
  const tree = [{ pos: 3, ids: node('a', [node('b', [node('c')])], missing) }];
  const stored = roundTrip(tree, { '4-b': 7, '5-c': 9 });
  assert.deepEqual(stored, { chain: 3, text: '3,a:,b:7,c:9' });
});

test('a chain may have lost the body of its end', () => {
  assert.equal(roundTrip([{ pos: 1, ids: node('a', [], missing) }], {}).text, '1,a:');
});

for (const [what, tree, map] of /** @type {[string, any, any][]} */ ([
  ['branches', [{ pos: 1, ids: node('a', [node('b'), node('c')]) }], { '1-a': 1, '2-b': 2, '2-c': 3 }],
  ['two roots', [{ pos: 1, ids: node('a') }, { pos: 2, ids: node('b') }], { '1-a': 1, '2-b': 2 }],
  ['a deletion', [{ pos: 1, ids: node('a', [node('b', [], deleted)]) }], { '1-a': 1, '2-b': 2 }],
  ['a strange hash', [{ pos: 1, ids: node('a,b:c') }], { '1-a,b:c': 1 }],
  ['an empty hash', [{ pos: 1, ids: node('') }], { '1-': 1 }]
])) {
  test(`a tree with ${what} is stored as JSON`, () => {
    assert.equal(roundTrip(tree, map).chain, 0);
  });
}

test('no revision is mistaken for a property of Object.prototype', () => {
  for (const tree of ['1,a:1', [[{ pos: 1, ids: node('a') }], { '1-a': 1 }]]) {
    const metadata = metadataOf('x', [0, '1-a', 0, 1, 1, 1, tree, null]);
    assert.equal(metadata.rev_map.constructor, undefined);
    assert.equal(metadata.rev_map['1-a'], 1);
    assert.equal(metadata.deleted, false);
  }
});

test('a leaf stands for a document that is not deleted', () => {
  const { rev_tree: tree } = leafMetadata('x', '12-abc');
  assert.deepEqual(tree, [{ pos: 12, ids: node('abc') }]);
});

test('a new document that grows in the same write is stored as a whole', () => {
  const state = DocumentState.created('x', 'a', 5);
  assert.equal(state.kind, NEW);
  state.grow('2-b', 'b', 6);
  assert.deepEqual([state.kind, state.tree, state.chain], [OTHER, '1,a:5,b:6', 2]);
});

test('a stored chain that grows once is only added to', () => {
  const state = DocumentState.read('x', [0, '1-a', 0, 5, 5, 1, '1,a:5', null]);
  state.grow('2-b', 'b', 6);
  assert.equal(state.kind, GROWN);
  state.grow('3-c', 'c', 7);
  assert.equal(state.kind, OTHER);
  assert.deepEqual(state.metadata().rev_map['3-c'], 7);
});

test('metadata is fresh each time: PouchDB changes it in place', () => {
  for (const tree of ['1,a:5', [[{ pos: 1, ids: node('a') }], { '1-a': 5 }]]) {
    const state = DocumentState.read('x', [0, '1-a', 0, 5, 5, 0, tree, null]);
    state.metadata().rev_tree[0].ids[2].push(node('b'));
    assert.deepEqual(state.metadata().rev_tree, [{ pos: 1, ids: node('a') }]);
  }
});
