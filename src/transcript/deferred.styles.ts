/** Folded when it is built, as the templates of the element are. */
const css = String.raw;

const text = css`
  /* What is written with the accent keeps 4.5:1 too, whatever that is: y is its luminance. */
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

  .message.system {
    color: var(--_muted);
    font-size: 0.9em;
    text-align: center;
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

  summary:hover {
    color: var(--_color);
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

  .dots {
    display: inline-flex;
    gap: 0.3em;
    padding-block: 0.6em;
  }

  .dots i {
    inline-size: 0.45em;
    block-size: 0.45em;
    border-radius: 50%;
    background: var(--_muted);
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
    max-inline-size: calc(var(--_width) - 2.5rem);
    margin-inline: auto;
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

  /* In a small window the composer scrolls, and the transcript gives way to it. A percentage is none in a box that grows. */
  .log {
    flex-basis: 0%;
  }

  .composer {
    flex-shrink: 1;
    min-block-size: 3.2em;
    overflow: hidden auto;
    scrollbar-width: thin;
  }

  @media (max-height: 24rem) {
    .header:not(.bare) {
      padding-block: 0.3em;
    }

    .composer [part='attachments'] {
      max-block-size: 3.2em;
    }
  }

  /* A row of its own for what is written, where buttons would leave it a narrow column. */
  @container (inline-size < 22rem) {
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

  :is(.text button, .tool button, .jump, .retry):hover,
  .suggestions ::slotted(button:hover) {
    border-color: var(--_edge);
    background: color-mix(in srgb, var(--_color) 4%, var(--_background));
  }

  .send:hover {
    background: color-mix(in srgb, var(--_accent) 90%, var(--_accent-text));
  }

  .send.stop svg {
    fill: currentColor;
  }

  .footer ::slotted(*) {
    margin: 0 0 0.9em;
  }

  :is(button, .log, .message, a, pre, summary, [part='table']):focus-visible {
    outline: 2px solid var(--_link);
    outline-offset: 2px;
  }

  .log:focus-visible,
  .text pre:focus-visible {
    outline-offset: -2px;
  }

  .composer:focus-within {
    border-color: var(--_link);
  }

  /* Not for its buttons: they have a ring of their own. */
  .composer:has(.input:focus) {
    outline: 1px solid var(--_link);
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

    .dots i {
      animation: blink 1.2s infinite both;
    }

    .dots i:nth-child(2) {
      animation-delay: 0.2s;
    }

    .dots i:nth-child(3) {
      animation-delay: 0.4s;
    }

    @keyframes blink {
      0%,
      70%,
      100% {
        opacity: 0.25;
      }

      30% {
        opacity: 1;
      }
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
  }

  .log {
    overscroll-behavior: contain;
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

    .dots i {
      forced-color-adjust: none;
      background: CanvasText;
    }
  }

  /*
   * Also where nothing is left out, so that nothing changes for a message that stands in view as the next one comes: its
   * margins, what counts as a layout shift, the count of all list items.
   */
  .message,
  .group {
    contain: content;
    overflow-clip-margin: 0.5em;
  }

  /*
   * Without scroll anchoring, as in WebKit, a question is a line until it is known: what gets shorter than was thought
   * moves the box away from its end.
   */
  @supports not (overflow-anchor: auto) {
    .message.user {
      contain-intrinsic-block-size: auto 2.5em;
    }
  }

  /* Of 8 messages, of 64 and of 512. */
  .group {
    contain-intrinsic-block-size: auto 58em;
  }

  .messages > .group > .group {
    contain-intrinsic-block-size: auto 460em;
  }

  .messages > .group {
    contain-intrinsic-block-size: auto 3680em;
  }

  @media print {
    /* Whatever size the page gave it: all of the conversation is printed. */
    :host {
      block-size: auto !important;
      max-block-size: none !important;
    }

    .base,
    .log,
    .content {
      display: block;
      overflow: visible;
      block-size: auto;
      max-inline-size: none;
      border: 0;
      container-type: normal;
    }

    .group,
    .message,
    .groups,
    [part='blocks'] {
      contain: none !important;
      content-visibility: visible !important;
    }

    .composer,
    .suggestions,
    .between {
      display: none;
    }
  }
`;

let sheet: CSSStyleSheet | undefined;

/** Returns the styles of what is not visible at the first paint: one sheet for all chats on the page. */
export function deferredStyles(): CSSStyleSheet {
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
  }
  return sheet;
}
