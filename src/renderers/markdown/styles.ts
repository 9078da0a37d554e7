/** Minified at build time, like the templates of the element. */
const css = String.raw;

const text = css`
  /*
   * From the beginning: an element that becomes contained later, as skipped content does, gets other margins, counts as
   * a layout shift, and makes a browser count all list items of the page again.
   */
  [part='blocks'],
  .text > * {
    contain: content;
    overflow-clip-margin: 0.5em;
  }

  [part='blocks'] {
    contain-intrinsic-block-size: auto 30em;
  }

  .groups {
    contain-intrinsic-block-size: auto 480em;
  }

  /*
   * Content out of view is not laid out, so an animation frame costs the same however long the answer is. Except
   * content that has just grown: its remembered height is outdated, and WebKit would scroll up if that is smaller.
   */
  .groups:nth-last-child(n + 3),
  [part='blocks']:nth-last-child(n + 3),
  [data-long] > :not(.groups, [part='footnotes']) {
    content-visibility: auto;
  }

  /* Also where it is not used: browsers remember the height only where this is set. */
  .text > :not(.groups, [part='footnotes']) {
    contain-intrinsic-block-size: auto 4em;
  }

  /*
   * Margins do not collapse through contained elements: here they never do, so that nothing moves when containment
   * starts.
   */
  .text blockquote > :first-child {
    margin-block-start: 0;
  }

  .text blockquote > :last-child {
    margin-block-end: 0;
  }

  .text > :nth-child(8),
  [part='blocks'] > :last-child {
    margin-block-end: 0;
  }

  .text :where(p, ul, ol, blockquote, table, [part='code-block'], [part='table'], hr) {
    margin-block: calc(var(--_space) * 0.85);
  }

  .text li :is(p, ul, ol) {
    margin-block: 0.3em;
  }

  .text li + li {
    margin-block-start: 0.3em;
  }

  .text .tight > li > p {
    margin-block: 0;
  }

  .text :is(p, li, td, th) {
    unicode-bidi: plaintext;
  }

  /* A part of a long word: lines of its own, which text after it does not change. */
  .text .segment {
    display: inline-block;
    inline-size: 100%;
    unicode-bidi: plaintext;
    vertical-align: top;
  }

  .text .html {
    white-space: pre-wrap;
  }

  .text [part='link-host'] {
    color: var(--_muted);
    font-size: 0.88em;
  }

  .text [part='footnotes'] {
    margin-block-start: calc(var(--_space) * 1.25);
    border-block-start: 1px solid var(--_border);
    color: var(--_muted);
    font-size: 0.9em;
  }

  .text :is(ul, ol) {
    padding-inline-start: 1.6em;
  }

  /* Each footnote has its own direction, with its number on that side. */
  .text [part='footnotes'] ol {
    padding-inline: 1.6em;
  }

  /* The back-reference follows the last word. */
  .text [part='footnotes'] li > div,
  .text [part='footnotes'] li > div > p:only-child {
    display: inline;
  }

  .text li::marker {
    color: var(--_muted);
    font-variant-numeric: tabular-nums;
  }

  .text .task {
    list-style: none;
    margin-inline-start: -1.4em;
  }

  .task input {
    margin: 0;
    margin-inline-end: 0.5em;
    vertical-align: -0.1em;
  }

  .text :is(h3, h4, h5, h6) {
    margin-block: calc(var(--_space) * 1.5) calc(var(--_space) * 0.5);
    font-size: 1em;
    font-weight: 650;
    line-height: 1.3;
  }

  .text h3 {
    font-size: 1.25em;
  }

  .text h4 {
    font-size: 1.1em;
  }

  .text blockquote {
    margin-inline: 0;
    border-inline-start: 3px solid color-mix(in srgb, var(--_accent) 45%, var(--_background));
    padding-inline-start: 1em;
    color: var(--_muted);
  }

  .text hr {
    border: 0;
    border-block-start: 1px solid var(--_border);
  }

  .text code {
    direction: ltr;
    unicode-bidi: isolate;
    border-radius: 0.35em;
    background: color-mix(in srgb, var(--_color) 7%, var(--_background));
    padding: 0.12em 0.35em;
    font-family: var(--_code-font);
    font-size: 0.88em;
    box-decoration-break: clone;
    -webkit-box-decoration-break: clone;
  }

  [part='code-block'] {
    overflow: hidden;
    border: 1px solid var(--_border);
    border-radius: var(--_inner);
    background: var(--_code);
  }

  [part='code-header'] {
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: 1em;
    padding: 0.3em 0.4em 0 0.4em;
    padding-inline-start: 1.15em;
    color: var(--_muted);
    font-size: 0.8em;
  }

  [part='code-header'] button {
    border-color: transparent;
    background: none;
    font-size: 1em;
  }

  [part='code-block'] pre {
    margin: 0;
    overflow-x: auto;
    padding: 0.5em 0.95em 0.85em;
    direction: ltr;
    text-align: left;
    line-height: 1.55;
    tab-size: 4;
    scrollbar-width: thin;
    scrollbar-color: var(--_border) transparent;
  }

  [part='code-drawing'] {
    overflow-x: auto;
    padding: 0.8em 0.9em;
  }

  [part='code-drawing'] > :is(img, svg) {
    max-inline-size: 100%;
    block-size: auto;
  }

  [part='code-block'] pre code {
    background: none;
    padding: 0;
    font-size: 0.86em;
  }

  [part='table'] {
    inline-size: fit-content;
    max-inline-size: 100%;
    overflow-x: auto;
    border: 1px solid var(--_border);
    border-radius: var(--_inner);
    scrollbar-width: thin;
    scrollbar-color: var(--_border) transparent;
  }

  .text table {
    margin-block: 0;
    border-collapse: collapse;
    font-size: 0.94em;
  }

  .text :is(th, td) {
    padding: 0.45em 0.9em;
    text-align: start;
    vertical-align: top;
    overflow-wrap: normal;
  }

  .text td {
    border-block-start: 1px solid var(--_border);
  }

  .text .align-left {
    text-align: left;
  }

  .text .align-center {
    text-align: center;
  }

  .text .align-right {
    text-align: right;
    font-variant-numeric: tabular-nums;
  }

  .text th {
    background: var(--_code);
    font-weight: 600;
  }

  .text img {
    max-inline-size: 100%;
    block-size: auto;
    border-radius: var(--_inner);
  }
`;

let sheet: CSSStyleSheet | undefined;

/** Returns the style sheet of Markdown answers, which all chats on the page share. */
export function markdownStyles(): CSSStyleSheet {
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
  }
  return sheet;
}
