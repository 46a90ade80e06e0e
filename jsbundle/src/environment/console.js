// @ts-check
/** The console: each call is one line (or more) for Python's logger. */
import { consoleWrite } from '../host.js';
import { inspect } from './inspect.js';

/** @typedef {'debug' | 'trace' | 'log' | 'info' | 'warn' | 'error'} Level */

let indentation = '';
/** @type {Map<string, number>} */
const counts = new Map();
/** @type {Map<string, number>} */
const timersByLabel = new Map();

/** @param {unknown} value */
function plain(value) {
  return typeof value === 'string' ? value : inspect(value);
}

/**
 * @param {string} letter
 * @param {any} value
 * @returns {string | undefined} undefined if the letter is no format
 */
function formatted(letter, value) {
  switch (letter) {
    case 's':
      return typeof value === 'string' || typeof value === 'symbol' ? String(value) : inspect(value);
    case 'd':
      return typeof value === 'bigint' ? `${value}n` : String(toNumber(value));
    case 'i':
      return typeof value === 'bigint' ? `${value}n` : String(parseInt(value, 10));
    case 'f':
      return String(parseFloat(value));
    case 'j':
      return toJson(value);
    case 'o':
    case 'O':
      return inspect(value);
    case 'c':
      return '';
    default:
      return undefined;
  }
}

/** @param {unknown} value */
function toNumber(value) {
  return typeof value === 'object' || typeof value === 'symbol' ? NaN : Number(value);
}

/** @param {unknown} value */
function toJson(value) {
  try {
    return String(JSON.stringify(value));
  } catch {
    return '[Circular]';
  }
}

/** @param {unknown[]} args */
export function formatArguments(args) {
  let [first, ...rest] = args;
  if (typeof first === 'string' && rest.length > 0) {
    first = first.replace(/%([%a-zA-Z])/g, (whole, letter) => {
      if (letter === '%') return '%';
      if (rest.length === 0) return whole;
      const text = formatted(letter, rest[0]);
      if (text === undefined) return whole;
      rest.shift();
      return text;
    });
  }
  return args.length === 0 ? '' : [first, ...rest].map(plain).join(' ');
}

/**
 * @param {Level} level
 * @param {unknown[]} args
 */
function write(level, args) {
  const text = formatArguments(args);
  consoleWrite(level, indentation + text.replaceAll('\n', `\n${indentation}`));
}

/** @param {string} label */
function elapsed(label) {
  const start = timersByLabel.get(label);
  if (start !== undefined) return `${label}: ${Date.now() - start}ms`;
  write('warn', [`No such label '${label}' for console.timeEnd()`]);
  return undefined;
}

export const console = {
  /** @param {unknown[]} args */
  debug: (...args) => write('debug', args),
  /** @param {unknown[]} args */
  log: (...args) => write('log', args),
  /** @param {unknown[]} args */
  info: (...args) => write('info', args),
  /** @param {unknown[]} args */
  warn: (...args) => write('warn', args),
  /** @param {unknown[]} args */
  error: (...args) => write('error', args),
  /** @param {unknown[]} args */
  trace(...args) {
    const stack = new Error().stack ?? '';
    const callers = stack.split('\n').slice(2).join('\n');
    write('trace', [`Trace: ${formatArguments(args)}\n${callers}`]);
  },
  /**
   * @param {unknown} [condition]
   * @param {unknown[]} args
   */
  assert(condition, ...args) {
    if (condition) return;
    if (typeof args[0] === 'string') args[0] = `Assertion failed: ${args[0]}`;
    else args.unshift('Assertion failed');
    write('error', args);
  },
  /** @param {unknown} value */
  dir: (value) => write('log', [inspect(value)]),
  /** @param {unknown[]} args */
  dirxml: (...args) => write('log', args),
  /** @param {unknown} data */
  table: (data) => write('log', [data]),
  /** @param {unknown[]} args */
  group(...args) {
    if (args.length > 0) write('log', args);
    indentation += '  ';
  },
  /** @param {unknown[]} args */
  groupCollapsed: (...args) => console.group(...args),
  groupEnd() {
    indentation = indentation.slice(2);
  },
  /** @param {unknown} label */
  count(label = 'default') {
    const count = (counts.get(`${label}`) ?? 0) + 1;
    counts.set(`${label}`, count);
    write('log', [`${label}: ${count}`]);
  },
  /** @param {unknown} label */
  countReset(label = 'default') {
    counts.delete(`${label}`);
  },
  /** @param {unknown} label */
  time(label = 'default') {
    timersByLabel.set(`${label}`, Date.now());
  },
  /**
   * @param {unknown} label
   * @param {unknown[]} args
   */
  timeLog(label = 'default', ...args) {
    const text = elapsed(`${label}`);
    if (text !== undefined) write('log', [text, ...args]);
  },
  /** @param {unknown} label */
  timeEnd(label = 'default') {
    console.timeLog(label);
    timersByLabel.delete(`${label}`);
  },
  clear() {},
};
