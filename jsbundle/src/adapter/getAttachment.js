// @ts-check
import { Blob } from '../environment/blob.js';
import { attachmentData } from './attachments.js';
import { runAlone } from './queue.js';

/**
 * The content of one attachment of a document that was read before. PouchDB's `getAttachment`
 * asks for a Blob.
 * @param {import('./index.js').Context} context
 * @param {any} attachment
 * @param {any} opts
 * @param {(error: any, data?: any) => void} callback
 */
export function getAttachment(context, attachment, opts, callback) {
  context.queue.push({
    run: runAlone,
    context,
    callback,
    work() {
      const { data } = attachment; // there already if `get` was asked for attachments
      const isWanted = opts.binary ? data instanceof Blob : typeof data === 'string';
      return isWanted ? data : attachmentData(context.handle, attachment, opts.binary);
    }
  });
}
