/** What two copies of the element on one page know of each other. */
interface ElementClass extends CustomElementConstructor {
  readonly version?: string;
}

const warnedTags = new Set<string>();

/**
 * Registers the element under a tag name, once. Of two copies on a page the first stays, and the second says so in the
 * console. Does nothing where there is no registry: on a server.
 */
export function register(elementClass: ElementClass, tag: string): void {
  const registry = globalThis.customElements as CustomElementRegistry | undefined;
  const first: ElementClass | undefined = registry?.get(tag);
  if (!first) {
    // A class can be registered once: under another name it is a class of its own.
    registry?.define(tag, tag === 'stream-chat' ? elementClass : class extends elementClass {});
  } else if (first !== elementClass && !(first.prototype instanceof elementClass) && !warnedTags.has(tag)) {
    warnedTags.add(tag);
    console.warn(
      `<${tag}> is on this page already (${first.version ?? 'another element'}): ${elementClass.version} is not used. Load one copy.`,
    );
  }
}
