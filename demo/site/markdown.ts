import {Marked, type Token, type Tokens} from 'marked';

import {createColouring} from '../../src/renderers/highlight.js';
import {pageOf, resolveLink} from './pages.js';

/** A heading with what stands below it, for the table of contents and for the search. */
export interface Section {
  readonly title: string;
  /** Empty for what stands before the first heading of the second level. */
  readonly anchor: string;
  readonly depth: number;
  text: string;
}

/** A Markdown file as a page shows it. */
export interface Rendered {
  readonly title: string;
  readonly html: string;
  readonly sections: readonly Section[];
  /** The code of ```js live blocks, joined: what the page runs. */
  readonly script: string;
  /** Whether the page has an element, so that it has to be loaded. */
  readonly isLive: boolean;
}

export const escapeHtml = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** The name that a heading has in a link, as code hosts make it: the second of a name gets `-1`. */
export function createSlugger(): (heading: string) => string {
  const seen = new Map<string, number>();
  return (heading) => {
    const slug = heading
      .toLowerCase()
      .replace(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, '')
      .replaceAll(' ', '-');
    const count = seen.get(slug) ?? 0;
    seen.set(slug, count + 1);
    return count === 0 ? slug : `${slug}-${count}`;
  };
}

/** What a piece of Markdown says, without its marks. */
export function plainText(tokens: readonly Token[]): string {
  return tokens
    .map((token): string => {
      if (token.type === 'table') {
        const {header, rows} = token as Tokens.Table;
        return [header, ...rows].map((row) => row.map((cell) => plainText(cell.tokens)).join(' ')).join('\n');
      }
      if (token.type === 'list') return (token as Tokens.List).items.map((item) => plainText(item.tokens)).join('\n');
      if (token.type === 'html') return '';
      if (token.type === 'br') return '\n';
      if ('tokens' in token && token.tokens) return plainText(token.tokens);
      return 'text' in token ? String(token.text) : '';
    })
    .join('');
}

/** Code with its colours, in the classes of the element's own highlighter. */
function colour(code: string, language: string): string {
  const colouring = createColouring(language);
  return code
    .split('\n')
    .map((line) =>
      (colouring?.(line) ?? [[line, ''] as const])
        .map(([text, kind]) => (kind ? `<span class="${kind}">${escapeHtml(text)}</span>` : escapeHtml(text)))
        .join(''),
    )
    .join('\n');
}

function codeBlock(code: string, language: string, label = language): string {
  const head = `<span>${escapeHtml(label || 'text')}</span><button type="button" data-copy>Copy</button>`;
  // Reached by Tab, as it may scroll.
  return `<div class="code"><div class="code-head">${head}</div><pre tabindex="0"><code>${colour(code, language)}</code></pre></div>\n`;
}

/** A link of a Markdown file as the site has it: to a page, or nothing where a file of the repository is meant. */
function siteHref(source: string, href: string): string | undefined {
  if (/^[a-z][a-z\d+.-]*:/i.test(href) || href.startsWith('#')) return href;
  const {path, anchor} = resolveLink(source, href);
  const page = pageOf(path);
  return page && `./${page.slug}.html${anchor ? `#${anchor}` : ''}`;
}

/** Turns a Markdown file into the content of a page. */
export function renderMarkdown(source: string, text: string): Rendered {
  const slug = createSlugger();
  const sections: Section[] = [];
  const scripts: string[] = [];
  let title = '';
  let isLive = false;
  const marked = new Marked({
    renderer: {
      heading({tokens, depth}) {
        const words = plainText(tokens);
        const anchor = slug(words);
        if (depth === 1) title ||= words;
        sections.push({title: words, anchor: depth === 1 ? '' : anchor, depth, text: ''});
        const inner = this.parser.parseInline(tokens);
        if (depth === 1) return `<h1 id="${anchor}">${inner}</h1>\n`;
        const link = `<a class="anchor" href="#${anchor}" aria-label="Link to “${escapeHtml(words)}”">#</a>`;
        return `<h${depth} id="${anchor}">${inner}${link}</h${depth}>\n`;
      },
      code({text: code, lang = ''}) {
        const [language = '', live] = lang.split(' ');
        if (live !== 'live') return codeBlock(code, language);
        isLive = true;
        if (language === 'js') scripts.push(code);
        const stage = language === 'html' ? `<div class="stage">\n${code}\n</div>` : '';
        return `<div class="example">${stage}${codeBlock(code, language, language === 'js' ? 'js, running on this page' : language)}</div>\n`;
      },
      link({href, tokens}) {
        const inner = this.parser.parseInline(tokens);
        const target = siteHref(source, href);
        if (target === undefined) return `<span class="in-repository" title="In the repository">${inner}</span>`;
        const rel = /^https?:/.test(target) ? ' rel="noopener noreferrer"' : '';
        return `<a href="${escapeHtml(target)}"${rel}>${inner}</a>`;
      },
      table(token) {
        const cells = (row: readonly Tokens.TableCell[], name: string) =>
          row
            // A heading that says nothing is none.
            .map((cell) => ({tag: cell.text === '' ? 'td' : name, inner: this.parser.parseInline(cell.tokens)}))
            .map(({tag, inner}) => `<${tag}>${inner}</${tag}>`)
            .join('');
        const rows = token.rows.map((row) => `<tr>${cells(row, 'td')}</tr>`).join('\n');
        return `<div class="table" tabindex="0"><table><thead><tr>${cells(token.header, 'th')}</tr></thead><tbody>${rows}</tbody></table></div>\n`;
      },
      html({text: markup}) {
        const [, widget] = /^<!-- live: ([\w-]+) -->/.exec(markup) ?? [];
        if (!widget) return markup.startsWith('<!--') ? '' : markup;
        isLive = true;
        return `<div class="stage" data-widget="${widget}"></div>\n`;
      },
    },
  });
  const tokens = marked.lexer(text);
  const html = marked.parser(tokens);
  let index = -1;
  for (const token of tokens) {
    if (token.type === 'heading') index++;
    else if (index >= 0) sections[index]!.text += `${plainText([token])}\n`;
  }
  return {title, html, sections, script: scripts.join('\n\n'), isLive};
}
