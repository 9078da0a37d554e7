import {html, noChange, nothing, type TemplateResult} from 'lit';
import {directive, Directive, type ElementPart} from 'lit/directive.js';

import type {Message, Part} from '../model/conversation.js';
import {dropInvisible} from '../lib/invisible.js';
import type {Strings} from '../locales/en.js';
import type {RenderContext} from '../renderers/renderer.js';
import {safeUrl, type SafeUrl} from '../lib/safe-url.js';

class DrawnDirective extends Directive {
  render(_draw: (element: HTMLElement) => void) {
    return noChange;
  }

  override update({element}: ElementPart, [draw]: Parameters<this['render']>) {
    draw(element as HTMLElement);
    return noChange;
  }
}

/** Hands the element to a function whenever it is drawn. */
export const drawn = directive(DrawnDirective);

/** Seconds of milliseconds, as they are said. */
const second = 1000;

class CountdownDirective extends Directive {
  #end: number | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  render(_seconds: number, _strings: Strings) {
    return noChange;
  }

  override update({element}: ElementPart, [seconds, strings]: Parameters<this['render']>) {
    this.#end ??= performance.now() + seconds * second;
    clearTimeout(this.#timer);
    this.#show(element, strings);
    return noChange;
  }

  #show(element: Element, strings: Strings) {
    const left = this.#end! - performance.now();
    element.textContent = left > 0 ? strings.retryAfter(Math.ceil(left / second)) : '';
    if (left <= 0) return;
    // When it is drawn first it is not in the page yet.
    const goOn = () => element.isConnected && this.#show(element, strings);
    this.#timer = setTimeout(goOn, left % second || second);
  }
}

/** Says for how many more seconds a server asked to be left alone, from the first drawing on. */
export const countdown = directive(CountdownDirective);

/** The reasoning, open while it is written; then folded, unless the person opened or closed it. */
export function renderReasoning(
  {seconds}: Extract<Part, {type: 'reasoning'}>,
  isOpen: boolean,
  strings: Strings,
  text: TemplateResult,
): TemplateResult {
  const setOpen = (element: HTMLElement) => {
    if (!element.hasAttribute('data-held')) (element as HTMLDetailsElement).open = isOpen;
  };
  return html`<details part="reasoning" class="reasoning" ${drawn(setOpen)}>
    <summary @click=${holdOpen}>${seconds === undefined ? strings.reasoning : strings.reasoned(Math.max(1, Math.round(seconds)))}</summary>
    ${text}
  </details>`;
}

function holdOpen({currentTarget}: Event) {
  (currentTarget as Element).parentElement!.setAttribute('data-held', '');
}

/** Whether nothing else shows that an answer is on its way. */
export function isAwaited({parts}: Message): boolean {
  const last = parts.findLast(({type}) => type !== 'source');
  if (last?.type === 'tool-call') return parts.every((part) => part.type !== 'tool-call' || part.state === 'done' || part.state === 'failed');
  return last?.type !== 'text' && last?.type !== 'refusal' && last?.type !== 'reasoning';
}

/** The list of what the answer cites, each once, with the host that it leads to. */
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
        const name = html`<bdi>${dropInvisible(title ?? pathname.slice(1))}</bdi> <span part="source-host">${host || pathname}</span>`;
        return html`<li>
          ${context.links === 'text' ? name : html`<a part="source" href=${url} target="_blank" rel="noopener noreferrer nofollow">${name}</a>`}
        </li>`;
      })}
    </ol>
  </div>`;
}

/** Of answers that took less the speed says nothing, in seconds. */
const shortest = 0.5;

/** Tokens and speed of an answer. */
export function renderUsage({usage, seconds}: Message, strings: Strings): TemplateResult | typeof nothing {
  if (!usage) return nothing;
  const {inputTokens, outputTokens} = usage;
  const speed = outputTokens && seconds && seconds >= shortest ? Math.round(outputTokens / seconds) : undefined;
  return html`<div part="details" class="note">${strings.usage(inputTokens, outputTokens, speed)}</div>`;
}
