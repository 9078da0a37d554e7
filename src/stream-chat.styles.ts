import {css} from 'lit';

export const styles = css`
  :host {
    --_accent: var(--stream-chat-accent, light-dark(#3451b2, #8da4ef));
    --_accent-text: var(--stream-chat-accent-text, light-dark(#fff, #10131a));
    --_background: var(--stream-chat-background, light-dark(#fff, #16181d));
    --_color: var(--stream-chat-color, light-dark(#1c1e21, #e6e8eb));
    --_muted: var(--stream-chat-muted, light-dark(#5c6370, #a2a9b4));
    --_border: var(--stream-chat-border, light-dark(#dfe2e7, #31353d));
    --_user: var(--stream-chat-user-background, light-dark(#eef1f6, #262a32));
    --_code: var(--stream-chat-code-background, light-dark(#f5f6f8, #0f1115));
    --_error: var(--stream-chat-error, light-dark(#b42318, #ff9a8f));
    --_radius: var(--stream-chat-radius, 12px);
    --_code-font: var(--stream-chat-code-font, ui-monospace, 'Cascadia Code', 'SF Mono', Menlo, Consolas, monospace);

    display: block;
    block-size: 32rem;
    min-block-size: 12rem;
    color-scheme: light dark;
    font-family: var(--stream-chat-font, inherit);
    line-height: 1.55;
    text-align: start;
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
    padding: 0.75em 1.25em;
  }

  .header.bare {
    border: 0;
    padding: 0;
  }

  .heading {
    margin: 0;
    font-size: 1em;
    font-weight: 600;
  }

  .log {
    flex: 1 1 auto;
    min-block-size: 0;
    overflow: hidden auto;
    overscroll-behavior: contain;
    scrollbar-gutter: stable both-edges;
    scrollbar-width: thin;
  }

  .content {
    display: flex;
    flex-direction: column;
    min-block-size: 100%;
    inline-size: 100%;
    max-inline-size: 48rem;
    margin-inline: auto;
    padding: 1.25em;
  }

  .empty {
    margin: auto;
    color: var(--_muted);
    text-align: center;
  }

  .messages {
    display: flex;
    flex-direction: column;
    gap: 1.25em;
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
  }

  /* What is out of view is not laid out, and is still found and read. The height is remembered. */
  .message:not(:last-child) {
    content-visibility: auto;
    contain-intrinsic-block-size: auto 6em;
    overflow-clip-margin: 0.5em;
  }

  .message.user {
    align-self: flex-end;
    max-inline-size: 85%;
    border-radius: var(--_radius);
    background: var(--_user);
    padding: 0.6em 1em;
  }

  .message.system {
    color: var(--_muted);
    font-size: 0.9em;
    text-align: center;
  }

  .plain {
    white-space: pre-wrap;
  }

  .text > :first-child {
    margin-block-start: 0;
  }

  .text > :last-child {
    margin-block-end: 0;
  }

  [part='blocks'] {
    contain-intrinsic-block-size: auto 120em;
  }

  /* What is out of view is not laid out: a frame costs the same however long the answer is. */
  [part='blocks']:not(:last-child) {
    content-visibility: auto;
  }

  [part='blocks'] > :last-child {
    margin-block-end: 0;
  }

  .text :where(p, ul, ol, blockquote, table, [part='code-block'], [part='table'], hr) {
    margin-block: 0.75em;
  }

  .text li :is(p, ul, ol) {
    margin-block: 0.25em;
  }

  .text .tight > li > p {
    margin-block: 0;
  }

  .text :is(p, li, td, th) {
    unicode-bidi: plaintext;
  }

  .text .html {
    white-space: pre-wrap;
  }

  .text [part='link-host'] {
    color: var(--_muted);
    font-size: 0.88em;
  }

  .text [part='footnotes'] {
    border-block-start: 1px solid var(--_border);
    color: var(--_muted);
    font-size: 0.9em;
  }

  .text :is(ul, ol) {
    padding-inline-start: 1.6em;
  }

  .text li::marker {
    color: var(--_muted);
  }

  .text li:has(> input[type='checkbox']),
  .text li:has(> p > input[type='checkbox']) {
    list-style: none;
    margin-inline-start: -1.4em;
  }

  .text :is(h3, h4, h5, h6) {
    margin-block: 1.25em 0.5em;
    font-size: 1em;
    font-weight: 650;
    line-height: 1.3;
  }

  .text h3 {
    font-size: 1.2em;
  }

  .text h4 {
    font-size: 1.08em;
  }

  .text blockquote {
    margin-inline: 0;
    border-inline-start: 3px solid var(--_border);
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
    border-radius: 0.3em;
    background: var(--_code);
    padding: 0.1em 0.3em;
    font-family: var(--_code-font);
    font-size: 0.9em;
  }

  [part='code-block'] {
    overflow: hidden;
    border: 1px solid var(--_border);
    border-radius: calc(var(--_radius) * 0.7);
    background: var(--_code);
  }

  [part='code-header'] {
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: 1em;
    border-block-end: 1px solid var(--_border);
    padding: 0.2em 0.4em 0.2em 0.9em;
    color: var(--_muted);
    font-size: 0.8em;
  }

  [part='code-block'] pre {
    margin: 0;
    overflow-x: auto;
    padding: 0.8em 0.9em;
    direction: ltr;
    text-align: left;
    line-height: 1.5;
    tab-size: 4;
  }

  [part='code-block'] pre code {
    background: none;
    padding: 0;
    font-size: 0.86em;
  }

  [part='code-block'] .k {
    color: var(--stream-chat-code-keyword, light-dark(#a0238b, #e29bf0));
  }

  [part='code-block'] .s {
    color: var(--stream-chat-code-string, light-dark(#1a6b3c, #8fd6a0));
  }

  [part='code-block'] .c {
    color: var(--stream-chat-code-comment, light-dark(#646b76, #9aa2ad));
  }

  [part='code-block'] .n {
    color: var(--stream-chat-code-number, light-dark(#934700, #f0b37e));
  }

  [part='code-block'] .f {
    color: var(--stream-chat-code-function, light-dark(#2450b8, #8db4f8));
  }

  [part='code-block'] .a {
    color: var(--stream-chat-code-attribute, light-dark(#0b6a78, #7fd0dd));
  }

  [part='code-block'] .d {
    color: var(--stream-chat-code-deleted, light-dark(#b42318, #ff9a8f));
  }

  [part='table'] {
    overflow-x: auto;
  }

  .text table {
    margin-block: 0;
    border-collapse: collapse;
    font-size: 0.95em;
  }

  .text :is(th, td) {
    border-block-end: 1px solid var(--_border);
    padding: 0.4em 0.9em 0.4em 0;
    text-align: start;
    vertical-align: top;
    overflow-wrap: normal;
  }

  .text .align-left {
    text-align: left;
  }

  .text .align-center {
    text-align: center;
  }

  .text .align-right {
    text-align: right;
  }

  .text th {
    border-block-end-width: 2px;
    font-weight: 600;
  }

  .text a {
    color: var(--_accent);
    text-underline-offset: 0.15em;
  }

  .text img {
    max-inline-size: 100%;
    block-size: auto;
    border-radius: calc(var(--_radius) * 0.5);
  }

  .reasoning {
    margin-block-end: 0.75em;
    border-inline-start: 2px solid var(--_border);
    padding-inline-start: 0.9em;
    color: var(--_muted);
    font-size: 0.92em;
  }

  .reasoning summary {
    cursor: pointer;
  }

  .tool {
    display: grid;
    gap: 0.4em;
    margin-block: 0.5em;
    border: 1px solid var(--_border);
    border-radius: calc(var(--_radius) * 0.7);
    padding: 0.5em 0.8em;
    font-size: 0.85em;
  }

  .tool.asking {
    border-color: var(--_accent);
  }

  .tool :is(code, pre) {
    font-family: var(--_code-font);
  }

  .tool pre {
    max-block-size: 14em;
    margin: 0;
    overflow: auto;
    text-align: left;
    white-space: pre-wrap;
  }

  /* What the person is asked to allow is not hidden below an edge. */
  .tool.asking pre {
    max-block-size: none;
  }

  [part='tool-header'],
  [part='tool-question'] {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.3em 0.8em;
  }

  [part='tool-state'],
  .tool summary,
  [part='source-host'],
  .sources {
    color: var(--_muted);
  }

  .tool.failed [part='tool-state'] {
    color: var(--_error);
  }

  .sources {
    margin-block-start: 0.6em;
    font-size: 0.88em;
  }

  .sources ol {
    margin: 0.2em 0 0;
    padding-inline-start: 1.6em;
  }

  .sources a {
    color: var(--_accent);
  }

  .note {
    margin-block-start: 0.4em;
    color: var(--_muted);
    font-size: 0.88em;
  }

  .error {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.4em 1em;
    margin-block-start: 0.6em;
    border: 1px solid color-mix(in srgb, var(--_error) 40%, transparent);
    border-radius: calc(var(--_radius) * 0.7);
    background: color-mix(in srgb, var(--_error) 7%, transparent);
    padding: 0.6em 0.9em;
    font-size: 0.92em;
  }

  .error span {
    flex: 1 1 14em;
  }

  .dots {
    display: inline-flex;
    gap: 0.3em;
    padding-block: 0.5em;
  }

  .dots i {
    inline-size: 0.4em;
    block-size: 0.4em;
    border-radius: 50%;
    background: var(--_muted);
  }

  .text button,
  .tool button,
  .jump,
  .retry {
    min-block-size: 2em;
    border: 1px solid var(--_border);
    border-radius: 99em;
    background: var(--_background);
    padding: 0.1em 0.9em;
    color: inherit;
    font: inherit;
    font-size: 0.88em;
    cursor: pointer;
  }

  [part='code-header'] button {
    border-color: transparent;
    background: none;
    font-size: 1em;
  }

  :is(.text button, .tool button, .jump, .retry):hover {
    background: var(--_user);
  }

  .between {
    position: relative;
    flex: none;
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
    max-inline-size: 48rem;
    margin-inline: auto;
    padding-inline: 1.5em;
    color: var(--_muted);
    font-size: 0.88em;
  }

  .status:not(:empty) {
    padding-block: 0.3em;
  }

  .composer {
    display: flex;
    flex: none;
    align-items: flex-end;
    gap: 0.4em;
    inline-size: calc(100% - 2em);
    max-inline-size: 46rem;
    margin: 0 auto 1em;
    border: 1px solid var(--_border);
    border-radius: calc(var(--_radius) * 1.5);
    padding: 0.4em;
    transition: border-color 0.15s;
  }

  .composer:focus-within {
    border-color: var(--_accent);
  }

  .input {
    flex: 1 1 auto;
    min-inline-size: 0;
    max-block-size: 10em;
    border: 0;
    outline: 0;
    background: none;
    padding: 0.45em 0.8em;
    color: inherit;
    font: inherit;
    /* iOS zooms into smaller ones. */
    font-size: max(1em, 16px);
    line-height: 1.4;
    field-sizing: content;
    resize: none;
    scrollbar-width: thin;
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

  .send:disabled {
    opacity: 0.5;
    cursor: default;
  }

  .send svg {
    inline-size: 1.4em;
    block-size: 1.4em;
    fill: none;
    stroke: currentColor;
    stroke-width: 2;
    stroke-linecap: round;
    stroke-linejoin: round;
  }

  .send.stop svg {
    fill: currentColor;
  }

  .footer {
    flex: none;
    color: var(--_muted);
    font-size: 0.82em;
    text-align: center;
  }

  .footer ::slotted(*) {
    margin: 0 0 0.9em;
  }

  :is(button, .log, .text a, .sources a, .text pre, summary, [part='table']):focus-visible {
    outline: 2px solid var(--_accent);
    outline-offset: 2px;
  }

  .log:focus-visible,
  .text pre:focus-visible {
    outline-offset: -2px;
  }

  @media (pointer: coarse) {
    .send {
      inline-size: 2.75em;
      block-size: 2.75em;
    }

    .text button,
    .jump,
    .retry {
      min-block-size: 2.75em;
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
    .send,
    .message.user,
    .error {
      border: 1px solid ButtonBorder;
    }
  }

  @media print {
    :host {
      block-size: auto;
    }

    .base,
    .log {
      display: block;
      overflow: visible;
      block-size: auto;
      border: 0;
    }

    .composer,
    .between {
      display: none;
    }
  }
`;
