/** The part of the element class that a second copy on the page can read. */
interface ElementClass extends CustomElementConstructor {
  readonly version?: string;
}

const warnedTags = new Set<string>();

/**
 * Registers the element under a tag name, once. If the page has two copies, the first one wins, and the second logs a
 * warning. Does nothing without a registry, as on a server.
 */
export function register(elementClass: ElementClass, tag: string): void {
  const registry = globalThis.customElements as CustomElementRegistry | undefined;
  const first: ElementClass | undefined = registry?.get(tag);
  if (!first) {
    // A class can be registered only once, so another tag name gets a subclass.
    registry?.define(tag, tag === 'stream-chat' ? elementClass : class extends elementClass {});
  } else if (first !== elementClass && !(first.prototype instanceof elementClass) && !warnedTags.has(tag)) {
    warnedTags.add(tag);
    console.warn(
      `<${tag}> is on this page already (${first.version ?? 'another element'}): ${elementClass.version} is not used. Load one copy.`,
    );
  }
}
