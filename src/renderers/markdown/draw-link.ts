import {hiddenHost, safeUrl} from '../../lib/safe-url.js';
import {plainName} from '../../lib/strip-invisible.js';
import type {DocumentContext} from './document-context.js';
import {createElement} from './elements.js';
import {encodeUrl, type Inline} from './inline.js';

/** A drawn link; its content is before the hint, if there is one. */
export interface LinkElement extends HTMLElement {
  streamChatHint?: HTMLElement | undefined;
}

/**
 * Creates the element of a link, without its content. A link whose URL is rejected or incomplete is an `<a>` without
 * `href`; where the host page allows no links, it is plain text.
 */
export function createLink(documentContext: DocumentContext): LinkElement {
  return createElement(documentContext.stats, documentContext.context.links === 'text' ? 'span' : 'a');
}

/** Updates `element` to match `link`, after its content was drawn. */
export function updateLink(
  documentContext: DocumentContext,
  element: LinkElement,
  link: Inline,
  before?: Inline,
): void {
  if (before && before.url === link.url && before.title === link.title && link.url === undefined) return;
  const {links, baseUrl} = documentContext.context;
  if (link.url?.startsWith('#')) return documentContext.sections.link(element, link.url);
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
  // The title is shown to a pointer over the link.
  const host = hiddenHost(url, element.textContent) ?? hiddenHost(url, link.title);
  if (host) setHint(documentContext, element, ` (${plainName(host)})`);
}

function setHint(documentContext: DocumentContext, element: LinkElement, text: string | undefined): void {
  if (element.streamChatHint?.textContent === text) return;
  element.streamChatHint?.remove();
  element.streamChatHint = undefined;
  if (!text) return;
  // Isolated, because right-to-left text must not reorder the real host.
  element.streamChatHint = createElement(documentContext.stats, 'span', {part: 'link-host', dir: 'ltr'});
  element.streamChatHint.textContent = text;
  element.append(element.streamChatHint);
}
