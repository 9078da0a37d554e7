import js from '@eslint/js';
import {defineConfig, globalIgnores} from 'eslint/config';
import lit from 'eslint-plugin-lit';
import litA11y from 'eslint-plugin-lit-a11y';
import wc from 'eslint-plugin-wc';
import tseslint from 'typescript-eslint';

import {layoutRule} from './tools/layout-rule.mjs';

const SRC = 'src/**/*.ts';

/**
 * The direction of imports: what each folder of src may import from besides itself; `type` means only types. A file with
 * rules of its own has its own line. The files at the root of src, which assemble the element, may import from all.
 */
const FOLDERS = {
  transcript: ['speech', 'chat', 'type protocols', 'renderers', 'locales', 'lib', 'model'],
  composer: ['speech', 'chat', 'type protocols', 'locales', 'lib', 'model'],
  launcher: ['chat', 'locales', 'lib', 'model'],
  speech: ['chat', 'locales', 'lib', 'model'],
  chat: ['sources', 'protocols', 'wire', 'lib', 'model'],
  sources: ['protocols', 'wire', 'lib', 'model'],
  'protocols/protocol.ts': ['wire', 'lib', 'model'],
  // A wire format is pure: beside its contract it needs no more than the shape of its input and output.
  protocols: ['model/errors.ts', 'type model/conversation.ts', 'type wire/framing.ts'],
  renderers: ['locales', 'lib', 'model'],
  locales: ['lib', 'model'],
  themes: [],
  wire: ['lib', 'model'],
  lib: ['model'],
  model: [],
};

/** Restricts the imports of files. Of several rules that match a file, the last one counts. */
const never = (files, ...banned) => ({
  files,
  rules: {
    '@typescript-eslint/no-restricted-imports': ['error', {patterns: banned.map(([regex, message]) => ({regex, message}))}],
  },
});
const UNSAFE = [
  '^lit/directives/(unsafe-html|unsafe-svg|style-map)\\.js$',
  'Trusted Types and CSP forbid it, because it writes markup or style attributes.',
];
const ELEMENT = [
  '(^|/)(stream-chat|element|index|define|deferred)\\.js$',
  'Only element.ts, define.ts, index.ts and react.ts import the element; the element loads deferred.ts.',
];
const FETCH = ['^@microsoft/', 'Only src/wire may use the network.'];
const LIT = ['^(lit|@lit|lit-html|lit-element)($|/)', 'This file must run without a DOM.'];
const NO_PACKAGE = ['^(?!\\.)', 'A wire format imports no package.'];
const ONLY_PARSERS = ['^(?!\\.|@lezer/|temml$)', 'A renderer may import only the parsers @lezer and temml.'];

const ban = (what) => ({
  selector: `:matches(MemberExpression > Identifier.property, Property > Identifier.key)[name="${what}"]`,
  message: `No ${what}: markup is made by Lit's templates or by DOM nodes.`,
});

