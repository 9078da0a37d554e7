import {escapeHtml, type Rendered} from './markdown.js';
import {groups, pages, type PageEntry} from './pages.js';

/**
 * What a page of the site may do. The last two say that text never becomes markup or the address of a script, but by
 * the element, by Lit, and by what starts the service worker.
 */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "require-trusted-types-for 'script'",
  'trusted-types stream-chat lit-html stream-chat-site',
].join('; ');

const icon =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Crect width='32' height='32' rx='9' fill='%230c6a5b'/%3E%3Cpath d='M8 11h16M8 16h11M8 21h6' stroke='%23fff' stroke-width='2.6' stroke-linecap='round'/%3E%3Ccircle cx='20' cy='21' r='2.4' fill='%23fff'/%3E%3C/svg%3E";

function navigation(current: PageEntry): string {
  return groups
    .map(({title, pages}) => {
      const items = pages.map((page) => {
        const here = page === current ? ' aria-current="page"' : '';
        return `<li><a href="./${page.slug}.html"${here}>${escapeHtml(page.label)}</a></li>`;
      });
      return `<h2>${escapeHtml(title)}</h2><ul>${items.join('')}</ul>`;
    })
    .join('\n');
}

function contents({sections}: Rendered): string {
  const items = sections
    .filter(({depth}) => depth === 2)
    .map(({anchor, title}) => `<li><a href="#${anchor}">${escapeHtml(title)}</a></li>`);
  if (items.length < 2) return '';
  return `<nav class="contents" aria-label="On this page"><h2>On this page</h2><ul>${items.join('')}</ul></nav>`;
}

function neighbours(current: PageEntry): string {
  const at = pages.indexOf(current);
  const link = (page: PageEntry | undefined, rel: string, word: string) =>
    page
      ? `<a rel="${rel}" href="./${page.slug}.html"><small>${word}</small>${escapeHtml(page.label)}</a>`
      : '<span></span>';
  return link(pages[at - 1], 'prev', 'Before') + link(pages[at + 1], 'next', 'Next');
}

/** The HTML of one page. `extra` comes behind the content; `script` is the address of its examples' code. */
export function pageHtml(page: PageEntry, content: Rendered, extra: string, script: string | undefined): string {
  const title = content.title.replace(/[`<>]/g, '') || page.label;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1, interactive-widget=resizes-content">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)} · stream-chat</title>
<link rel="icon" href="${icon}">
<link rel="stylesheet" href="/demo/site/site.css">
<script type="module" src="/demo/site/site.ts"></script>
${content.isLive ? '<script type="module" src="/demo/site/live.ts"></script>\n<script type="module" src="/src/index.ts"></script>' : ''}
${script ? `<script type="module" src="${script}"></script>` : ''}
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
<header class="top">
<p class="name"><a href="./index.html"><span>&lt;</span>stream-chat<span>&gt;</span></a></p>
<div class="search" data-search hidden>
<input type="search" role="combobox" aria-expanded="false" aria-controls="found" aria-autocomplete="list" aria-label="Search the documentation" placeholder="Search" autocomplete="off" spellcheck="false">
<ul id="found" role="listbox" aria-label="Found" hidden></ul>
<p class="hidden" role="status"></p>
</div>
<fieldset class="switch" data-theme-switch hidden>
<legend class="hidden">Colours</legend>
<label><input type="radio" name="theme" value="auto" checked><span>Auto</span></label>
<label><input type="radio" name="theme" value="light"><span>Light</span></label>
<label><input type="radio" name="theme" value="dark"><span>Dark</span></label>
</fieldset>
</header>
<div class="columns">
<nav class="pages" aria-label="Pages"><details data-pages open><summary>Pages</summary><div>
${navigation(page)}
<h2>Live</h2><ul><li><a href="../index.html">The demo</a></li></ul>
</div></details></nav>
<main id="content" tabindex="-1">
<p class="note" data-worker-note hidden></p>
${content.html}
${extra}
<nav class="neighbours" aria-label="Before and after">${neighbours(page)}</nav>
</main>
${contents(content)}
</div>
</body>
</html>
`;
}
