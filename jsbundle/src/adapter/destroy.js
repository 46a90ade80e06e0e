// @ts-check
import { destroyDatabase } from '../host.js';
import { silence } from './liveChanges.js';
import { release } from './open.js';
import { runAlone } from './queue.js';

/**
 * Remove the database. Other objects for it give errors from now on.
 * @param {import('./index.js').Context} context
 * @param {(error: any, result?: any) => void} callback
 */
export function destroy(context, callback) {
  context.queue.push({
    run: runAlone,
    context,
    callback,
    work() {
      destroyDatabase(context.handle);
      silence(context.key);
      release(context);
      return { ok: true };
    }
  });
}
