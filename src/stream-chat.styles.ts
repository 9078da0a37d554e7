import {css} from 'lit';

// Colours follow from three of them: accent, background and colour. What is written on the accent keeps 4.5:1 whatever
// that is: y is the luminance that the ratio is made of, and 0.179 is where black and white are even.
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
    --_width: var(--stream-chat-width, 46rem);
    --_code-font: var(--stream-chat-code-font, ui-monospace, monospace);

    display: block;
    block-size: 32rem;
    min-block-size: 12rem;
    color-scheme: light dark;
    font-family: var(--stream-chat-font, ui-sans-serif, system-ui, sans-serif);
    line-height: 1.6;
    text-align: start;
    /* Chromium would take a message for what the page is to keep in place, and scroll the page with the transcript. */
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
    /* The height is remembered only where this is set. */
    contain-intrinsic-block-size: auto 6em;
  }

  /* What is out of view is not laid out, and is still found and read. */
  .message:not(:last-child),
  .group:not(:last-child) {
    content-visibility: auto;
  }

  .message.user {
    display: flex;
    flex-direction: column;
    align-items: flex-end;
    align-self: flex-end;
    max-inline-size: 85%;
  }

  /* The bubble is what was said: the buttons below are not in it. */
  .message.user > .text {
    border-radius: calc(var(--_radius) * 1.5);
    background: var(--_user);
    padding: calc(var(--_space) * 0.6) 1.1em;
  }

  .plain {
    white-space: pre-wrap;
  }

  .text button,
  .tool button,
  .jump,
  .retry,
  .suggestions ::slotted(button) {
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
    max-inline-size: calc(var(--_width) - 1.5rem);
    margin: 0 auto var(--_space);
    border: 1px solid var(--_edge);
    border-radius: calc(var(--_radius) * 1.6);
    padding: 0.4em;
  }

  .input {
    flex: 1 1 0;
    min-inline-size: 4em;
    max-block-size: min(10em, 40dvh);
    border: 0;
    outline: 0;
    background: none;
    padding: 0.5em 0.7em;
    color: inherit;
    font: inherit;
    /* iOS zooms into smaller ones. */
    font-size: max(1em, 16px);
    line-height: 1.4;
    field-sizing: content;
    resize: none;
    scrollbar-width: thin;
  }

  /* Empty it has no direction of its own. */
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

  .footer {
    flex: none;
    padding-inline: 1.25em;
    color: var(--_muted);
    font-size: 0.82em;
    text-align: center;
  }

  @container (inline-size < 26rem) {
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
      inline-size: 2.75em;
      block-size: 2.75em;
    }

    .text button,
    .jump,
    .retry,
    .suggestions ::slotted(button) {
      min-block-size: 2.75rem;
    }
  }
`;
