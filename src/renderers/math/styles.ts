import {copyCss, css} from './css.js';

let sheets: {readonly mathStyles: CSSStyleSheet; readonly copying: CSSStyleSheet} | undefined;
const styledRoots = new WeakSet<Node>();

/** Adopts the styles of formulas in the tree that contains `element` at the end of this task. */
export function adoptStyles(element: Element): void {
  queueMicrotask(() => {
    const root = element.getRootNode();
    if (styledRoots.has(root) || !(root instanceof Document || root instanceof ShadowRoot)) return;
    styledRoots.add(root);
    sheets ??= {mathStyles: createSheet(css), copying: createSheet(copyCss)};
    const {mathStyles, copying} = sheets;
    copying.disabled = true;
    root.adoptedStyleSheets.push(mathStyles, copying);
    root.addEventListener('copy', () => {
      copying.disabled = false;
      // The browser collects the text after all listeners were called.
      setTimeout(() => (copying.disabled = true));
    });
  });
}

function createSheet(rules: string): CSSStyleSheet {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(rules);
  return sheet;
}
