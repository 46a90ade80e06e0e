// @ts-check
/** Collects the licence notices of the npm packages that went into the bundle. */
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Notices that stand inside a package's source as an ordinary comment, which minifying drops. */
const EMBEDDED = [
  'pouchdb-utils contains parseUri 1.2.2, (c) Steven Levithan <stevenlevithan.com>, MIT License.',
];

/** @param {string} text */
function asciiText(text) {
  return text
    .replaceAll('\r\n', '\n')
    .replaceAll('\u00a9', '(c)')
    .replaceAll('*/', '* /')
    .replace(/[ \t]+$/gm, '')
    .trim();
}

/**
 * @param {string[]} inputs paths of bundled files, from esbuild's metafile
 * @returns {string[]} the folders of the packages that they belong to, sorted
 */
function packageFolders(inputs) {
  const folders = new Set();
  for (const input of inputs) {
    const match = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input);
    if (match) folders.add(match[1]);
  }
  return [...folders].sort();
}

/** @param {string} folder */
async function licenceText(folder) {
  const names = await readdir(folder);
  const name = names.sort().find((candidate) => /^licen[cs]e/i.test(candidate));
  if (name === undefined) throw new Error(`${folder} has no licence file`);
  return asciiText(await readFile(join(folder, name), 'utf8'));
}

/**
 * @param {string} root the folder that the inputs are relative to
 * @param {string[]} inputs
 * @returns {Promise<string>} one comment; packages with the same licence text share it
 */
export async function licenceNotices(root, inputs) {
  /** @type {Map<string, string[]>} */
  const packagesByText = new Map();
  for (const folder of packageFolders(inputs)) {
    const { name, version, license } = JSON.parse(
      await readFile(join(root, folder, 'package.json'), 'utf8'),
    );
    const text = await licenceText(join(root, folder));
    packagesByText.set(text, [
      ...(packagesByText.get(text) ?? []),
      `${name} ${version} (${license})`,
    ]);
  }
  const sections = [...packagesByText].map(([text, packages]) => `${packages.join('\n')}\n\n${text}`);
  return `/*! Third-party software in this file:\n\n${[...sections, ...EMBEDDED].join('\n\n---\n\n')}\n*/`;
}
