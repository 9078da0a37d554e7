/** Returns the nearest ancestor, or the element itself, that matches a selector, across shadow roots. */
export function findNearest(element: Element, selector: string): Element | null {
  const root = element.getRootNode();
  return element.closest(selector) ?? (root instanceof ShadowRoot ? findNearest(root.host, selector) : null);
}
