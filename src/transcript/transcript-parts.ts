import {html, noChange, nothing, type TemplateResult} from 'lit';
import {directive, Directive, type ElementPart} from 'lit/directive.js';

import type {Message, Part} from '../model/conversation.js';
import {plainName} from '../lib/strip-invisible.js';
import type {Strings} from '../locales/en.js';
import type {RenderContext} from '../renderers/renderer.js';
import {safeUrl, type SafeUrl} from '../lib/safe-url.js';

class WithElementDirective extends Directive {
  render(_draw: (element: HTMLElement) => void) {
    return noChange;
  }

  override update({element}: ElementPart, [draw]: Parameters<this['render']>) {
    draw(element as HTMLElement);
    return noChange;
  }
}

/** Calls a function with the element each time the template is rendered. */
export const withElement = directive(WithElementDirective);

/** Interval between two updates of a countdown, in milliseconds. */
const second = 1000;

type Countdown = (element: HTMLElement, secondsLeft: number) => void;

class CountdownDirective extends Directive {
  #endsAt: number | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  render(_seconds: number, _update: Countdown) {
    return noChange;
  }

  override update({element}: ElementPart, [seconds, update]: Parameters<this['render']>) {
    this.#endsAt ??= performance.now() + seconds * second;
    clearTimeout(this.#timer);
    this.#update(element as HTMLElement, update);
    return noChange;
  }

  #update(element: HTMLElement, update: Countdown) {
    const left = this.#endsAt! - performance.now();
    update(element, Math.max(0, Math.ceil(left / second)));
    if (left <= 0) return;
    // Not checked above: on the first render the element is not in the page yet.
    const tick = () => element.isConnected && this.#update(element, update);
    this.#timer = setTimeout(tick, left % second || second);
  }
}

/** Shows the seconds that remain of a server's `Retry-After`, counted from the first render. */
export const countdown = directive(CountdownDirective);

/** Shows the seconds until a retry may help. */
export const showSeconds = (strings: Strings) => (element: HTMLElement, seconds: number) => {
  element.textContent = seconds > 0 ? strings.retryAfter(seconds) : '';
};

/** Disables a button until its time is over. */
export const disable = (element: HTMLElement, seconds: number) => {
  (element as HTMLButtonElement).disabled = seconds > 0;
};

/** Renders reasoning: open while it streams, then collapsed, unless the user toggled it. */
export function renderReasoning(
  {seconds}: Extract<Part, {type: 'reasoning'}>,
  isOpen: boolean,
  strings: Strings,
  text: TemplateResult,
): TemplateResult {
  const setOpen = (element: HTMLElement) => {
    if (!element.hasAttribute('data-toggled')) (element as HTMLDetailsElement).open = isOpen;
  };
  return html`<details part="reasoning" class="reasoning" ${withElement(setOpen)}>
    <summary @click=${markToggled}>${seconds === undefined ? strings.reasoning : strings.reasoned(Math.max(1, Math.round(seconds)))}</summary>
    ${text}
  </details>`;
}

function markToggled({currentTarget}: Event) {
  (currentTarget as Element).parentElement!.setAttribute('data-toggled', '');
}

/** Number of lines from which a question is folded, and number of characters that count as a line. */
const longText = {lines: 16, lineLength: 60};

/** Returns whether a text is so long that a question is folded. Estimated, because measuring would force layout. */
export function isLong(text: string): boolean {
  const {lines, lineLength} = longText;
  let count = 0;
  for (const line of text.split('\n', lines)) count += Math.max(1, Math.ceil(line.length / lineLength));
  return count >= lines;
}

/** Renders the button that unfolds the text before it. Screen readers read the whole text in any case. */
export function renderFold({showMore, showLess}: Strings): TemplateResult {
  return html`<button part="fold" class="retry" type="button" aria-expanded="false" @click=${toggleFold}><span>${showMore}</span><span hidden>${showLess}</span></button>`;
}

function toggleFold({currentTarget}: Event) {
  const button = currentTarget as HTMLElement;
  const isFolded = button.previousElementSibling!.classList.toggle('folded');
  button.ariaExpanded = String(!isFolded);
  for (const [index, label] of [...button.children].entries()) (label as HTMLElement).hidden = isFolded === (index > 0);
}

/** Returns whether the typing indicator is needed because nothing else shows that an answer is in progress. */
export function needsTypingIndicator({parts}: Message): boolean {
  const last = parts.findLast(({type}) => type !== 'source');
  if (last?.type === 'tool-call') return parts.every((part) => part.type !== 'tool-call' || part.state === 'done' || part.state === 'failed');
  return last?.type !== 'text' && last?.type !== 'refusal' && last?.type !== 'reasoning';
}

/** Renders the list of sources that the answer cites, each once, with the host that it links to. */
export function renderSources({parts}: Message, strings: Strings, context: RenderContext): TemplateResult | typeof nothing {
  const sources = new Map<SafeUrl, string | undefined>();
  for (const part of parts) {
    const url = part.type === 'source' ? safeUrl('link', part.url, context.baseUrl) : undefined;
    if (part.type === 'source' && url && !sources.get(url)) sources.set(url, part.title);
  }
  if (sources.size === 0) return nothing;
  return html`<div part="sources" class="sources">
    <span>${strings.sources}</span>
    <ol>
      ${[...sources].map(([url, title]) => {
        const {host, pathname} = new URL(url);
        const name = html`<bdi>${plainName(title) || plainName(pathname.slice(1))}</bdi> <span part="source-host">${host || pathname}</span>`;
        return html`<li>
          ${context.links === 'text' ? name : html`<a part="source" href=${url} target="_blank" rel="noopener noreferrer nofollow">${name}</a>`}
        </li>`;
      })}
    </ol>
  </div>`;
}

/** Duration below which the speed of an answer is meaningless, in seconds. */
const minTimedSeconds = 0.5;

/** Renders token counts and speed of an answer. */
export function renderUsage({usage, seconds}: Message, strings: Strings): TemplateResult | typeof nothing {
  if (!usage) return nothing;
  const {inputTokens, outputTokens} = usage;
  const speed = outputTokens && seconds && seconds >= minTimedSeconds ? Math.round(outputTokens / seconds) : undefined;
  return html`<div part="details" class="note">${strings.usage(inputTokens, outputTokens, speed)}</div>`;
}
