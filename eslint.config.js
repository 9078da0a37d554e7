import js from '@eslint/js';
import {defineConfig, globalIgnores} from 'eslint/config';
import lit from 'eslint-plugin-lit';
import litA11y from 'eslint-plugin-lit-a11y';
import wc from 'eslint-plugin-wc';
import tseslint from 'typescript-eslint';

const SRC = 'src/**/*.ts';

/**
 * The one place where the direction of imports is written down: a rule for files, of which the last that
 * fits counts. `only`: what may be imported, besides which nothing may; `types`: of these, types alone;
 * `never`: what may not be imported.
 */
const imports = (files, {only, types, never = []}) => {
  const patterns = never.map(([regex, message]) => ({regex, message}));
  if (only)
    patterns.push({regex: `^(?!(${only.join('|')})$)`, message: `Here only: ${only.join(', ')} (docs: the layout).`});
  if (types) patterns.push({regex: `^(${types.join('|')})$`, allowTypeImports: true, message: 'Here only its types.'});
  return {files, rules: {'@typescript-eslint/no-restricted-imports': ['error', {patterns}]}};
};
const UNSAFE = [
  '^lit/directives/(unsafe-html|unsafe-svg|style-map)\\.js$',
  'It writes markup or style attributes, which Trusted Types and CSP forbid.',
];
const ELEMENT = [
  '(^|/)(stream-chat|element|index|define)\\.js$',
  'The element is the top: nothing imports it but element.ts, define.ts and index.ts.',
];
const FETCH = ['^@microsoft/', 'Only transport.ts talks to the network.'];
const LIT = ['^(lit|@lit|lit-html|lit-element)($|/)', 'This file knows no DOM.'];

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
          selector: ':matches(TSEnumDeclaration, TSModuleDeclaration[kind="namespace"])',
          message: 'No enum, no namespace: a union, a module.',
        },
      ],
    },
  },

  imports([SRC], {never: [UNSAFE, ELEMENT, FETCH]}),
  imports(['src/{element,define,index}.ts'], {never: [UNSAFE, FETCH]}),
  imports(['src/wire/**/*.ts'], {never: [UNSAFE, ELEMENT, LIT]}),
  imports(['src/core.ts', 'src/chat/{ask,request}.ts', 'src/model/*.ts'], {never: [ELEMENT, FETCH, LIT]}),
  // The open sets see their contract, and of the rest only leaves.
  imports(['src/protocols/**/*.ts'], {
    only: ['\\.\\./(model/conversation|model/errors|wire/framing|lib/load-module)\\.js', '\\./.+'],
    types: ['\\.\\./(model/conversation|wire/framing)\\.js'],
  }),
  imports(['src/renderers/*.ts'], {only: ['\\.\\./(model/errors|lib/safe-url|lib/strip-invisible|lib/load-module|locales/en)\\.js', '\\./.+', '@lezer/.+']}),
  imports(['src/renderers/*/**/*.ts'], {only: ['\\.\\./renderer\\.js', '(\\.\\./)+(model/errors|lib/safe-url|lib/strip-invisible|locales/en)\\.js', '\\./.+', '@lezer/.+', 'temml']}),
  imports(['src/locales/**/*.ts', 'src/themes/**/*.ts'], {never: [ELEMENT, FETCH]}),

  // Tests: chai's assertions are expressions, and what comes over the wire is looked at as it is.
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
