// @ts-check
/**
 * The calls of one database in their order. Those that were made in the same turn are run
 * together: many gets become one read, many writes one transaction.
 */

/**
 * @typedef {object} Task
 * @property {(context: any, tasks: any[]) => void} run runs tasks that follow each other; each
 *   has to be answered once
 * @property {any} context tasks of different contexts are not run together
 * @property {(error: any, value?: any) => void} callback
 * @property {() => unknown} [work] of `runAlone`
 */

const resolved = Promise.resolve();

export class Queue {
  constructor() {
    /** @type {Task[]} */
    this.tasks = [];
    this.flush = this.flush.bind(this);
  }

  /** @param {Task} task */
  push(task) {
    if (this.tasks.push(task) === 1) resolved.then(this.flush);
  }

  flush() {
    const tasks = this.tasks;
    this.tasks = [];
    for (let start = 0, end; start < tasks.length; start = end) {
      const { run, context } = tasks[start];
      end = start + 1;
      while (end < tasks.length && tasks[end].run === run && tasks[end].context === context) end++;
      run(context, start === 0 && end === tasks.length ? tasks : tasks.slice(start, end));
    }
  }
}

/**
 * Run one function per task, each by itself.
 * @param {any} _context
 * @param {any[]} tasks
 */
export function runAlone(_context, tasks) {
  for (const task of tasks) {
    let value;
    try {
      value = task.work();
    } catch (error) {
      answer(task, error);
      continue;
    }
    answer(task, null, value);
  }
}

/**
 * Give a task its answer. What a callback throws must not keep the others from theirs.
 * @param {{callback: (error: any, value?: any) => void}} task
 * @param {unknown} error
 * @param {unknown} [value]
 */
export function answer(task, error, value) {
  try {
    task.callback(error, value);
  } catch (thrown) {
    console.error('a callback threw', thrown);
  }
}
