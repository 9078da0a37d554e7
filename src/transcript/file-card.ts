import type {Part} from '../model/conversation.js';
import {focusImage, placeImage} from '../lib/remote-image.js';
import {isUnderPrefix, safeUrl, type SafeUrl} from '../lib/safe-url.js';
import {plainName} from '../lib/strip-invisible.js';
import type {Strings} from '../locales/en.js';
import type {RenderContext} from '../renderers/renderer.js';
import {blobOf, drawPicture} from '../lib/thumbnail.js';

type FilePart = Extract<Part, {type: 'file'}>;

/** Maximum side length of an image in the transcript, in CSS pixels. */
const pictureSize = 480;

const css = `
  .file { display: flex; flex-wrap: wrap; align-items: center; gap: 0.4em; margin-block: 0.4em; font-size: 0.9em; }
  .file :is(canvas, img) { max-inline-size: 100%; max-block-size: 24em; border-radius: calc(var(--_radius) * 0.7); }
  .file :is(canvas, img) + bdi { flex: 1 0 100%; }
  .file a { color: var(--_link); }
  .file [part='file-note'] { color: var(--_muted); }
  .file button {
    min-block-size: 2em; border: 1px solid var(--_border); border-radius: 99em; background: none; padding: 0.1em 0.9em;
    color: inherit; font: inherit; cursor: pointer;
  }
  @media (hover: hover) { .file button:hover { background: var(--_user); } }
  .file a:focus-visible { outline: 2px solid var(--_link); outline-offset: 2px; }
  @media (pointer: coarse) { .file button { min-block-size: 44px; } }
`;

const drawnFiles = new WeakMap<HTMLElement, {part: FilePart; context: RenderContext}>();
const styledRoots = new WeakSet<Node>();

/**
 * Draws a file of a message: its name, and the image if it is one and may be loaded. A file inside the message is drawn
 * without a request, so a strict content security policy does not block it; for remote files, the image policy decides.
 */
export function drawFile(element: HTMLElement, part: FilePart, context: RenderContext, isOwn: boolean): void {
  const drawn = drawnFiles.get(element);
  if (drawn?.part === part && drawn.context === context) return;
  drawnFiles.set(element, {part, context});
  const root = element.getRootNode();
  if (root instanceof ShadowRoot && !styledRoots.has(root)) {
    styledRoots.add(root);
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    root.adoptedStyleSheets.push(sheet);
  }
  const {url} = part;
  if (url.startsWith('data:')) drawData(element, part, context, isOwn);
  else if (url) drawRemote(element, part, context);
  else element.replaceChildren(createName(part), createNote(context.strings.fileNotKept));
}

function drawData(element: HTMLElement, part: FilePart, {strings}: RenderContext, isOwn: boolean) {
  const {url, mediaType} = part;
  const name = createName(part);
  // Users already have their own files; a file from the model can be saved.
  const save = isOwn ? [] : [createButton('save-file', strings.saveFile(titleOf(part)), () => saveAs(part))];
  element.replaceChildren(name, ...save);
  if (!mediaType.startsWith('image/') || !url.includes(';base64,')) return;
  void drawPicture(blobOf(url, mediaType), pictureSize).then((picture) => {
    if (!picture || drawnFiles.get(element)?.part !== part) return;
    picture.setAttribute('role', 'img');
    picture.ariaLabel = titleOf(part);
    picture.style.setProperty('inline-size', `${picture.width / devicePixelRatio}px`);
    name.before(picture);
  });
}

function drawRemote(element: HTMLElement, part: FilePart, {images, links, baseUrl, strings}: RenderContext) {
  const link = safeUrl('link', part.url, baseUrl);
  const name = createName(part);
  if (!link) return element.replaceChildren(name);
  let shown: HTMLElement = name;
  if (links !== 'text') {
    const anchor = document.createElement('a');
    Object.assign(anchor, {href: link, target: '_blank', rel: 'noopener noreferrer nofollow'});
    anchor.append(name);
    shown = anchor;
  }
  element.replaceChildren(shown);
  const url = part.mediaType.startsWith('image/') ? safeUrl('image', part.url, baseUrl) : undefined;
  if (!url || images === 'none') return;
  if (images !== 'click') {
    if (isUnderPrefix(url, images, baseUrl)) shown.before(createImage(part, url, strings));
    return;
  }
  const button = createButton('load-image', strings.loadImage(new URL(url).host), () => {
    const box = createImage(part, url, strings);
    button.replaceWith(box);
    focusImage(box);
  });
  element.append(button);
}

function createImage(part: FilePart, url: SafeUrl, {imageFailed}: Strings): HTMLElement {
  const box = document.createElement('span');
  const image = document.createElement('img');
  image.alt = titleOf(part);
  image.referrerPolicy = 'no-referrer';
  image.decoding = 'async';
  image.src = url;
  placeImage(box, image, imageFailed);
  return box;
}

function titleOf({name, mediaType}: FilePart): string {
  return plainName(name) || plainName(mediaType);
}

function createName(part: FilePart): HTMLElement {
  const name = document.createElement('bdi');
  name.part.add('file-name');
  name.textContent = titleOf(part);
  return name;
}

function createNote(text: string): HTMLElement {
  const note = document.createElement('span');
  note.part.add('file-note');
  note.textContent = text;
  return note;
}

function createButton(part: string, text: string, onClick: () => void): HTMLButtonElement {
  const button = document.createElement('button');
  button.type = 'button';
  button.part.add(part);
  button.textContent = text;
  button.addEventListener('click', onClick);
  return button;
}

/** Saves a file. It is never opened, because an HTML file would run with the origin of the host page. */
function saveAs(part: FilePart) {
  const anchor = document.createElement('a');
  anchor.href = part.url;
  anchor.download = plainName(part.name) || 'file';
  anchor.click();
}
