const namespace = 'http://www.w3.org/2000/svg';

/** What is drawn with lines, on 24 by 24. */
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

/** A sign on a button. */
export type IconName = keyof typeof paths;

/**
 * Each SVG of a page costs Chromium time in each frame, shown or not. WebKit does not tell what comes into view in a
 * group that does: there, as elsewhere, all signs are there from the start.
 */
const isFrameCostly = 'userAgentData' in navigator;

/** What waits to be told whether its group of messages is in view. */
const waiting = new WeakMap<Element, IconSet[]>();
/** The signs of each message that is told when it comes into view. */
const told = new WeakMap<Element, IconSet>();
let observer: IntersectionObserver | undefined;

/**
 * The signs on the buttons of a message; where SVGs cost in each frame, there only while it is near the view, as ten
 * thousand messages would have fifteen thousand. What a button says stands in its label.
 */
export class IconSet {
  #icons = new Map<HTMLButtonElement, IconName>();
  #isShown = !isFrameCostly;

  /** `element` will be in the message when its template is drawn. */
  constructor(element: Element) {
    if (isFrameCostly) queueMicrotask(() => this.#follow(element.closest('.message')));
  }

  /** Gives a button its sign, in place of the one it has. */
  set(button: HTMLButtonElement, name: IconName): void {
    if (this.#icons.get(button) === name && button.firstElementChild) return;
    this.#icons.set(button, name);
    if (!this.#isShown) return;
    button.querySelector('svg')?.remove();
    button.prepend(createIcon(name));
  }

  #follow(message: Element | null) {
    const group = message?.parentElement;
    if (!group) return;
    // A message that is continued gets other buttons: one listener serves them all.
    if (!told.has(message)) {
      message.addEventListener('contentvisibilityautostatechange', (event) => {
        if (event.target === message) told.get(message)!.show(!(event as ContentVisibilityAutoStateChangeEvent).skipped);
      });
    }
    told.set(message, this);
    // Nothing is left out in the last one at first.
    if (group.closest('.group:not(:last-child)')) waitFor(group, this);
    else this.show(true);
  }

  /** Puts the signs on the buttons, or takes them off. */
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
 * Shows the signs if the group is in view now: later, events tell. To ask the message itself would have the browser
 * style what it left out, and keep it in each frame from then on.
 */
function waitFor(group: Element, icons: IconSet) {
  const together = waiting.get(group);
  if (together) return void together.push(icons);
  waiting.set(group, [icons]);
  observer ??= new IntersectionObserver((entries) => {
    for (const {target, isIntersecting} of entries) {
      observer?.unobserve(target);
      if (isIntersecting) waiting.get(target)?.forEach((set) => set.show(true));
      waiting.delete(target);
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
