/** The build minifies templates with this tag, as it does Lit's. */
const css = String.raw;

const text = css`
  .tool {
    display: grid;
    gap: 0.5em;
    margin-block: calc(var(--_space) * 0.75);
    border: 1px solid var(--_border);
    border-radius: var(--_inner);
    padding: calc(var(--_space) * 0.6) 0.9em;
    font-size: 0.88em;
  }

  .tool.asking {
    border-color: var(--_link);
    box-shadow: inset 0 0 0 1px var(--_link);
  }

  .tool :is(code, pre) {
    font-family: var(--_code-font);
    font-size: 0.95em;
  }

  .tool pre {
    max-block-size: 14em;
    margin: 0;
    overflow: auto;
    border-radius: calc(var(--_inner) * 0.7);
    background: var(--_code);
    padding: 0.5em 0.7em;
    text-align: left;
    white-space: pre-wrap;
    scrollbar-width: thin;
  }

  .tool details pre {
    margin-block-start: 0.4em;
  }

  /* Arguments that the user is asked to confirm must not be hidden by scrolling. */
  .tool.asking pre {
    max-block-size: none;
  }

  [part='tool-header'],
  [part='tool-question'] {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.4em 0.7em;
  }

  [part='tool-name'] {
    font-weight: 600;
  }

  [part='tool-state'] {
    display: inline-flex;
    align-items: center;
    gap: 0.5em;
    margin-inline-start: auto;
  }

  [part='tool-state']:not(:empty)::before {
    content: '';
    inline-size: 0.5em;
    block-size: 0.5em;
    border-radius: 50%;
    background: currentColor;
  }

  [part='tool-question'] > span {
    flex: 1 1 8em;
  }

  @container (inline-size < 26em) {
    [part='tool-question'] > span {
      flex-basis: 100%;
    }
  }

  [part='tool-state'],
  .tool summary {
    color: var(--_muted);
  }

  .tool.asking [part='tool-state'] {
    color: var(--_link);
  }

  .tool.failed [part='tool-state'] {
    color: var(--_error);
  }

  .tool [part='tool-allow'] {
    border-color: transparent;
    background: var(--_accent);
    color: var(--_accent-text);
  }

  @media (hover: hover) {
    .tool [part='tool-allow']:hover {
      background: color-mix(in srgb, var(--_accent) 90%, var(--_accent-text));
    }
  }

  @media (pointer: coarse) {
    .tool button {
      min-block-size: max(44px, 2.75em);
    }
  }

  @media (forced-colors: active) {
    [part='tool-state']::before {
      forced-color-adjust: none;
    }
  }
`;

let sheet: CSSStyleSheet | undefined;

/** Adopts the styles of tool cards, once per shadow root. In a worker there are neither style sheets nor cards. */
export function addToolStyles(root: Node): void {
  if (!(root instanceof ShadowRoot)) return;
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
  }
  if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets.push(sheet);
}
