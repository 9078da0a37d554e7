import {hiddenHost, safeUrl} from '../../lib/safe-url.js';
import type {DocumentContext} from './document-context.js';
import {createElement} from './elements.js';
import {encodeUrl, type Inline} from './inline.js';

/** A drawn link: its content stands before `hint`, if there is one. */
export interface LinkElement extends HTMLElement {
  streamChatHint?: HTMLElement | undefined;
}

/**
 * Creates the element of a link, without its content. A link whose URL is refused or not complete yet is an
 * `<a>` without `href`; where the page wants no links, it is plain text.
 */
export function createLink(documentContext: DocumentContext): LinkElement {
  return createElement(documentContext.stats, documentContext.context.links === 'text' ? 'span' : 'a');
}

/** Brings `element` to what `link` says, after its content was drawn. */
export function updateLink(
  documentContext: DocumentContext,
  element: LinkElement,
  link: Inline,
  before?: Inline,
): void {
  if (before && before.url === link.url && before.title === link.title && link.url === undefined) return;
  const {links, baseUrl} = documentContext.context;
  const url = link.url === undefined ? undefined : safeUrl('link', encodeUrl(link.url), baseUrl);
  if (links === 'text') {
    const text = element.textContent;
    return setHint(documentContext, element, url && url !== text && link.url !== text ? ` (${url})` : undefined);
  }
  if (!url) {
    for (const name of element.getAttributeNames()) element.removeAttribute(name);
    return setHint(documentContext, element, undefined);
  }
  if (element.getAttribute('href') !== url) {
    documentContext.stats.nodesTouched++;
    (element as HTMLAnchorElement).href = url;
    element.setAttribute('target', '_blank');
    element.setAttribute('rel', 'noopener noreferrer nofollow ugc');
    element.setAttribute('referrerpolicy', 'no-referrer');
  }
  if (link.title) element.setAttribute('title', link.title);
  else element.removeAttribute('title');
  setHint(documentContext, element, undefined);
  // The title is what a pointer over the link is shown.
  const host = hiddenHost(url, element.textContent) ?? hiddenHost(url, link.title);
  if (host) setHint(documentContext, element, ` (${host})`);
}

function setHint(documentContext: DocumentContext, element: LinkElement, text: string | undefined): void {
  if (element.streamChatHint?.textContent === text) return;
  element.streamChatHint?.remove();
  element.streamChatHint = undefined;
  if (!text) return;
  // Isolated: a right-to-left text must not reorder what it really leads to.
  element.streamChatHint = createElement(documentContext.stats, 'span', {part: 'link-host', dir: 'ltr'});
  element.streamChatHint.textContent = text;
  element.append(element.streamChatHint);
}
