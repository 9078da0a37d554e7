/** Below this share of the reserved space, an image is shown in its own size: a badge or an icon. */
const smallShare = 0.5;

/**
 * Puts a remote image into its box. The box has its space before the image arrives and keeps it, so that text below does not
 * move; only small images give it back. If the image cannot be loaded, the box shows its alternative text and `failure`.
 */
export function placeImage(box: HTMLElement, image: HTMLImageElement, failure: string): void {
  box.className = 'picture loading';
  box.replaceChildren(image);
  image.addEventListener('load', () => {
    const {clientWidth, clientHeight} = image;
    // In its own size, measured: WebKit derives `naturalWidth` of an SVG image from the size at which it is drawn.
    box.className = 'picture small';
    const isSmall = image.clientWidth < clientWidth * smallShare && image.clientHeight < clientHeight * smallShare;
    if (!isSmall) box.className = 'picture';
  });
  image.addEventListener('error', () => {
    box.className = '';
    box.replaceChildren(image.alt && image.alt !== failure ? `${image.alt} – ${failure}` : failure);
  });
}

/** Moves focus to the box of an image, whose button is gone. */
export function focusImage(box: HTMLElement): void {
  box.tabIndex = -1;
  box.focus({preventScroll: true});
}
