// Over 300 lines because one style sheet is adopted for all that markdown draws: a sheet each would cost a request or a copy.
import {boxStyles} from './box-styles.js';

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

  .text :where(p, ul, ol, blockquote, table, details, [part='code-block'], [part='table'], hr) {
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

  .text p {
    white-space: var(--stream-chat-line-breaks, normal);
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

  .text a[role='link'] {
    cursor: pointer;
    text-decoration-line: underline;
  }

  .text .no-link {
    color: inherit;
  }

  .text :is(kbd, mark, sub, sup) {
    line-height: 1;
  }

  .text kbd {
    border: 1px solid var(--_border);
    border-block-end-width: 2px;
    border-radius: 0.35em;
    padding: 0.05em 0.35em;
    font-family: var(--_code-font);
    font-size: 0.86em;
  }

  .text mark {
    border-radius: 0.2em;
    background: color-mix(in srgb, var(--_accent) 22%, var(--_background));
    padding-inline: 0.15em;
    color: inherit;
  }

  .text details {
    border: 1px solid var(--_border);
    border-radius: var(--_inner);
    padding: 0.5em 0.9em;
  }

  .text details > :last-child:not(summary) {
    margin-block-end: 0.2em;
  }

  .text summary {
    cursor: pointer;
    font-weight: 600;
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
  .text [part='footnotes'] li > div:not(.items),
  .text [part='footnotes'] li > div:not(.items) > p:only-child {
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

  .text .alert {
    --_hue: var(--_accent);
    border-color: var(--_hue);
    color: inherit;
  }

  .text .alert-title {
    margin-block-end: 0.3em;
    color: color-mix(in srgb, var(--_hue) 75%, var(--_color));
    font-weight: 600;
  }

  .text .alert-title + * {
    margin-block-start: 0;
  }

  .text .tip {
    --_hue: light-dark(#1a7f37, #3fb950);
  }

  .text .important {
    --_hue: light-dark(#8250df, #ab7df8);
  }

  .text .warning {
    --_hue: light-dark(#9a6700, #d29922);
  }

  .text .caution {
    --_hue: var(--_error);
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
    display: block;
    background: none;
    padding: 0;
    font-size: 0.86em;
    line-height: 1.8;
  }

  /* At an edge behind which there is more, a shadow: the covers move with the content, the shadows do not. */
  [part='table'] {
    --_shadow: color-mix(in srgb, var(--_color) 24%, transparent), transparent;
    --_cover: var(--_background) 35%, transparent;
    inline-size: fit-content;
    max-inline-size: 100%;
    overflow-x: auto;
    background:
      linear-gradient(to right, var(--_cover)) left / 2.5em 100% local,
      linear-gradient(to left, var(--_cover)) right / 2.5em 100% local,
      linear-gradient(to right, var(--_shadow)) left / 0.8em 100% scroll,
      linear-gradient(to left, var(--_shadow)) right / 0.8em 100% scroll;
    background-repeat: no-repeat;
    border: 1px solid var(--_border);
    border-radius: var(--_inner);
    scrollbar-width: thin;
    scrollbar-color: var(--_border) transparent;
  }

  /* The block is as wide as its table; its side is that of its text. */
  .text > [part='table']:dir(rtl),
  [part='blocks'] > [part='table']:dir(rtl) {
    margin-left: auto;
  }

  /* As wide as its cells need, or as the panel: narrow columns of long text would have one word a line. */
  .text table {
    inline-size: max-content;
    max-inline-size: max(100%, var(--_columns, 0) * 9em);
    margin-block: 0;
    border-collapse: collapse;
    font-size: 0.94em;
  }

  .columns-3 {
    --_columns: 3;
  }

  .columns-4 {
    --_columns: 4;
  }

  .columns-5 {
    --_columns: 5;
  }

  .columns-6 {
    --_columns: 6;
  }

  .columns-7 {
    --_columns: 7;
  }

  .columns-8 {
    --_columns: 8;
  }

  .text :is(th, td) {
    max-inline-size: 18em;
    padding: 0.45em 0.9em;
    text-align: start;
    vertical-align: top;
    overflow-wrap: normal;
  }

  /* A word stays whole, an address may break. */
  .text td :is(a, code) {
    overflow-wrap: anywhere;
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
    background: color-mix(in srgb, var(--_color) 4%, transparent);
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
    sheet.replaceSync(text + boxStyles);
  }
  return sheet;
}
