/** Properties of a document that the page's forms and images can hide. */
interface DocumentProperties {
  readonly baseURI: string;
  readonly body: HTMLElement;
  readonly documentElement: HTMLElement;
  readonly hidden: boolean;
  readonly implementation: DOMImplementation;
  readonly activeElement: Element | null;
}

/**
 * Returns a property of a document from its prototype: `document.baseURI` is an element where the page has, say,
 * `<img name="baseURI">` in what its users write. Returns `undefined` outside a page.
 * https://html.spec.whatwg.org/multipage/dom.html#dom-document-nameditem
 */
export function readDocument<K extends keyof DocumentProperties>(
  name: K,
  from: Document | undefined = globalThis.document,
): DocumentProperties[K] | undefined {
  return from && Reflect.get(Document.prototype, name, from);
}
