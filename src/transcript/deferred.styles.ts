// One idea, and over 300 lines: every rule that is not needed at the first paint. One lazy module costs one request.

import {printStyles} from './print.styles.js';

/** The build minifies templates with this tag, as it does Lit's. */
const css = String.raw;

const text = css`
  /* Text in the accent colour has a contrast of at least 4.5:1 with any accent: y is its luminance. */
  @supports (color: color(from red xyz-d65 x y z)) {
    :host {
      --_dim: 0.14 / max(y, 0.14);
      --_lift: (max(y, 0.31) - y) / (1.001 - y);
      --_link: light-dark(
        color(from var(--_accent) xyz-d65 calc(x * var(--_dim)) calc(y * var(--_dim)) calc(z * var(--_dim))),
        color(
          from var(--_accent) xyz-d65 calc(x + (0.9505 - x) * var(--_lift)) calc(y + (1 - y) * var(--_lift))
            calc(z + (1.089 - z) * var(--_lift))
        )
      );
    }
  }

  .text > :first-child {
    margin-block-start: 0;
  }

  .text > :last-child {
    margin-block-end: 0;
  }

  /* Part of a long text: lines of its own, which text after it does not change. */
  .run {
    display: inline-block;
    contain: content;
    inline-size: 100%;
    overflow-clip-margin: 0.5em;
    vertical-align: top;
    contain-intrinsic-block-size: auto 150em;
  }

  /*
   * WebKit lays out all inline boxes of a block again when one is added. Not in text with its own line breaks, where the
   * one between two blocks would be a line.
   */
  @supports not (overflow-anchor: auto) {
    .run:not(.plain > .run, pre .run) {
      display: block;
    }
  }

  .run:nth-last-child(n + 3) {
    content-visibility: auto;
  }

  /* Parts of an answer of many parts. */
  .parts {
    contain: content;
    contain-intrinsic-block-size: auto 60em;
  }

  .message > .parts:nth-last-child(n + 6),
  .parts > .parts:nth-last-child(n + 3) {
    content-visibility: auto;
  }

  .message.system {
    color: var(--_muted);
    font-size: 0.9em;
    text-align: center;
  }

  .folded {
    max-block-size: 16em;
    overflow: hidden;
    mask-image: linear-gradient(#000 60%, transparent);
  }

  [part='fold'] {
    margin-block-start: 0.4em;
  }

  .picture img {
    inline-size: 100%;
    max-block-size: 24em;
    aspect-ratio: 3 / 2;
    object-fit: contain;
    object-position: left;
  }

  .picture img:dir(rtl) {
    object-position: right;
  }

  .picture.loading img {
    background: var(--_code);
  }

  .picture.small img {
    inline-size: auto;
    aspect-ratio: auto;
  }

  .reasoning {
    margin-block-end: calc(var(--_space) * 0.75);
    border-inline-start: 2px solid var(--_border);
    padding-inline-start: 0.9em;
    color: var(--_muted);
    font-size: 0.92em;
  }

  summary {
    inline-size: fit-content;
    min-block-size: 24px;
    border-radius: 0.3em;
    cursor: pointer;
  }

  .sources,
  .note {
    margin-block-start: calc(var(--_space) * 0.6);
    color: var(--_muted);
    font-size: 0.88em;
  }

  .sources ol {
    margin: 0.2em 0 0;
    padding-inline-start: 1.8em;
  }

  .sources li {
    padding-block: 0.1em;
  }

  .sources a {
    display: block;
    inline-size: fit-content;
    min-block-size: 24px;
  }

  [part='source-host'] {
    margin-inline-start: 0.3em;
    color: var(--_muted);
    font-size: 0.93em;
  }

  .error {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.5em 0.8em;
    margin-block-start: calc(var(--_space) * 0.6);
    border: 1px solid color-mix(in srgb, var(--_error) 35%, var(--_background));
    border-radius: var(--_inner);
    background: color-mix(in srgb, var(--_error) 6%, var(--_background));
    padding: calc(var(--_space) * 0.6) 0.9em;
    font-size: 0.92em;
  }

  .error::before {
    content: '!' / '';
    flex: none;
    align-self: flex-start;
    inline-size: 1.5em;
    border-radius: 50%;
    background: var(--_error);
    color: var(--_background);
    font-weight: 700;
    line-height: 1.5;
    text-align: center;
  }

  .error span {
    flex: 1 1 12em;
  }

  .jump {
    position: absolute;
    inset-block-end: 0.6em;
    inset-inline: 0;
    inline-size: max-content;
    margin-inline: auto;
    box-shadow: 0 2px 10px rgb(0 0 0 / 12%);
  }

  .status {
    color: var(--_muted);
    font-size: 0.88em;
    font-variant-numeric: tabular-nums;
  }

  .status:not(:empty) {
    padding: 0.3em 1.25em;
  }

  .status.offline {
    inline-size: calc(100% - 2.3em);
    margin-block-end: 0.6em;
    border: 1px solid var(--_border);
    border-radius: var(--_inner);
    background: var(--_code);
    padding: 0.5em 0.9em;
    color: inherit;
  }

  /*
   * In a small window the composer scrolls, and all else shrinks in favour of it: the transcript first, then
   * suggestions and footer. Suggestions scroll before they take the room of the greeting. The basis is a percentage, because
   * it is ignored in a box that grows with its content.
   */
  .log {
    flex-basis: 0%;
    min-block-size: min(4em, 25%);
  }

  .composer {
    flex-shrink: 1;
    min-block-size: min(3.2em, 100%);
    overflow: hidden auto;
    scrollbar-width: thin;
  }

  .suggestions,
  .footer {
    flex-shrink: 99;
    overflow: hidden auto;
    scrollbar-width: thin;
  }

  /* The space above is for the focus ring, which a scrolling box would clip. */
  .suggestions {
    max-block-size: 40%;
    margin-block: -4px 0;
    padding-block: 4px calc(var(--_space) * 0.8);
  }

  .heading {
    display: -webkit-box;
    overflow: hidden;
    overflow-wrap: anywhere;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 2;
  }

  @media (max-height: 24em) {
    .header:not(.bare) {
      padding-block: 0.3em;
    }

    .composer [part='attachments'] {
      max-block-size: 3.2em;
    }
  }

  /* A separate row for the text field, where buttons would leave it a narrow column. */
  @container (inline-size < 22em) {
    .composer:has(:is([part='attach'], [part='dictate']):not([hidden])) .input {
      flex-basis: 100%;
    }

    .composer :is([part='attach'], [part='dictate'], .send),
    .composer ::slotted(*) {
      order: 1;
    }

    .composer [part='attach'] {
      margin-inline-end: auto;
    }

    .composer:not(:has([part='attach']:not([hidden]))) [part='dictate'] {
      margin-inline-start: auto;
    }
  }

  .composer-note {
    flex: 1 0 100%;
    padding: 0.1em 0.7em;
    color: var(--_muted);
    font-size: 0.88em;
  }

  .text a,
  .sources a {
    color: var(--_link);
    text-underline-offset: 0.18em;
    text-decoration-thickness: from-font;
  }

  /* A touch screen would keep the look of the last button that was touched. */
  @media (hover: hover) {
    summary:hover {
      color: var(--_color);
    }

    :is(.text button, .tool button, .jump, .retry):hover {
      border-color: var(--_edge);
      background: color-mix(in srgb, var(--_color) 4%, var(--_background));
    }

    .suggestions ::slotted(button:hover) {
      border-color: var(--_edge) !important;
      background: color-mix(in srgb, var(--_color) 4%, var(--_background)) !important;
    }

    .send:hover {
      background: color-mix(in srgb, var(--_accent) 90%, var(--_accent-text));
    }
  }

  button:active:not(:disabled, [aria-disabled='true']) {
    opacity: 0.65;
  }

  .suggestions ::slotted(button:active) {
    opacity: 0.65 !important;
  }

  .suggestions ::slotted(button:disabled) {
    opacity: 0.5 !important;
    cursor: default !important;
  }

  .send.stop svg {
    fill: currentColor;
  }

  .footer ::slotted(*) {
    margin: 0 0 0.9em;
  }

  @media (pointer: coarse) {
    .input,
    summary,
    .sources a {
      min-block-size: 44px;
    }

    .sources a {
      align-content: center;
    }

    .text [part='footnote-return'] {
      min-inline-size: 44px;
    }
  }

  @media (prefers-reduced-motion: no-preference) {
    .composer {
      transition: border-color 0.15s;
    }
  }

  @media (prefers-contrast: more) {
    :host {
      --_muted: var(--_color);
      --_border: var(--_edge);
    }
  }

  .between {
    position: relative;
    flex: none;
    inline-size: 100%;
    max-inline-size: calc(var(--_width) - 2.5em);
    margin-inline: auto;
  }

  .send svg {
    stroke-linecap: round;
    stroke-linejoin: round;
  }

  .send:disabled {
    opacity: 0.5;
    cursor: default;
  }

  @media (forced-colors: active) {
    .send,
    .message.user > .text,
    .error {
      border: 1px solid ButtonBorder;
    }
  }

  /*
   * Also for content that is not skipped, so that nothing changes for a visible message when the next one is added: its
   * margins, what counts as a layout shift, the numbering of list items.
   */
  .message,
  .group {
    contain: content;
    overflow-clip-margin: 0.5em;
  }

  /*
   * Without scroll anchoring, as in WebKit, a question is estimated as one line until its height is known: content that
   * turns out shorter than estimated moves the box away from its end.
   */
  @supports not (overflow-anchor: auto) {
    .message.user {
      contain-intrinsic-block-size: auto 2.5em;
    }
  }

  /* Estimated heights of groups of 8, 64 and 512 messages. */
  .group {
    contain-intrinsic-block-size: auto 58em;
  }

  .messages > .group > .group {
    contain-intrinsic-block-size: auto 460em;
  }

  .messages > .group {
    contain-intrinsic-block-size: auto 3680em;
  }
`;

let sheet: CSSStyleSheet | undefined;

/** Returns the styles of what is not visible at the first paint: one sheet for all chats on the page. */
export function deferredStyles(): CSSStyleSheet {
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(text + printStyles);
  }
  return sheet;
}
