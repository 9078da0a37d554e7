import {copyCss, css} from './css.js';

let sheets: {readonly looks: CSSStyleSheet; readonly copying: CSSStyleSheet} | undefined;
const dressed = new WeakSet<Node>();

/** Gives the tree that `element` is in, or comes to in this task, what its formulas look like. */
export function dress(element: Element): void {
  queueMicrotask(() => {
    const root = element.getRootNode();
    if (dressed.has(root) || !(root instanceof Document || root instanceof ShadowRoot)) return;
    dressed.add(root);
    sheets ??= {looks: createSheet(css), copying: createSheet(copyCss)};
    const {looks, copying} = sheets;
    copying.disabled = true;
    root.adoptedStyleSheets.push(looks, copying);
    root.addEventListener('copy', () => {
      copying.disabled = false;
      // The browser collects the text when all have heard of the event.
      setTimeout(() => (copying.disabled = true));
    });
  });
}

function createSheet(rules: string): CSSStyleSheet {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(rules);
  return sheet;
}
