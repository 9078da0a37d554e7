/** Where the panel fills the window: on phones, in small frames, and on a page that is zoomed far in. */
export const smallWindow = '(max-width: 30em), (max-height: 24em)';

export const launcherStyles = `
  :host([mode='launcher']) {
    --_inset: var(--stream-chat-launcher-inset, 1.25em);
    --_inline: var(--stream-chat-launcher-inline, auto var(--_inset));
    --_size: var(--stream-chat-launcher-size, 3.5em);
    --_z: var(--stream-chat-launcher-z-index, 1000);
    --_shadow: 0 1px 2px rgb(0 0 0 / 12%), 0 8px 28px rgb(0 0 0 / 18%);
  }

  .launcher {
    position: fixed;
    z-index: var(--_z);
    inset-block: auto calc(var(--_inset) + env(safe-area-inset-bottom, 0px));
    inset-inline: var(--_inline);
    min-inline-size: var(--_size);
    block-size: var(--_size);
    border: 0;
    border-radius: 99em;
    background: var(--_accent);
    box-shadow: var(--_shadow);
    padding: 0;
    color: var(--_accent-text);
    font-weight: 600;
    line-height: 1;
    text-align: center;
    cursor: pointer;
    -webkit-tap-highlight-color: transparent;
  }

  .launcher svg {
    display: block;
    inline-size: 1.75em;
    block-size: 1.75em;
    margin: auto;
    fill: none;
    stroke: currentColor;
    stroke-width: 1.9;
    stroke-linecap: round;
    stroke-linejoin: round;
  }

  .launcher ::slotted(*) {
    margin-inline: 1.1em;
  }

  .launcher:focus-visible {
    outline: 2px solid var(--_link);
    outline-offset: 3px;
  }

  @media (hover: hover) {
    .launcher:hover {
      background: color-mix(in srgb, var(--_accent) 90%, var(--_color));
    }
  }

  .launcher-name {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }

  .launcher-badge {
    position: absolute;
    inset-block-start: -0.2em;
    inset-inline-end: -0.2em;
    min-inline-size: 1.9em;
    border: 2px solid var(--_background);
    border-radius: 99em;
    background: var(--_error);
    padding: 0.28em 0.35em;
    color: light-dark(#fff, #16181d);
    font-size: 0.72em;
    text-align: center;
  }

  :host([mode='launcher']) .base {
    position: fixed;
    z-index: var(--_z);
    inset-block: auto calc(var(--_view-bottom, 0px) + var(--_inset) + env(safe-area-inset-bottom, 0px) + var(--_size) + 0.75em);
    inset-inline: var(--_inline);
    inline-size: min(var(--stream-chat-panel-inline-size, 26em), 100vw - 2 * var(--_inset));
    block-size: min(
      var(--stream-chat-panel-block-size, 40em),
      var(--_view-height, 100dvh) - 2 * var(--_inset) - env(safe-area-inset-bottom, 0px) - var(--_size) - 0.75em
    );
    margin: 0;
    padding: 0;
    box-shadow: var(--_shadow);
  }

  /* A page would scroll behind the panel. An inline chat is a part of it, and passes the scrolling on. */
  :host([mode='launcher']) .log {
    overscroll-behavior: contain;
  }

  :host([mode='launcher']) .header {
    display: flex;
    align-items: center;
    gap: 0.5em;
    border-block-end: 1px solid var(--_border);
    padding: 0.5em 0.6em 0.5em 1.25em;
    padding-inline: 1.25em 0.6em;
  }

  :host([mode='launcher']) .header slot {
    display: block;
    flex: 1 1 auto;
    min-inline-size: 0;
  }

  :host([mode='launcher']) :is(.heading, .base):focus {
    outline: 0;
  }

  .close {
    display: grid;
    flex: none;
    place-items: center;
    inline-size: 2.25em;
    block-size: 2.25em;
    border: 0;
    border-radius: calc(var(--_radius) * 0.8);
    background: none;
    padding: 0;
    color: var(--_muted);
    cursor: pointer;
  }

  @media (hover: hover) {
    .close:hover {
      background: var(--_user);
      color: inherit;
    }
  }

  .close svg {
    inline-size: 1.25em;
    block-size: 1.25em;
    fill: none;
    stroke: currentColor;
    stroke-width: 1.9;
    stroke-linecap: round;
  }

  @media ${smallWindow} {
    :host([mode='launcher']) .base {
      inset: var(--_view-top, 0px) auto auto var(--_view-left, 0px);
      inline-size: var(--_view-width, 100dvw);
      block-size: var(--_view-height, 100dvh);
      border: 0;
      border-radius: 0;
      padding: env(safe-area-inset-top, 0px) env(safe-area-inset-right, 0px) env(safe-area-inset-bottom, 0px) env(safe-area-inset-left, 0px);
    }

    .launcher[aria-expanded='true'] {
      visibility: hidden;
    }
  }

  @media (pointer: coarse) {
    .close {
      inline-size: max(44px, 2.75em);
      block-size: max(44px, 2.75em);
    }
  }

  @media (prefers-reduced-motion: no-preference) {
    :host([mode='launcher']) .base {
      animation: rise 0.16s ease-out;
    }

    @keyframes rise {
      from {
        opacity: 0;
        transform: translateY(0.75em);
      }
    }
  }

  @media (forced-colors: active) {
    .launcher,
    .launcher-badge,
    .close {
      border: 1px solid ButtonBorder;
    }

    :host([mode='launcher']) .base {
      border: 2px solid CanvasText;
    }
  }

  @media print {
    .launcher,
    :host([mode='launcher']) .base {
      display: none;
    }
  }
`;
