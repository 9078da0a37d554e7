import {html, nothing, render, type TemplateResult} from 'lit';

import {Backlog} from './backlog.js';
import type {Message, Part, ToolCallPart} from './conversation.js';
import type {Strings} from './locales/en.js';
import type {CreateRenderer, RenderContext} from './renderer.js';
import {streamInto} from './stream-into.js';
import type {drawToolCard} from './tools.js';
import {drawn, isAwaited, renderReasoning, renderSources, renderUsage} from './transcript-parts.js';

/** How messages are drawn. A change of any of it draws them all anew. */
export interface TranscriptLook {
  readonly strings: Strings;
  readonly createRenderer: CreateRenderer;
  readonly plain: CreateRenderer;
  readonly context: RenderContext;
  /** Whether tokens and speed are shown under an answer. */
  readonly details: boolean;
  readonly onRetry: () => void;
  /** Asks the model to go on with an answer that was lost. */
  readonly onContinue: () => void;
  /** Takes what the person decided of a call. */
  readonly onDecide: (key: string, isAllowed: boolean) => void;
  /** Asks to be drawn again, with what was loaded. */
  readonly onLoad: () => void;
}

/** Draws a call of a tool. `isLive`: its answer is on its way. */
type DrawTool = (element: HTMLElement, part: ToolCallPart, isLive: boolean) => void;

/** What a message costs beside its text, in characters. */
const messageLength = 128;

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
  /** Resolves when what the messages need to be drawn is loaded; `undefined` while they need nothing. */
  loading: Promise<void> | undefined;

  #box: HTMLElement;
  #views: View[] = [];
  #look: TranscriptLook | undefined;
  #backlog = new Backlog();
  #drawToolCard: typeof drawToolCard | undefined;

  constructor(box: HTMLElement) {
    this.#box = box;
  }

  /** Makes the box show these messages, the last ones first. Returns whether something is left for the next frame. */
  draw(messages: readonly Message[], look: TranscriptLook): boolean {
    const backlog = this.#backlog;
    backlog.begin();
    if (look !== this.#look) for (const view of this.#views) view.message = undefined;
    this.#look = look;
    this.#keep(messages);
    for (let index = this.#views.length; index < messages.length; index++) this.#add(messages[index]!.id);
    backlog.draw(this.#box);
    let isLeft = false;
    for (let index = messages.length - 1; index >= 0; index--) {
      const message = messages[index]!;
      const view = this.#views[index]!;
      const isLast = index === messages.length - 1;
      if (view.message === message && view.isLast === isLast) continue;
      // The last one is always looked at: its text is cut to what there is time for.
      if ((isLeft ||= backlog.isSpent && !isLast)) break;
      view.message = message;
      view.isLast = isLast;
      view.element.part.value = `message ${message.role}`;
      view.element.className = `message ${message.role} ${message.status}`;
      backlog.take(messageLength);
      render(renderMessage(message, isLast, look, backlog, this.#drawTool), view.element);
    }
    if (!isLeft && backlog.isEmpty) return false;
    backlog.end(this.#box);
    return true;
  }

  #drawTool: DrawTool = (element, part, isLive) => {
    const {strings, onDecide} = this.#look!;
    this.loading ??= this.#loadTools();
    this.#drawToolCard?.(element, part, {strings, isLive, decide: (isAllowed) => onDecide(part.key, isAllowed)});
  };

  async #loadTools() {
    try {
      ({drawToolCard: this.#drawToolCard} = await import('./tools.js'));
    } catch (error) {
      console.error('<stream-chat> cannot show the calls of tools: its file "tools.js" could not be loaded.', error);
    }
    for (const view of this.#views) if (view.message?.parts.some(({type}) => type === 'tool-call')) view.message = undefined;
    this.#look?.onLoad();
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

function renderMessage(message: Message, isLast: boolean, look: TranscriptLook, backlog: Backlog, drawTool: DrawTool): TemplateResult {
  const {strings} = look;
  // Sources are told of in between.
  const last = message.parts.findLastIndex(({type}) => type !== 'source');
  const author = {user: strings.you, assistant: strings.assistant, system: strings.system, tool: strings.assistant};
  const isStreaming = message.status === 'streaming';
  return html`
    <span class="author">${author[message.role]}</span>
    ${message.parts.map((part, index) => renderPart(part, message, isStreaming && index === last, look, backlog, drawTool))}
    ${renderSources(message, strings, look.context)}
    ${isStreaming && isAwaited(message) ? html`<span part="dots" class="dots" aria-hidden="true"><i></i><i></i><i></i></span>` : nothing}
    ${renderEnd(message, isLast, look)}
  `;
}

function renderPart(
  part: Part,
  message: Message,
  isOpen: boolean,
  look: TranscriptLook,
  backlog: Backlog,
  drawTool: DrawTool,
): TemplateResult | typeof nothing {
  const {strings, createRenderer, plain, context} = look;
  switch (part.type) {
    case 'text':
    case 'refusal': {
      const isPlain = message.role === 'user' || part.type === 'refusal';
      return html`<div
        part="text"
        class="text ${isPlain ? 'plain' : ''}"
        dir="auto"
        ${streamInto(part.text, !isOpen, isPlain ? plain : createRenderer, context, backlog)}
      ></div>`;
    }
    case 'reasoning':
      return renderReasoning(
        part,
        isOpen,
        strings,
        html`<div dir="auto" class="plain" ${streamInto(part.text, !isOpen, plain, context, backlog)}></div>`,
      );
    case 'tool-call':
      return html`<div
        part="tool"
        class="tool ${part.state}"
        ${drawn((element) => drawTool(element, part, message.status === 'streaming'))}
      ></div>`;
    default:
      return nothing;
  }
}

/** What is said below a message of how it ended. */
function renderEnd(message: Message, isLast: boolean, look: TranscriptLook): TemplateResult | typeof nothing {
  const {status, reason, error} = message;
  const {strings, onRetry} = look;
  const retry = () => html`<button part="retry" class="retry" type="button" @click=${onRetry}>${strings.retry}</button>`;
  if (error) {
    return html`<div part="error" class="error">
      <span>${error.message} ${error.retryAfter === undefined ? nothing : strings.retryAfter(Math.ceil(error.retryAfter))}</span>
      ${isLast ? retry() : nothing}
      ${
        isLast && error.code === 'interrupted' && message.text !== ''
          ? html`<button part="continue" class="retry" type="button" @click=${look.onContinue}>${strings.continue}</button>`
          : nothing
      }
    </div>`;
  }
  const usage = look.details ? renderUsage(message, strings) : nothing;
  if (status === 'stopped') return html`<div part="note" class="note">${strings.stopped} ${isLast ? retry() : nothing}</div>${usage}`;
  const note = reason === 'length' ? strings.lengthReached : reason === 'content-filter' ? strings.filtered : '';
  return note ? html`<div part="note" class="note">${note}</div>${usage}` : usage;
}
