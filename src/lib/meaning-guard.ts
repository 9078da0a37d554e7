/** Time for which a control ignores clicks after its meaning changed, in milliseconds: longer than the pause in a double click. */
const deafTime = 600;

const guards = new WeakMap<HTMLElement, MeaningGuard>();

/**
 * Sets what a click on the button means from now on. The same meaning again has no effect. `onlyPeople`: clicks of scripts
 * always count.
 */
export function setMeaning(button: HTMLElement, meaning: string, onlyPeople = false): void {
  let guard = guards.get(button);
  if (!guard) guards.set(button, (guard = new MeaningGuard(button, onlyPeople)));
  guard.meaning = meaning;
}

/**
 * Keeps a click that was meant for what a control did before from doing what it does now: a second click on Send must not
 * stop the answer, and one on Stop as the answer ends must not send the draft. After its meaning changed, the control
 * ignores clicks for a moment, or until the mouse leaves it. Repeats of a key that is held down are never clicks.
 */
class MeaningGuard {
  #changedAt = -Infinity;
  #meaning: string | undefined;
  /** Whether the button was clicked since its meaning changed last, and before that. */
  #wasClicked = false;
  #isOwnChange = false;
  #onlyPeople: boolean;

  constructor(button: HTMLElement, onlyPeople: boolean) {
    this.#onlyPeople = onlyPeople;
    // On a touch screen the pointer leaves with each touch.
    button.addEventListener('pointerleave', ({pointerType}) => {
      if (pointerType === 'mouse') this.#changedAt = -Infinity;
    });
    button.addEventListener('keydown', (event) => {
      if (event.repeat && (event.key === 'Enter' || event.key === ' ')) event.preventDefault();
    });
    // Capturing, so that no other listener acts on the click.
    button.addEventListener('click', (event) => this.#handleClick(event), {capture: true});
  }

  set meaning(meaning: string) {
    if (this.#meaning === meaning) return;
    if (this.#meaning !== undefined) this.#changedAt = performance.now();
    this.#meaning = meaning;
    this.#isOwnChange = this.#wasClicked;
    this.#wasClicked = false;
  }

  #handleClick(event: Event) {
    // A script of the page that clicks once knows what the control means.
    const isDeaf = performance.now() - this.#changedAt < deafTime && (event.isTrusted || (this.#isOwnChange && !this.#onlyPeople));
    if (!isDeaf) {
      this.#wasClicked = true;
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
  }
}
