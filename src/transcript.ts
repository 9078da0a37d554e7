import {html, nothing, render, type TemplateResult} from 'lit';

import type {Message, Part} from './conversation.js';
import type {Strings} from './locales/en.js';
import type {CreateRenderer, RenderContext} from './renderer.js';
import {streamInto} from './stream-into.js';

/** How messages are drawn. A change of any of it draws them all anew. */
export interface TranscriptLook {
  readonly strings: Strings;
  readonly createRenderer: CreateRenderer;
  readonly plain: CreateRenderer;
  readonly context: RenderContext;
  readonly onRetry: () => void;
}

interface View {
  readonly id: string;
  readonly element: HTMLElement;
  message: Message | undefined;
  isLast: boolean;
}

/**
 * Draws the messages into a box, one element each. A message whose object is the one drawn is not looked at again, so
 * a frame costs what changed in it, however long the conversation is.
 */
export class Transcript {
  #box: HTMLElement;
  #views: View[] = [];
  #look: TranscriptLook | undefined;

  constructor(box: HTMLElement) {
    this.#box = box;
  }

  /** Makes the box show these messages. */
  draw(messages: readonly Message[], look: TranscriptLook): void {
    const all = look !== this.#look;
    this.#look = look;
    this.#keep(messages);
    for (const [index, message] of messages.entries()) {
      const view = this.#views[index] ?? this.#add(message.id);
      const isLast = index === messages.length - 1;
      if (!all && view.message === message && view.isLast === isLast) continue;
      view.message = message;
      view.isLast = isLast;
      view.element.part.value = `message ${message.role}`;
      view.element.className = `message ${message.role} ${message.status}`;
      render(renderMessage(message, isLast, look), view.element);
    }
  }

  /** Removes the views from the first one on that is of another message. */
  #keep(messages: readonly Message[]) {
    let same = 0;
    while (same < this.#views.length && this.#views[same]!.id === messages[same]?.id) same++;
    for (const {element} of this.#views.splice(same)) element.remove();
  }

  #add(id: string): View {
    const element = document.createElement('div');
    element.setAttribute('role', 'group');
    this.#box.append(element);
    const view = {id, element, message: undefined, isLast: false};
    this.#views.push(view);
    return view;
  }
}

function renderMessage(message: Message, isLast: boolean, look: TranscriptLook): TemplateResult {
  const {strings} = look;
  const author = {user: strings.you, assistant: strings.assistant, system: strings.system, tool: strings.assistant};
  const isStreaming = message.status === 'streaming';
  return html`
    <span class="author">${author[message.role]}</span>
    ${message.parts.map((part, index) => renderPart(part, message, isStreaming && index === message.parts.length - 1, look))}
    ${isStreaming && message.text === '' ? html`<span part="dots" class="dots" aria-hidden="true"><i></i><i></i><i></i></span>` : nothing}
    ${renderEnd(message, isLast, look)}
  `;
}

function renderPart(part: Part, message: Message, isOpen: boolean, look: TranscriptLook): TemplateResult | typeof nothing {
  const {strings, createRenderer, plain, context} = look;
  switch (part.type) {
    case 'text':
    case 'refusal': {
      const isPlain = message.role === 'user' || part.type === 'refusal';
      return html`<div
        part="text"
        class="text ${isPlain ? 'plain' : ''}"
        dir="auto"
        ${streamInto(part.text, !isOpen, isPlain ? plain : createRenderer, context)}
      ></div>`;
    }
    case 'reasoning':
      return html`<details part="reasoning" class="reasoning" .open=${isOpen}>
        <summary>${strings.reasoning}</summary>
        <div dir="auto" class="plain" ${streamInto(part.text, !isOpen, plain, context)}></div>
      </details>`;
    case 'tool-call':
      return html`<div part="tool" class="tool"><code>${part.name}</code><code>${part.arguments}</code></div>`;
    default:
      return nothing;
  }
}

/** What is said below a message of how it ended. */
function renderEnd({status, reason, error}: Message, isLast: boolean, look: TranscriptLook): TemplateResult | typeof nothing {
  const {strings, onRetry} = look;
  const retry = () => html`<button part="retry" class="retry" type="button" @click=${onRetry}>${strings.retry}</button>`;
  if (error) {
    return html`<div part="error" class="error" role="alert">
      <span>${error.message} ${error.retryAfter === undefined ? nothing : strings.retryAfter(Math.ceil(error.retryAfter))}</span>
      ${isLast ? retry() : nothing}
    </div>`;
  }
  if (status === 'stopped') return html`<div part="note" class="note">${strings.stopped} ${isLast ? retry() : nothing}</div>`;
  if (reason === 'length') return html`<div part="note" class="note">${strings.lengthReached}</div>`;
  if (reason === 'content-filter') return html`<div part="note" class="note">${strings.filtered}</div>`;
  return nothing;
}
