// @ts-check
/**
 * PouchDB's `pouchdb-changes-filter`, except that the text of a filter or map function in a
 * design document is not evaluated here: a document may come from anyone. Selectors and function
 * objects work as in PouchDB, and so do the errors for what is missing.
 */
import changesFilter from 'pouchdb-changes-filter';
import {
  BAD_REQUEST,
  MISSING_DOC,
  createError,
  generateErrorFromResponse,
} from 'pouchdb-errors';
import { parseDdocFunctionName } from 'pouchdb-utils';

/**
 * The path of the function in its design document.
 * @param {any} options
 */
function functionPath(options) {
  if (options.filter !== '_view') {
    const [ddoc, name] = parseDdocFunctionName(options.filter);
    return { ddoc, path: ['filters', name] };
  }
  if (!options.view || typeof options.view !== 'string') {
    throw createError(BAD_REQUEST, '`view` filter parameter not found or invalid.');
  }
  const [ddoc, name] = parseDdocFunctionName(options.view);
  return { ddoc, path: ['views', name, 'map'] };
}

/**
 * @param {any} ddoc
 * @param {string[]} path
 * @returns {string}
 */
function functionText(ddoc, path) {
  const [section, name] = path;
  let value = ddoc;
  for (const key of path) value = value && value[key];
  if (value) return value;
  throw createError(MISSING_DOC, `missing json key: ${ddoc[section] ? name : section}`);
}

/**
 * @param {any} changesHandler
 * @param {any} options
 */
async function refuseFunctionText(changesHandler, options) {
  const { ddoc, path } = functionPath(options);
  const document = await changesHandler.db.get(`_design/${ddoc}`).catch(
    /** @param {unknown} error */ (error) => {
      throw generateErrorFromResponse(error);
    },
  );
  functionText(document, path);
  throw createError(
    BAD_REQUEST,
    `_design/${ddoc} holds ${path.join('.')} as text, which is not run here: pass a function`,
  );
}

/** @param {any} PouchDB */
export default function plugin(PouchDB) {
  changesFilter(PouchDB);
  const { filter, ...others } = PouchDB._changesFilterPlugin;
  PouchDB._changesFilterPlugin = {
    ...others,
    /**
     * @param {any} changesHandler
     * @param {any} options
     */
    filter(changesHandler, options) {
      if (options.selector) {
        filter(changesHandler, options);
        return;
      }
      refuseFunctionText(changesHandler, options).catch((error) => {
        if (changesHandler.isCancelled) options.complete(null, { status: 'cancelled' });
        else options.complete(error);
      });
    },
  };
}
