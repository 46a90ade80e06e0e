// @ts-check
import js from '@eslint/js';
import globals from 'globals';

/** What the engine's JavaScript may use beyond the language: see src/environment/index.js. */
const engineGlobals = {
  Blob: 'readonly',
  console: 'readonly',
  crypto: 'readonly',
  queueMicrotask: 'readonly',
  setImmediate: 'readonly',
  setTimeout: 'readonly',
  clearTimeout: 'readonly',
};

export default [
  js.configs.recommended,
  {
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    languageOptions: { ecmaVersion: 2025, sourceType: 'module' },
    rules: {
      'array-callback-return': 'error',
      'default-case-last': 'error',
      eqeqeq: 'error',
      'max-depth': ['error', 4],
      'max-lines': ['error', { max: 450, skipBlankLines: true, skipComments: true }],
      'no-else-return': ['error', { allowElseIf: true }],
      'no-eval': 'error',
      'no-self-compare': 'error',
      'no-throw-literal': 'error',
      'no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      'no-useless-assignment': 'off',
      'no-var': 'error',
      'object-shorthand': 'error',
      'prefer-const': ['error', { destructuring: 'all' }],
      'prefer-rest-params': 'error',
      'prefer-spread': 'off',
    },
  },
  {
    files: ['src/**/*.js'],
    languageOptions: { globals: { ...engineGlobals } },
    rules: {
      // Packages would take the engine for Node or a page by these; so must nothing of ours.
      'no-restricted-globals': ['error', 'process', 'window', 'document', 'require', 'Buffer'],
      'no-new-func': 'error',
    },
  },
  {
    // The environment makes the globals: it imports what it uses instead of relying on them.
    files: ['src/environment/*.js'],
    rules: { 'no-restricted-globals': ['error', ...Object.keys(engineGlobals)] },
  },
  {
    // Exactly one file knows the channel to Python; dispatch.js is the other end of it.
    files: ['src/**/*.js'],
    ignores: ['src/host.js', 'src/main.js', 'src/bridge/*.js'],
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [{ group: ['**/bridge/channel.js'], message: 'Use a function of host.js.' }] },
      ],
    },
  },
  {
    // evalJs compiles what the embedding program gives it.
    files: ['src/bridge/dispatch.js'],
    rules: { 'no-new-func': 'off' },
  },
  {
    files: ['*.mjs', 'test/*.mjs'],
    languageOptions: { globals: globals.node },
  },
];
