// The ESLint rule that holds the direction of imports between the folders of src. It resolves each specifier to a file,
// so it covers `import`, `export … from`, `import()` and import types alike.
import {dirname, relative, resolve, sep} from 'node:path';

/** Returns whether an import or export declaration is erased by the compiler. */
function isTypeOnly({importKind, exportKind, specifiers = []}) {
  if (importKind === 'type' || exportKind === 'type') return true;
  return specifiers.length > 0 && specifiers.every((s) => s.importKind === 'type' || s.exportKind === 'type');
}

/**
 * Options: `root`, the folder of the sources, and `folders`, which maps a folder or a file in it to what it may import:
 * folders or files, preceded by `type ` if only their types. Its own folder is always allowed.
 */
export const layoutRule = {
  meta: {
    type: 'problem',
    schema: [{type: 'object'}],
    messages: {
      direction: '{{from}} may import from {{allowed}}, but not from {{to}} (docs/decisions/layout.md).',
      types: '{{from}} may import only types from {{to}} (docs/decisions/layout.md).',
      unknown: '{{from}} is missing in the table of folders in eslint.config.js.',
    },
  },
  create(context) {
    const [{root, folders}] = context.options;
    const pathOf = (file) => relative(root, file).split(sep).join('/');
    const file = pathOf(context.filename);
    const folder = file.split('/', 1)[0];
    const from = file in folders ? file : folder;
    const allowed = folders[from];
    if (!allowed) return {Program: (node) => context.report({node, messageId: 'unknown', data: {from}})};

    const includes = (target, entry) => target === entry || target.startsWith(`${entry}/`);
    const check = (source, isType) => {
      if (typeof source?.value !== 'string' || !source.value.startsWith('.')) return;
      const to = pathOf(resolve(dirname(context.filename), source.value)).replace(/\.js$/, '.ts');
      if (includes(to, folder) || allowed.some((entry) => includes(to, entry))) return;
      const isTypeAllowed = allowed.some((entry) => includes(to, entry.replace(/^type /, '')));
      if (isTypeAllowed && isType) return;
      const messageId = isTypeAllowed ? 'types' : 'direction';
      context.report({node: source, messageId, data: {from, to, allowed: allowed.join(', ') || 'no other folder'}});
    };
    const checkDeclaration = (node) => check(node.source, isTypeOnly(node));
    return {
      ImportDeclaration: checkDeclaration,
      ExportNamedDeclaration: checkDeclaration,
      ExportAllDeclaration: checkDeclaration,
      ImportExpression: (node) => check(node.source, false),
      TSImportType: (node) => check(node.source ?? node.argument?.literal, true),
    };
  },
};
