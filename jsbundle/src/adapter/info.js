// @ts-check
import { databaseInfo } from '../host.js';
import { runAlone } from './queue.js';

/**
 * @param {import('./index.js').Context} context
 * @param {(error: any, info?: any) => void} callback
 */
export function info(context, callback) {
  context.queue.push({
    run: runAlone,
    context,
    callback,
    work() {
      const [docCount, updateSeq] = databaseInfo(context.handle);
      return { doc_count: docCount, update_seq: updateSeq, backend_adapter: 'sqlite' };
    }
  });
}
