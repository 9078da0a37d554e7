import {css} from 'lit';

/**
 * Styles of the element at the first paint, and of what must be visible if the deferred styles are late: typing indicator,
 * focus rings, line breaks of plain text. One idea, and over 300 lines: this sheet is needed at once, so splitting it gains
 * nothing.
 *
 * All colours derive from accent, background and text colour. Text on the accent has a contrast of at least 4.5:1 with any
 * accent: y is the luminance in the contrast formula, and at 0.179 black and white contrast equally.
 */
export const styles = css`
  :host {
    --_accent: var(--stream-chat-accent, light-dark(#3d52c5, #9aaaf6));
    --_background: var(--stream-chat-background, light-dark(#fff, #17181c));
    --_color: var(--stream-chat-color, light-dark(#1b1c20, #e7e8ec));
    --_muted: var(--stream-chat-muted, color-mix(in srgb, var(--_color) 68%, var(--_background)));
    --_border: var(--stream-chat-border, color-mix(in srgb, var(--_color) 14%, var(--_background)));
    --_edge: color-mix(in srgb, var(--_color) 52%, var(--_background));
    --_user: var(--stream-chat-user-background, color-mix(in srgb, var(--_accent) 11%, var(--_background)));
    --_code: var(--stream-chat-code-background, color-mix(in srgb, var(--_color) 4%, var(--_background)));
    --_error: var(--stream-chat-error, light-dark(#b42318, #ff9a8f));
    --_accent-text: var(--stream-chat-accent-text, light-dark(#fff, #10131a));
    --_link: var(--_accent);
    --_radius: var(--stream-chat-radius, 12px);
    --_inner: calc(var(--_radius) * 0.7);
    --_space: calc(var(--stream-chat-density, 1) * 1em);
    --_width: var(--stream-chat-width, 46em);
    --_code-font: var(--stream-chat-code-font, ui-monospace, monospace);

    display: block;
    block-size: min(32em, 100dvb);
    min-block-size: min(12em, 100dvb);
    /* The size that the reader has chosen in the browser. All measures are in em, because rem is at the page's disposal. */
    font-size: medium;
    /* Otherwise Chromium can choose a message as the page's scroll anchor, and scroll the page with the transcript. */
    overflow-anchor: none;
  }

  @supports (color: color(from red xyz-d65 x y z)) {
    :host {
      --_even: clamp(0, (0.179 - y) * 9999, 1);
      --_accent-text: var(
        --stream-chat-accent-text,
        color(from var(--_accent) xyz-d65 calc(0.9505 * var(--_even)) var(--_even) calc(1.089 * var(--_even)))
      );
    }
  }

  :host([mode='launcher']) {
    display: contents;
  }

  :host([hidden]),
  [hidden] {
    display: none !important;
  }

  * {
    box-sizing: border-box;
  }

  /*
   * Nothing that the page sets is inherited from here on, not even if it sets it on the host, where its rules win. Except
   * what hides the element, and color-scheme, which resolves light-dark() as for the controls of the page.
   */
  .base,
  .launcher {
    all: initial;
    box-sizing: border-box;
    color-scheme: inherit;
    visibility: inherit;
    pointer-events: inherit;
    -webkit-text-size-adjust: inherit;
    -webkit-user-select: text;
    user-select: text;
    font-family: var(--stream-chat-font, ui-sans-serif, system-ui, sans-serif);
    font-size: var(--stream-chat-font-size, medium);
    line-height: 1.6;
  }

  .base {
    display: flex;
    flex-direction: column;
    block-size: 100%;
    overflow: hidden;
    border: 1px solid var(--_border);
    border-radius: var(--_radius);
    background: var(--_background);
    color: var(--_color);
    container-type: inline-size;
  }

  .light {
    color-scheme: light;
  }

  .dark {
    color-scheme: dark;
  }

  .header {
    flex: none;
    border-block-end: 1px solid var(--_border);
    padding: calc(var(--_space) * 0.8) 1.25em;
  }

  .header.bare {
    border: 0;
    padding: 0;
  }

  .heading {
    margin: 0;
    font-size: 1em;
    font-weight: 600;
    line-height: 1.4;
  }

  .log {
    flex: 1 1 auto;
    min-block-size: 0;
    overflow: hidden auto;
    scrollbar-gutter: stable both-edges;
    scrollbar-width: thin;
    scrollbar-color: var(--_border) transparent;
  }

  .content {
    display: flex;
    flex-direction: column;
    min-block-size: 100%;
    inline-size: 100%;
    max-inline-size: var(--_width);
    margin-inline: auto;
    padding: calc(var(--_space) * 1.5) 1.25em;
  }

  .empty {
    margin: auto;
    color: var(--_muted);
    text-align: center;
  }

  .messages,
  .group {
    display: flex;
    flex-direction: column;
    gap: var(--_space);
  }

  .author {
    position: absolute;
    margin: 0;
    inline-size: 1px;
    block-size: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }

  .message {
    position: relative;
    min-inline-size: 0;
    overflow-wrap: anywhere;
    /* Browsers remember the last height only with the keyword auto here. */
    contain-intrinsic-block-size: auto 6em;
  }

  /* Content out of view is not laid out, but find in page and screen readers still reach it. */
  .message:not(:last-child),
  .group:not(:last-child) {
    content-visibility: auto;
  }

  .message.user {
    display: flex;
    flex-direction: column;
    align-items: flex-end;
    align-self: flex-end;
    /* Not as wide as its content: in WebKit a question whose layout was skipped can stay without width. */
    inline-size: 100%;
    max-inline-size: 85%;
  }

  /* The bubble contains only the text, not the buttons below it. */
  .message.user > .text {
    border-radius: calc(var(--_radius) * 1.5);
    background: var(--_user);
    padding: calc(var(--_space) * 0.6) 1.1em;
  }

  .plain {
    white-space: pre-wrap;
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

  .text button,
  .tool button,
  .jump,
  .retry {
    min-block-size: 2.1em;
    max-inline-size: 100%;
    border: 1px solid var(--_border);
    border-radius: 99em;
    background: var(--_background);
    padding: 0.15em 1em;
    color: inherit;
    font: inherit;
    font-size: 0.88em;
    overflow-wrap: anywhere;
    cursor: pointer;
  }

  /* Rules of the page for its buttons would win: only important ones of a shadow tree come before them. */
  .suggestions ::slotted(button) {
    all: revert !important;
    box-sizing: border-box !important;
    min-block-size: 2.1em !important;
    max-inline-size: 100% !important;
    border: 1px solid var(--_border) !important;
    border-radius: 99em !important;
    background: var(--_background) !important;
    padding: 0.15em 1em !important;
    color: var(--_color) !important;
    font: inherit !important;
    font-size: 0.88em !important;
    overflow-wrap: anywhere !important;
    cursor: pointer !important;
  }

  .suggestions {
    display: flex;
    flex: none;
    flex-wrap: wrap;
    justify-content: center;
    gap: 0.5em;
    inline-size: 100%;
    max-inline-size: var(--_width);
    margin: 0 auto calc(var(--_space) * 0.8);
    padding-inline: 1em;
  }

  .composer {
    display: flex;
    flex: none;
    flex-wrap: wrap;
    align-items: flex-end;
    gap: 0.4em;
    inline-size: calc(100% - 2em);
    max-inline-size: calc(var(--_width) - 1.5em);
    margin: 0 auto var(--_space);
    border: 1px solid var(--_edge);
    border-radius: calc(var(--_radius) * 1.6);
    padding: 0.4em;
  }

  .input {
    flex: 1 1 0;
    min-inline-size: 4em;
    max-block-size: min(10em, 22dvh);
    border: 0;
    outline: 0;
    background: none;
    padding: 0.5em 0.7em;
    color: inherit;
    font: inherit;
    /* iOS zooms into text fields with smaller text. */
    font-size: max(1em, 16px);
    line-height: 1.4;
    field-sizing: content;
    resize: none;
    scrollbar-width: thin;
  }

  /* An empty field cannot detect its own direction. */
  .input:placeholder-shown {
    direction: inherit;
  }

  .input::placeholder {
    color: var(--_muted);
    opacity: 1;
  }

  .send {
    display: grid;
    flex: none;
    place-items: center;
    inline-size: 2.4em;
    block-size: 2.4em;
    border: 0;
    border-radius: calc(var(--_radius) * 1.1);
    background: var(--_accent);
    padding: 0;
    color: var(--_accent-text);
    font: inherit;
    cursor: pointer;
  }

  .send svg {
    inline-size: 1.4em;
    block-size: 1.4em;
    fill: none;
    stroke: currentColor;
    stroke-width: 2;
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

  /* Not for the buttons in it: they have a focus ring of their own. */
  .composer:has(.input:focus) {
    outline: 1px solid var(--_link);
  }

  .footer {
    flex: none;
    padding-inline: 1.25em;
    color: var(--_muted);
    font-size: 0.82em;
    text-align: center;
  }

  @container (inline-size < 26em) {
    .content {
      padding-inline: 0.9em;
    }

    .message.user {
      max-inline-size: 92%;
    }

    .composer {
      inline-size: calc(100% - 1.2em);
      margin-block-end: 0.6em;
    }
  }

  @media (pointer: coarse) {
    .send {
      inline-size: max(44px, 2.75em);
      block-size: max(44px, 2.75em);
    }

    .text button,
    .jump,
    .retry {
      min-block-size: max(44px, 2.75em);
    }

    .suggestions ::slotted(button) {
      min-block-size: max(44px, 2.75em) !important;
    }
  }

  @media (prefers-reduced-motion: no-preference) {
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

  @media (forced-colors: active) {
    .dots i {
      forced-color-adjust: none;
      background: CanvasText;
    }
  }
`;
