/** A tag, so that the build removes the white space. */
const css = String.raw;

/** Styles for printing. */
export const printStyles = css`
  @media print {
    /* Print the whole conversation, whatever size the page gave the element. */
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
    .parts,
    .run,
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