export default defineConfig(
  globalIgnores(['dist/', 'coverage/', '.cache/', 'demo/backends/', 'demo/frameworks/', 'test/streams/']),
  js.configs.recommended,
  {linterOptions: {reportUnusedDisableDirectives: 'error'}},

  // Everything in TypeScript.
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommended],
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', {disallowTypeAnnotations: false}],
      '@typescript-eslint/no-unused-vars': [
        'error',
        {argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true},
      ],
      // Overloads of addEventListener by a merged interface are the documented way to type events.
      '@typescript-eslint/no-unsafe-declaration-merging': 'off',
      // TypeScript knows better.
      'no-undef': 'off',
    },
  },

  // The package.
  {
    files: [SRC],
    extends: [tseslint.configs.recommendedTypeChecked, lit.configs['flat/recommended'], wc.configs['flat/recommended']],
    plugins: {'lit-a11y': litA11y},
    languageOptions: {parserOptions: {projectService: true, tsconfigRootDir: import.meta.dirname}},
    rules: {
      ...litA11y.configs.recommended.rules,
      // Lit binds event handlers of templates to the element.
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/no-misused-promises': ['error', {checksVoidReturn: false}],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', {considerDefaultExhaustiveForUnions: true}],
      '@typescript-eslint/restrict-template-expressions': ['error', {allowNumber: true, allowBoolean: true}],
      '@typescript-eslint/no-unnecessary-condition': 'off',
      '@typescript-eslint/require-await': 'off',
      eqeqeq: ['error', 'always', {null: 'ignore'}],
      'no-console': ['error', {allow: ['error', 'warn']}],
      '@typescript-eslint/no-unsafe-declaration-merging': 'off',
      'no-eval': 'error',
      'no-implied-eval': 'error',
      'no-new-func': 'error',
      'no-restricted-globals': ['error', {name: 'DOMParser', message: 'It makes markup out of text.'}],
      'no-restricted-properties': [
        'error',
        {object: 'document', property: 'write'},
        {object: 'document', property: 'writeln'},
      ],
      'no-restricted-syntax': [
        'error',
        ...[
          'innerHTML',
          'outerHTML',
          'insertAdjacentHTML',
          'setHTMLUnsafe',
          'parseHTMLUnsafe',
          'createContextualFragment',
          'srcdoc',
          'DOMParser',
        ].map(ban),
        {
          selector: 'TemplateElement[value.raw=/\\.(innerHTML|outerHTML)\\s*=|\\bsrcdoc\\s*=/]',
          message: 'No markup out of text in a template.',
        },
        {
          selector: 'Literal[value=/^(innerHTML|outerHTML|insertAdjacentHTML|srcdoc)$/]',
          message: 'Not by its name either.',
        },
        {
          selector:
            ':matches(MemberExpression[object.name="document"], MemberExpression[object.property.name="ownerDocument"]):not([property.name=/^(create|write)/])',
          message: 'The page can hide it by an element of that name: use readDocument().',
        },
        {
          selector: 'VariableDeclarator[id.type="ObjectPattern"]:matches([init.name="document"], [init.property.name="ownerDocument"])',
          message: 'The page can hide it by an element of that name: use readDocument().',
        },
        {
          selector: ':matches(TSEnumDeclaration, TSModuleDeclaration[kind="namespace"])',
          message: 'No enum, no namespace: a union, a module.',
        },
      ],
    },
  },

  {
    files: ['src/*/**/*.ts'],
    plugins: {layout: {rules: {direction: layoutRule}}},
    rules: {'layout/direction': ['error', {root: `${import.meta.dirname}/src`, folders: FOLDERS}]},
  },
  never([SRC], UNSAFE, ELEMENT, FETCH),
  never(['src/{element,define,index,react}.ts'], UNSAFE, FETCH),
  never(['src/wire/**/*.ts'], UNSAFE, ELEMENT, LIT),
  never(['src/core.ts', 'src/chat/{ask,request}.ts', 'src/{model,sources}/**/*.ts'], UNSAFE, ELEMENT, FETCH, LIT),
  never(['src/protocols/**/*.ts'], ELEMENT, NO_PACKAGE),
  // Renderers may use a parser of code or formulas, and no templates.
  never(['src/renderers/**/*.ts'], UNSAFE, ELEMENT, FETCH, ONLY_PARSERS),

  // Tests: chai's assertions are expressions, and data from the wire is inspected as it is.
  {
    files: ['test/**/*.ts'],
    languageOptions: {parserOptions: {projectService: true, tsconfigRootDir: import.meta.dirname}},
    rules: {
      // @open-wc/semantic-dom-diff types `equal` as a promise for every value.
      '@typescript-eslint/no-floating-promises': [
        'error',
        {allowForKnownSafeCalls: [{from: 'package', package: '@types/chai', name: ['Equal', 'equal']}]},
      ],
      '@typescript-eslint/no-unused-expressions': 'off',
      '@typescript-eslint/no-explicit-any': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      'no-unused-expressions': 'off',
      'no-restricted-properties': [
        'error',
        {object: 'describe', property: 'only', message: 'The other tests would not run.'},
        {object: 'it', property: 'only', message: 'The other tests would not run.'},
      ],
    },
  },

  // What runs in Node, and the scripts of the demo's pages.
  {
    files: ['**/*.{js,mjs,cjs}'],
    rules: {
      'no-undef': 'off',
      'no-unused-vars': ['error', {argsIgnorePattern: '^_', ignoreRestSiblings: true}],
      'no-empty': ['error', {allowEmptyCatch: false}],
    },
  },
);
