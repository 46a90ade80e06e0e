// @ts-check
/** Values as text for the console, in the manner of Node's util.inspect. */

const MAX_DEPTH = 2;
const MAX_ITEMS = 100;
const LINE_WIDTH = 72;

/**
 * @typedef {object} Walk
 * @property {object[]} path the objects around the present one
 * @property {Map<object, number>} circular numbers of the objects that contain themselves
 */

/** @param {unknown} value */
export function inspect(value) {
  return format(value, { path: [], circular: new Map() });
}

/**
 * @param {any} value
 * @param {Walk} walk
 * @returns {string}
 */
function format(value, walk) {
  if (typeof value === 'string') return quote(value);
  if (typeof value === 'function') return withProperties(functionName(value), value, walk);
  if (typeof value === 'bigint') return `${value}n`;
  if (Object.is(value, -0)) return '-0';
  if (typeof value !== 'object' || value === null) return String(value);
  if (walk.path.includes(value)) {
    const number = walk.circular.get(value) ?? walk.circular.size + 1;
    walk.circular.set(value, number);
    return `[Circular *${number}]`;
  }
  walk.path.push(value);
  try {
    const text = formatObject(value, walk);
    const number = walk.circular.get(value);
    return number === undefined ? text : `<ref *${number}> ${text}`;
  } catch {
    return '[object that cannot be shown]'; // a getter or a Proxy that throws
  } finally {
    walk.path.pop();
  }
}

/** @param {string} text in the quotes that it does not contain itself */
function quote(text) {
  const mark = ["'", '"', '`'].find((candidate) => !text.includes(candidate)) ?? "'";
  const inner = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"');
  return mark + (mark === "'" ? inner.replaceAll("'", "\\'") : inner) + mark;
}

/** @param {Function} value */
function functionName(value) {
  const isClass = /^class\b/.test(Function.prototype.toString.call(value));
  if (isClass) {
    const parent = Object.getPrototypeOf(value)?.name;
    return `[class ${value.name || '(anonymous)'}${parent ? ` extends ${parent}` : ''}]`;
  }
  const kind = Object.getPrototypeOf(value)?.constructor?.name ?? 'Function';
  return value.name ? `[${kind}: ${value.name}]` : `[${kind} (anonymous)]`;
}

/**
 * @param {object} value
 * @returns {string | undefined} undefined for an object without a prototype
 */
function className(value) {
  for (let object = value; object; object = Object.getPrototypeOf(object)) {
    const own = Object.getOwnPropertyDescriptor(object, 'constructor');
    if (typeof own?.value === 'function' && own.value.name !== '') return own.value.name;
  }
  return undefined;
}

/**
 * @param {any} value
 * @param {Walk} walk
 */
function formatObject(value, walk) {
  if (value instanceof Error) return withProperties(errorText(value, walk), value, walk);
  if (value instanceof RegExp) return withProperties(String(value), value, walk);
  if (value instanceof Date) {
    const text = Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
    return withProperties(text, value, walk);
  }
  const name = className(value);
  if (walk.path.length > MAX_DEPTH + 1) {
    return Array.isArray(value) ? '[Array]' : `[${name ?? 'Object: null prototype'}]`;
  }
  if (isArrayLike(value)) {
    const prefix = Array.isArray(value) && name === 'Array' ? '' : `${name}(${value.length}) `;
    return prefix + braces('[]', [...items(value, walk), ...entries(value, walk)]);
  }
  if (value instanceof Map || value instanceof Set) {
    return `${name}(${value.size}) ${braces('{}', [...members(value, walk), ...entries(value, walk)])}`;
  }
  if (value instanceof Number || value instanceof String || value instanceof Boolean) {
    return `[${name}: ${format(value.valueOf(), walk)}]`;
  }
  const prefix = name === 'Object' ? '' : `${name ?? '[Object: null prototype]'} `;
  return prefix + braces('{}', [...shape(value), ...entries(value, walk)]);
}

/**
 * @param {unknown} value
 * @returns {value is ArrayLike<unknown>} an array or a typed array
 */
