import type {Plugin} from 'vite';

/**
 * Folds the white space in the `css` and `html` templates of this package.
 * css: removes comments, last semicolons, the 0 before a decimal point and white space between tokens, of which one space is
 * kept where it may separate two of them. html: removes only the indentation and
 * keeps the line break, so that rendering changes only under `white-space: pre`.
 */
export function foldTemplates(): Plugin {
  return {
    name: 'fold-templates',
    transform: {
      filter: {id: /[\\/]src[\\/].*\.ts$/, code: /\b(css|html|svg)`/},
      handler(code) {
        const edits: {start: number; end: number; text: string}[] = [];
        visit(this.parse(code), (node) => {
          if (node['type'] !== 'TaggedTemplateExpression') return;
          const {tag, quasi} = node as unknown as TaggedTemplate;
          const fold = tag.name && FOLDS[tag.name];
          if (!fold) return;
          for (const {value, start, end} of quasi.quasis) {
            // Parsers differ in whether the range of a template element includes its delimiters.
            const at = code.indexOf(value.raw, start);
            if (at >= 0 && at + value.raw.length <= end)
              edits.push({start: at, end: at + value.raw.length, text: fold(value.raw)});
          }
        });
        // From the end, so that earlier offsets stay valid.
        for (const {start, end, text} of edits.sort((a, b) => b.start - a.start))
          code = code.slice(0, start) + text + code.slice(end);
        return {code, map: null};
      },
    },
  };
}

interface TaggedTemplate {
  tag: {name?: string};
  quasi: {quasis: {value: {raw: string}; start: number; end: number}[]};
}

const SPACE = String.raw`(?:\/\*[\s\S]*?\*\/|\s)`;
const STRING = String.raw`"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'`;
const CSS = new RegExp(
  `(${STRING})|${SPACE}*;?${SPACE}*(})${SPACE}*|${SPACE}*([{;,])${SPACE}*|(:)${SPACE}+|${SPACE}+|(?<![\\w.])0(?=\\.\\d)`,
  'g',
);

const foldCss = (text: string) =>
  text.replace(
    CSS,
    (found, ...kept: (string | undefined)[]) => kept.slice(0, 4).find(Boolean) ?? (found === '0' ? '' : ' '),
  );
const foldHtml = (text: string) => text.replace(/[ \t]*\n\s*/g, '\n');
const FOLDS: Record<string, (text: string) => string> = {css: foldCss, html: foldHtml, svg: foldHtml};

function visit(node: unknown, onNode: (node: Record<string, unknown>) => void): void {
  if (Array.isArray(node)) for (const item of node) visit(item, onNode);
  else if (node && typeof node === 'object') {
    onNode(node as Record<string, unknown>);
    for (const value of Object.values(node)) if (value && typeof value === 'object') visit(value, onNode);
  }
}
