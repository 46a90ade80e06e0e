// @ts-check
/**
 * In place of `pouchdb-mapreduce`, which evaluates the text of every map and reduce function,
 * also of those that a program passes as functions. Here a function is called as it is, with its
 * closure; function text, which comes from documents, is refused.
 */
import abstractMapReduce from 'pouchdb-abstract-mapreduce';
import { BuiltInError, NotFoundError } from 'pouchdb-mapreduce-utils';

const LOCAL_DOC_NAME = 'mrviews';

/** @param {string} name */
function numbersExpected(name) {
  return new BuiltInError(
    `builtin ${name} function requires map values to be numbers or number arrays`,
  );
}

/**
 * @param {number} total
 * @param {unknown} value
 */
function add(total, value) {
  if (typeof value !== 'number') throw numbersExpected('_sum');
  return total + value;
}

/**
 * Numbers are added up, arrays of numbers place by place; a number counts for the first place.
 * @param {unknown[]} values
 * @returns {number | number[]}
 */
function sum(values) {
  /** @type {number[]} */
  const totals = [0];
  let isList = false;
  for (const value of values) {
    isList ||= Array.isArray(value);
    const numbers = Array.isArray(value) ? value : [value];
    numbers.forEach((number, i) => {
      totals[i] = add(totals[i] ?? 0, number);
    });
  }
  return isList ? totals : totals[0];
}

/** @param {number[]} values */
function stats(values) {
  return {
    sum: sum(values),
    min: Math.min.apply(null, values),
    max: Math.max.apply(null, values),
    count: values.length,
    sumsqr: values.reduce((total, value) => total + value * value, 0),
  };
}

/** @type {Array<[RegExp, (keys: unknown, values: any[]) => unknown]>} */
const BUILT_IN_REDUCES = [
  [/^_sum/, (_keys, values) => sum(values)],
  [/^_count/, (_keys, values) => values.length],
  [/^_stats/, (_keys, values) => stats(values)],
];

/**
 * What CouchDB's map and reduce functions find as globals.
 * @param {Function} [emit]
 */
function queryServerGlobals(emit) {
  /** @param {unknown[]} args */
  const log = (...args) => /** @type {any} */ (globalThis).console.log(...args);
  return { emit, sum, log, isArray: Array.isArray, toJSON: JSON.parse };
}

/**
 * Call a synchronous function while `globals` are global.
 * @param {Record<string, unknown>} globals
 * @param {() => unknown} call
 */
function withGlobals(globals, call) {
  const scope = /** @type {Record<string, unknown>} */ (/** @type {unknown} */ (globalThis));
  const before = Object.keys(globals).map((name) => Object.getOwnPropertyDescriptor(scope, name));
  try {
    Object.assign(scope, globals);
    return call();
  } finally {
    Object.keys(globals).forEach((name, i) => {
      delete scope[name];
      if (before[i]) Object.defineProperty(scope, name, before[i]);
    });
  }
}

/** @param {string} kind */
function refuseText(kind) {
  return new Error(`${kind} functions as text run in the sandbox, not in the engine`);
}

/**
 * @param {Function | string} map
 * @param {Function} emit
 */
function mapper(map, emit) {
  if (typeof map !== 'function') throw refuseText('map');
  if (map.length === 2) return (/** @type {unknown} */ doc) => map(doc, emit);
  const globals = queryServerGlobals(emit);
  return (/** @type {unknown} */ doc) => withGlobals(globals, () => map(doc));
}

/** @param {Function | string} reduce */
function reducer(reduce) {
  if (typeof reduce === 'function') {
    const globals = queryServerGlobals();
    return (/** @type {unknown[]} */ ...args) => withGlobals(globals, () => reduce(...args));
  }
  for (const [pattern, builtIn] of BUILT_IN_REDUCES) {
    if (pattern.test(reduce)) return builtIn;
  }
  if (reduce.startsWith('_')) throw new Error(`${reduce} is not a supported reduce function.`);
  throw refuseText('reduce');
}

/**
 * @param {any} ddoc
 * @param {string} viewName
 */
function ddocValidator(ddoc, viewName) {
  const view = ddoc.views && ddoc.views[viewName];
  if (typeof view.map !== 'string') {
    throw new NotFoundError(
      `ddoc ${ddoc._id} has no string view named ${viewName}, ` +
        `instead found object of type: ${typeof view.map}`,
    );
  }
}

const { query, viewCleanup } = abstractMapReduce(LOCAL_DOC_NAME, mapper, reducer, ddocValidator);

export default { query, viewCleanup };
