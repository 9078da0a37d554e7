import {focusImage, placeImage} from '../../lib/remote-image.js';
import {isUnderPrefix, safeUrl, type SafeUrl} from '../../lib/safe-url.js';
import type {ImagePolicy} from '../renderer.js';
import type {DocumentContext} from './document-context.js';
import {createElement} from './elements.js';
import {encodeUrl, type Inline} from './inline.js';

const pixels = /^data:image\/(?:png|jpeg|gif|webp|avif);base64,[A-Za-z0-9+/]+={0,2}$/;

/**
 * Draws an image according to the policy of the host page. Nothing is fetched without a click unless the author of the
 * page listed its URL prefix: the URL of an image can leak the conversation.
 */
export function drawImage(documentContext: DocumentContext, image: Inline): HTMLElement {
  const {images, baseUrl, strings} = documentContext.context;
  const data = dataUrl(image.url, images);
  if (data) return createImage(documentContext, image, data);
  const url = image.url === undefined ? undefined : safeUrl('image', encodeUrl(image.url), baseUrl);
  const box = createElement(documentContext.stats, 'span', {part: 'image'});
  const show = (source: SafeUrl) => placeImage(box, createImage(documentContext, image, source), strings.imageFailed);
  if (url && typeof images === 'object' && isUnderPrefix(url, images, baseUrl)) {
    show(url);
    return box;
  }
  if (image.text) box.append(image.text);
  if (!url || images !== 'click') {
    if (!image.text) box.append(strings.imageBlocked);
    return box;
  }
  const button = createElement(documentContext.stats, 'button', {type: 'button', part: 'load-image'});
  button.textContent = strings.loadImage(new URL(url).host);
  button.addEventListener('click', (event) => {
    // A link around the button must not be followed.
    event.preventDefault();
    show(url);
    focusImage(box);
  });
  if (image.text) box.append(' ');
  box.append(button);
  return box;
}

/**
 * Returns the URL if it holds the image itself, and images of answers are allowed: it requests nothing, so it needs no
 * click; a list of prefixes has to name `data:`. Only formats that are nothing but pixels.
 */
function dataUrl(url: string | undefined, images: ImagePolicy): SafeUrl | undefined {
  const isAllowed = images === 'click' || (typeof images === 'object' && images.includes('data:'));
  return isAllowed && url && pixels.test(url) ? (url as SafeUrl) : undefined;
}

function createImage(documentContext: DocumentContext, image: Inline, url: SafeUrl): HTMLImageElement {
  const element = createElement(documentContext.stats, 'img', {
    alt: image.text,
    title: image.title || undefined!,
    referrerpolicy: 'no-referrer',
    loading: 'lazy',
    decoding: 'async',
  });
  element.src = url;
  return element;
}
