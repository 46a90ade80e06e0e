// @ts-check
import assert from 'node:assert/strict';
import { mock, test } from 'node:test';

import { Queue, runAlone } from '../src/adapter/queue.js';

const turn = () => new Promise((resolve) => setImmediate(resolve));

test('tasks of one turn that follow each other are run together', async () => {
  const queue = new Queue();
  /** @type {string[][]} */
  const runs = [];
  /** @param {string} _context @param {any[]} tasks */
  const read = (_context, tasks) => void runs.push(['read', ...tasks.map(({ name }) => name)]);
  /** @param {string} _context @param {any[]} tasks */
  const write = (_context, tasks) => void runs.push(['write', ...tasks.map(({ name }) => name)]);
  /** @param {any} run @param {string} name @param {string} [context] */
  const push = (run, name, context = 'one') =>
    queue.push(/** @type {any} */ ({ run, name, context }));
  push(read, 'a');
  push(read, 'b');
  push(write, 'c');
  push(read, 'd');
  push(read, 'e', 'other');
  assert.deepEqual(runs, []);
  await turn();
  assert.deepEqual(runs, [
    ['read', 'a', 'b'],
    ['write', 'c'],
    ['read', 'd'],
    ['read', 'e']
  ]);
  push(read, 'f');
  await turn();
  assert.deepEqual(runs.at(-1), ['read', 'f']);
});

test('each task is answered, whatever the others or their callbacks throw', async () => {
  const queue = new Queue();
  const logged = mock.method(console, 'error', () => {});
  /** @type {unknown[]} */
  const answers = [];
  const works = [
    () => 1,
    () => {
      throw new Error('failed');
    },
    () => 3
  ];
  works.forEach((work, index) =>
    queue.push({
      run: runAlone,
      context: null,
      work,
      callback(error, value) {
        answers.push(error ? error.message : value);
        if (index === 0) throw new Error('from a callback');
      }
    })
  );
  await turn();
  assert.deepEqual(answers, [1, 'failed', 3]);
  assert.equal(logged.mock.callCount(), 1);
});
