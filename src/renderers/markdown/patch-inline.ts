import type {DocumentContext} from './document-context.js';
import {createElement} from './elements.js';
import {drawImage} from './draw-image.js';
import {createLink, type LinkElement, updateLink} from './draw-link.js';
import type {FootnoteUser} from './footnotes.js';
import type {Inline} from './inline.js';

/**
 * Updates the drawn `before` to `after` among the children of `parent`. Unchanged nodes are kept, so that a selection,
 * the focus and a loaded image survive.
 */
export function patchInline(
  documentContext: DocumentContext,
  user: FootnoteUser,
  parent: Node,
  before: readonly Inline[],
  after: readonly Inline[],
  end: Node | null = null,
): void {
  let added: DocumentFragment | undefined;
  for (let index = 0; index < after.length; index++) {
    const node = after[index]!;
    const old = before[index];
    if (old?.dom && isSame(old, node)) {
      update(documentContext, user, old, node);
      continue;
    }
    node.dom = create(documentContext, user, node);
    if (old?.dom) parent.replaceChild(node.dom, old.dom);
    else if (index === after.length - 1 && !added) parent.insertBefore(node.dom, end);
    // Append several at once: with each child that is added, a parent with dir=auto computes its direction again.
    else (added ??= document.createDocumentFragment()).append(node.dom);
  }
  if (added) parent.insertBefore(added, end);
  for (let index = after.length; index < before.length; index++) {
    const {dom} = before[index]!;
    documentContext.stats.nodesTouched++;
    dom?.parentNode?.removeChild(dom);
  }
}

function isSame(before: Inline, after: Inline): boolean {
  const {type, text} = before;
  if (type !== after.type) return false;
  if (type === 'math') return before.tex === undefined || (text === after.text && before.tex === after.tex);
  return (
    (type !== 'image' && type !== 'footnote') ||
    (text === after.text && before.url === after.url && before.title === after.title)
  );
}

function update(documentContext: DocumentContext, user: FootnoteUser, old: Inline, node: Inline): void {
  const dom = old.dom;
  node.dom = dom;
  if (node.type === 'text' || node.type === 'segment' || node.type === 'code' || node.type === 'math') {
    // A drawn formula has not changed: it has no text to set.
    const text = (node.type === 'text' ? dom : dom?.firstChild) as Text | null;
    if (old.text !== node.text && text) setText(documentContext, text, old.text, node.text);
    if (node.type === 'math' && old.tex === undefined) drawMath(documentContext, node);
  } else if (node.type === 'link') {
    patchInline(documentContext, user, dom as Node, old.children, node.children, (dom as LinkElement).streamChatHint);
    updateLink(documentContext, dom as LinkElement, node, old);
  } else if (dom) {
    patchInline(documentContext, user, dom, old.children, node.children);
  }
}

function setText(documentContext: DocumentContext, node: Text, before: string, after: string): void {
  documentContext.stats.nodesTouched++;
  // Appending keeps a selection in the node.
  if (after.startsWith(before)) node.appendData(after.slice(before.length));
  else node.data = after;
}

/** Replaces the source of a formula by the formula, if it is complete. */
function drawMath({math, context}: DocumentContext, {dom, text, tex}: Inline): void {
  const isDisplay = /^(?:\$\$|\\[[b])/.test(text);
  if (tex !== undefined) math?.(dom as HTMLElement, {source: text, tex, isDisplay}, context.strings);
}

function create(documentContext: DocumentContext, user: FootnoteUser, node: Inline): Node {
  switch (node.type) {
    case 'text':
      documentContext.stats.nodesTouched++;
      return document.createTextNode(node.text);
    case 'segment': {
      const segment = createElement(documentContext.stats, 'span', {class: 'segment'});
      segment.append(node.text);
      return segment;
    }
    case 'code': {
      const code = createElement(documentContext.stats, 'code');
      code.append(node.text);
      return code;
    }
    case 'math': {
      const element = createElement(documentContext.stats, 'span', {part: 'math'});
      element.append(node.text);
      node.dom = element;
      drawMath(documentContext, node);
      return element;
    }
    case 'break':
      return createElement(documentContext.stats, 'br');
    case 'image':
      return drawImage(documentContext, node);
    case 'footnote':
      return documentContext.footnotes.createReference(node.text, user, node.at);
    case 'link': {
      const link = createLink(documentContext);
      patchInline(documentContext, user, link, [], node.children);
      updateLink(documentContext, link, node);
      return link;
    }
    default: {
      const element = createElement(documentContext.stats, node.type);
      patchInline(documentContext, user, element, [], node.children);
      return element;
    }
  }
}
