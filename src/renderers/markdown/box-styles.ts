/** Minified at build time, like the templates of the element. */
const css = String.raw;

/** Styles of the boxes in which big blocks are laid out. */
export const boxStyles = css`
  .text .tight > .items > .items > li > p {
    margin-block: 0;
  }

  /*
   * Groups of the children of a list, an item or a quote. Not the last two, see above. Margins and padding: the numbers of
   * items are outside of them, and would be cut off.
   */
  .items {
    contain: content;
    overflow-clip-margin: 3em;
    contain-intrinsic-block-size: auto 960em;
  }

  .items > .items {
    contain-intrinsic-block-size: auto 60em;
  }

  ul > .items,
  ul > .items > .items {
    margin-inline-start: -1.6em;
    padding-inline-start: 1.6em;
  }

  /* Room for numbers of four digits. */
  .text ol[role='list'] {
    padding-inline-start: 3.4em;
  }

  ol > .items,
  ol > .items > .items {
    margin-inline-start: -3.4em;
    padding-inline-start: 3.4em;
  }

  .items:nth-last-child(n + 3) {
    content-visibility: auto;
  }

  .text .items > :first-child {
    margin-block-start: 0;
  }

  .text .items > li:first-child {
    margin-block-start: 0.3em;
  }

  .text > blockquote > .items:last-child > .items:last-child > :last-child {
    margin-block-end: 0;
  }

  .text > ol {
    overflow-clip-margin: 3em;
  }

  /* As wide as its longest line: the block scrolls, and nothing is cut off. */
  .lines {
    display: block;
    contain: content;
    inline-size: max-content;
    min-inline-size: 100%;
    contain-intrinsic-size: auto 0 auto 400em;
  }

  .piece {
    display: inline-block;
    contain: content;
    contain-intrinsic-size: auto 2400em auto 1.8em;
    vertical-align: top;
  }

  .lines:nth-last-child(n + 3),
  .piece:nth-last-child(n + 3) {
    content-visibility: auto;
  }

  /* Each group of rows is a table. Their columns have the same widths. */
  .text .long {
    display: block;
    inline-size: max-content;
    max-inline-size: none;
  }

  .long :is(thead, tbody) {
    display: block;
    contain: content;
    contain-intrinsic-size: auto 0 auto 150em;
  }

  .long tbody:nth-last-child(n + 3) {
    content-visibility: auto;
  }

  .text .long :is(th, td) {
    box-sizing: border-box;
    max-inline-size: none;
    overflow-wrap: anywhere;
  }
`;