function isArrayLike(value) {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
}

/**
 * @param {Error} error
 * @param {Walk} walk
 */
function errorText(error, walk) {
  const text = typeof error.stack === 'string' && error.stack ? error.stack : `[${String(error)}]`;
  return 'cause' in error ? `${text} [cause]: ${format(error.cause, walk)}` : text;
}

/**
 * What the built-in classes show although it is no property.
 * @param {any} value
 * @returns {string[]}
 */
function shape(value) {
  if (value instanceof Promise) return ['<promise>'];
  if (value instanceof WeakMap || value instanceof WeakSet) return ['<items unknown>'];
  if (value instanceof ArrayBuffer) return [`byteLength: ${value.byteLength}`];
  if (typeof value.size === 'number' && typeof value.type === 'string' && !Object.hasOwn(value, 'size')) {
    return [`size: ${value.size}`, `type: ${quote(value.type)}`];
  }
  return [];
}

/**
 * @param {number} length
 * @returns {string[]}
 */
function remaining(length) {
  const more = length - MAX_ITEMS;
  return more > 0 ? [`... ${more} more item${more > 1 ? 's' : ''}`] : [];
}

/**
 * @param {ArrayLike<unknown>} array
 * @param {Walk} walk
 */
function items(array, walk) {
  const texts = [];
  for (let i = 0; i < array.length && texts.length < MAX_ITEMS; i++) {
    const hole = i;
    while (i < array.length && !(i in array)) i++;
    const empty = i - hole;
    if (empty > 0) texts.push(`<${empty} empty item${empty > 1 ? 's' : ''}>`);
    if (i < array.length) texts.push(format(array[i], walk));
  }
  return [...texts, ...remaining(array.length)];
}

/**
 * @param {Map<unknown, unknown> | Set<unknown>} collection
 * @param {Walk} walk
 */
function members(collection, walk) {
  const texts = [];
  for (const member of collection) {
    if (texts.length === MAX_ITEMS) break;
    if (collection instanceof Set) texts.push(format(member, walk));
    else texts.push(/** @type {unknown[]} */ (member).map((part) => format(part, walk)).join(' => '));
  }
  return [...texts, ...remaining(collection.size)];
}

/**
 * @param {any} object
 * @param {Walk} walk
 * @returns {string[]}
 */
function entries(object, walk) {
  const isIndexed = isArrayLike(object);
  const texts = [];
  for (const key of Reflect.ownKeys(object)) {
    const property = Object.getOwnPropertyDescriptor(object, key);
    if (!property?.enumerable || (isIndexed && /^\d+$/.test(String(key)))) continue;
    texts.push(`${keyText(key)}: ${propertyText(property, walk)}`);
  }
  return texts;
}

/** @param {string | symbol} key */
function keyText(key) {
  if (typeof key === 'symbol') return `[${String(key)}]`;
  return /^[A-Za-z_$][\w$]*$/.test(key) ? key : quote(key);
}

/**
 * @param {PropertyDescriptor} property
 * @param {Walk} walk
 */
function propertyText(property, walk) {
  if (!property.get && !property.set) return format(property.value, walk);
  if (!property.set) return '[Getter]';
  return property.get ? '[Getter/Setter]' : '[Setter]';
}

/**
 * @param {string} text
 * @param {any} object
 * @param {Walk} walk
 */
function withProperties(text, object, walk) {
  const properties = walk.path.length > MAX_DEPTH + 1 ? [] : entries(object, walk);
  return properties.length === 0 ? text : `${text} ${braces('{}', properties)}`;
}

/**
 * @param {'[]' | '{}'} pair
 * @param {string[]} texts
 */
function braces(pair, texts) {
  if (texts.length === 0) return pair;
  const line = `${pair[0]} ${texts.join(', ')} ${pair[1]}`;
  if (line.length <= LINE_WIDTH && !line.includes('\n')) return line;
  const indented = texts.map((text) => `  ${text.replaceAll('\n', '\n  ')}`);
  return `${pair[0]}\n${indented.join(',\n')}\n${pair[1]}`;
}
