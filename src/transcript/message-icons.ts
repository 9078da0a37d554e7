const namespace = 'http://www.w3.org/2000/svg';

/** Paths of the icons, drawn as lines in a view box of 24 by 24. */
const paths = {
  copy: 'M9 9h11v11H9zM5.5 15H4V4h11v1.5',
  check: 'm5 12.5 4.5 4.5L19 7',
  regenerate: 'M19.5 12a7.5 7.5 0 1 1-2-5.1L20 9.5M20 4.5v5h-5',
  edit: 'M4 20v-4L15.5 4.5l4 4L8 20zM13 7l4 4',
  good: 'M7.5 11v9H4v-9zl3.5-8a2.5 2.5 0 0 1 2.5 2.5V9h5.3a2 2 0 0 1 2 2.4l-1.4 7a2 2 0 0 1-2 1.6H7.5',
  bad: 'M16.5 13V4H20v9zl-3.5 8a2.5 2.5 0 0 1-2.5-2.5V15H5.2a2 2 0 0 1-2-2.4l1.4-7a2 2 0 0 1 2-1.6h9.9',
  speak: 'M4 9.5v5h3.5L12 19V5L7.5 9.5zM16 9a4 4 0 0 1 0 6M18.5 6.5a8 8 0 0 1 0 11',
  stop: 'M7 7h10v10H7z',
  previous: 'm14.5 6-6 6 6 6',
  next: 'm9.5 6 6 6-6 6',
};

/** Name of an icon on a button. */
export type IconName = keyof typeof paths;

/**
 * Whether each SVG in the page costs time in each animation frame, visible or not, as it does in Chromium. Other browsers
 * get all icons from the start; WebKit does not fire events for messages in a group that comes into view.
 */
const svgsAreCostly = 'userAgentData' in navigator;

/** Icon sets of each group of messages that wait until it is known whether the group is in view. */
const pendingSets = new WeakMap<Element, IconSet[]>();
/** Icon set of each message that is observed for coming into view. */
const observedSets = new WeakMap<Element, IconSet>();
let observer: IntersectionObserver | undefined;

/**
 * The icons on the buttons of a message. Where SVGs are costly, they are in the DOM only while the message is near the
 * viewport, because ten thousand messages would have fifteen thousand icons. The name of a button is in its label.
 */
export class IconSet {
  #icons = new Map<HTMLButtonElement, IconName>();
  #isShown = !svgsAreCostly;

  /** `element` will be inside the message once its template is rendered. */
  constructor(element: Element) {
    if (svgsAreCostly) queueMicrotask(() => this.#observeMessage(element.closest('.message')));
  }

  /** Sets or replaces the icon of a button. */
  set(button: HTMLButtonElement, name: IconName): void {
    if (this.#icons.get(button) === name && button.firstElementChild) return;
    this.#icons.set(button, name);
    if (!this.#isShown) return;
    button.querySelector('svg')?.remove();
    button.prepend(createIcon(name));
  }

  #observeMessage(message: Element | null) {
    const group = message?.parentElement;
    if (!group) return;
    // A message that continues gets a new icon set: one listener serves them all.
    if (!observedSets.has(message)) {
      message.addEventListener('contentvisibilityautostatechange', (event) => {
        if (event.target === message) observedSets.get(message)!.show(!(event as ContentVisibilityAutoStateChangeEvent).skipped);
      });
    }
    observedSets.set(message, this);
    // The last group is not subject to `content-visibility`.
    if (group.closest('.group:not(:last-child)')) observeGroup(group, this);
    else this.show(true);
  }

  /** Adds the icons to the buttons, or removes them. */
  show(isShown: boolean): void {
    if (isShown === this.#isShown) return;
    this.#isShown = isShown;
    for (const [button, name] of this.#icons) {
      if (isShown) button.prepend(createIcon(name));
      else button.querySelector('svg')?.remove();
    }
  }
}

/**
 * Shows the icons if the group is in view now; later, events of the message report that. Observing the message itself
 * would force the browser to style skipped content, and to keep it in each frame from then on.
 */
function observeGroup(group: Element, icons: IconSet) {
  const pending = pendingSets.get(group);
  if (pending) return void pending.push(icons);
  pendingSets.set(group, [icons]);
  observer ??= new IntersectionObserver((entries) => {
    for (const {target, isIntersecting} of entries) {
      observer?.unobserve(target);
      if (isIntersecting) pendingSets.get(target)?.forEach((set) => set.show(true));
      pendingSets.delete(target);
    }
  });
  observer.observe(group);
}

function createIcon(name: IconName): SVGSVGElement {
  const icon = document.createElementNS(namespace, 'svg');
  icon.setAttribute('viewBox', '0 0 24 24');
  icon.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(namespace, 'path');
  path.setAttribute('d', paths[name]);
  icon.append(path);
  return icon;
}
