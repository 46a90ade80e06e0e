// @ts-check
import { closeDatabase } from '../host.js';
import { release } from './open.js';
import { runAlone } from './queue.js';

/**
 * Close the database; what was asked of it before is done first.
 * @param {import('./index.js').Context} context
 * @param {(error?: any) => void} callback
 */
export function close(context, callback) {
  context.queue.push({
    run: runAlone,
    context,
    callback,
    work() {
      release(context);
      closeDatabase(context.handle);
    }
  });
}
