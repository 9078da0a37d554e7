/** A tag, so that the build removes the white space. */
const css = String.raw;

/** Styles of the action buttons below a message, and of the form that edits a message. */
const styles = css`
  .below {
    max-inline-size: 100%;
  }

  /* The rows of buttons already separate messages. */
  .messages,
  .group {
    gap: 0.6em;
  }

  .message.system {
    margin-block: 0.65em;
  }

  [part~='actions'] {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.1em;
    margin-block-start: 0.3em;
    color: var(--_muted);
    font-size: 0.88em;
  }

  .assistant [part~='actions'] {
    margin-inline-start: -0.4em;
  }

  .user [part~='actions'] {
    justify-content: flex-end;
  }

  /* Buttons shown on hover only would leave unexplained space: they use the gap, or the space next to the question. */
  @media (hover: hover) {
    .message.user:not(.editing) {
      margin-block-end: -0.6em;
    }

    /* Not by display: hidden buttons keep their space, and focus. */
    .message [part~='actions'] {
      opacity: 0;
    }

    /* Rules of their own: in a :not() with more than one compound, WebKit does not notice a change of the focus. */
    .message:is(:hover, :focus-within) [part~='actions'],
    .messages > :last-child > :last-child > :last-child > .message:last-child [part~='actions'],
    .message [part~='actions']:has([aria-pressed='true']) {
      opacity: 1;
    }

    .user [part~='actions'] {
      margin-block-start: 0;
    }

    /* The buttons stand in a padding, which takes nothing from the width of the question. */
    @container (inline-size >= 34em) {
      .message.user:not(.editing, .labelled) {
        display: grid;
        grid-template-columns: minmax(0, auto);
        justify-content: end;
        justify-items: end;
        box-sizing: content-box;
        margin-block-end: calc(var(--_space) - 0.6em);
        padding-inline-start: 4.4em;
      }

      .message.user:not(.editing, .labelled) > .below {
        grid-area: 1 / 1 / span 99;
        align-self: end;
        justify-self: start;
        inline-size: 4.4em;
        max-inline-size: none;
        margin-inline-start: -4.4em;
      }

      .user [part~='actions'] {
        margin-block: 0.3em;
        margin-inline-end: 0.3em;
      }
    }
  }

  [part~='action'] {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 0.35em;
    min-inline-size: max(24px, 2.1em);
    min-block-size: max(24px, 2.1em);
    border: 0;
    border-radius: 0.55em;
    background: none;
    padding: 0.25em;
    color: inherit;
    font: inherit;
    cursor: pointer;
  }

  /* Containment of the message clips what is outside of it. */
  [part~='action']:focus-visible {
    outline-offset: -2px;
  }

  @media (hover: hover) {
    [part~='action']:hover {
      background: var(--_user);
      color: var(--_color);
    }
  }

  [part~='action'][aria-pressed='true'] {
    color: var(--_link);
  }

  [part~='action'][aria-disabled='true'] {
    opacity: 0.4;
    cursor: default;
  }

  [part~='action'] svg {
    inline-size: 1.2em;
    block-size: 1.2em;
    fill: none;
    stroke: currentColor;
    stroke-width: 1.8;
    stroke-linecap: round;
    stroke-linejoin: round;
  }

  [part~='action'][aria-pressed='true'] path {
    fill: color-mix(in srgb, currentColor 25%, transparent);
  }

  :is([part~='previous'], [part~='next']):dir(rtl) svg {
    scale: -1 1;
  }

  [part~='versions'] {
    display: inline-flex;
    align-items: center;
    font-variant-numeric: tabular-nums;
  }

  .note .retry {
    margin-inline-start: 0.3em;
  }

  [part~='time'] {
    padding-inline: 0.4em;
    font-size: 0.93em;
    white-space: nowrap;
  }

  .message.user.editing {
    align-items: stretch;
    inline-size: 100%;
    max-inline-size: 100%;
  }

  .message.editing :is(.text, [part='fold'], [part~='actions']) {
    display: none;
  }

  [part~='editor'] {
    display: flex;
    flex-wrap: wrap;
    justify-content: flex-end;
    gap: 0.5em;
    border: 1px solid var(--_border);
    border-radius: var(--_radius);
    background: var(--_user);
    padding: 0.6em;
  }

  [part~='editor']:focus-within {
    border-color: var(--_link);
  }

  [part~='editor-input'] {
    flex: 1 0 100%;
    min-inline-size: 0;
    max-block-size: 16em;
    border: 0;
    outline: 0;
    background: none;
    padding: 0.2em 0.4em;
    color: inherit;
    font: inherit;
    /* iOS zooms into text fields with smaller text. */
    font-size: max(1em, 16px);
    field-sizing: content;
    resize: none;
  }

  [part~='editor'] button {
    min-block-size: 2.2em;
    border: 1px solid var(--_border);
    border-radius: 99em;
    background: var(--_background);
    padding: 0.1em 1em;
    color: inherit;
    font: inherit;
    font-size: 0.9em;
    cursor: pointer;
  }

  [part~='editor'] [part~='editor-send'] {
    border-color: transparent;
    background: var(--_accent);
    color: var(--_accent-text);
  }

  @media (pointer: coarse) {
    [part~='action'] {
      min-inline-size: 44px;
      min-block-size: 44px;
    }

    [part~='editor'] button {
      min-block-size: 44px;
    }
  }

  @media (forced-colors: active) {
    [part~='action'][aria-pressed='true'] {
      outline: 1px solid Highlight;
    }
  }

  @media print {
    .below {
      display: none;
    }
  }
`;

const styledRoots = new WeakSet<ShadowRoot>();

/** Adopts the styles of the action buttons, once per shadow root. */
export function addStyles(root: ShadowRoot): void {
  if (styledRoots.has(root)) return;
  styledRoots.add(root);
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(styles);
  root.adoptedStyleSheets.push(sheet);
}
