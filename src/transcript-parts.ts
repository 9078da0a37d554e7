import {html, noChange, nothing, type TemplateResult} from 'lit';
import {directive, Directive, type ElementPart} from 'lit/directive.js';

import type {Message, Part} from './conversation.js';
import type {Strings} from './locales/en.js';
import type {RenderContext} from './renderer.js';
import {safeUrl, type SafeUrl} from './safe-url.js';

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
        const name = html`<bdi>${title ?? pathname.slice(1)}</bdi> <span part="source-host">${host}</span>`;
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
