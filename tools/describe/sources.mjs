// What the sources of the element use, to be compared with what its description says.
import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';

function sources(root) {
  return readdirSync(join(root, 'src'), {recursive: true})
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(join(root, 'src', file), 'utf8'));
}

/**
 * Every `var(--stream-chat-…, fallback)`, in their order, with its first fallback. A name that is put together where it is
 * used ends with a hyphen here, and has no fallback that could be told.
 */
export function customProperties(root) {
  const found = new Map();
  for (const code of sources(root)) {
    for (const match of code.matchAll(/var\((--stream-chat-[\w-]+)(,\s*)?/g)) {
      if (code.startsWith('${', match.index + match[0].length)) {
        found.set(match[1], undefined);
        continue;
      }
      const start = match.index + match[0].length;
      let end = start;
      for (let depth = 1; depth > 0; end++) depth += code[end] === '(' ? 1 : code[end] === ')' ? -1 : 0;
      const fallback = match[2] ? code.slice(start, end - 1).replace(/\s+/g, ' ') : '';
      if (!found.get(match[1])) found.set(match[1], fallback);
    }
  }
  return found;
}

/** What a custom property is where a page sets nothing; `undefined` where that is computed. */
export function defaults(root) {
  const told = [...customProperties(root)].filter(([, fallback]) => fallback && !fallback.includes('var(--_'));
  return new Map(told);
}

/** The names of the parts of the shadow tree, as far as they are written out where it is built. */
export function partNames(root) {
  const forms = [
    /\bpart="([\w -]+)/g,
    /\bpart: '([\w -]+)'/g,
    /\bcreate\('\w+', '([\w -]+)'/g,
    /setAttribute\('part', '([\w -]+)'/g,
  ];
  const written = sources(root).flatMap((code) =>
    forms.flatMap((form) => [...code.matchAll(form)].map(([, names]) => names)),
  );
  return new Set(written.flatMap((names) => names.trim().split(/\s+/)));
}

/** Whether a word stands in the sources by itself: a part that is gone is not described. */
export function isUsed(root) {
  const all = sources(root)
    .join('\n')
    .replace(/\/\*\*[^]*?\*\//g, '');
  return (name) => new RegExp(`(?<![\\w-])${name}(?![\\w-])`).test(all);
}

/** The names of the slots of the shadow tree. */
export function slotNames(root) {
  return new Set(
    sources(root).flatMap((code) =>
      [...code.matchAll(/<slot\b(?:[^>]*?\bname="([\w-]+)")?/g)].map(([, name = '']) => name),
    ),
  );
}

/** The names in `StreamChatEventMap`. */
export function eventNames(root) {
  const code = readFileSync(join(root, 'src/chat/events.ts'), 'utf8');
  const map = /interface StreamChatEventMap \{([^}]*)\}/.exec(code)[1];
  return [...map.matchAll(/^\s*'?([\w-]+)'?:/gm)].map(([, name]) => name);
}
