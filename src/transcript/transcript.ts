import {html, nothing, render, type TemplateResult} from 'lit';

import {Backlog} from './render-queue.js';
import type {Message, Part, Role, ToolCallPart} from '../model/conversation.js';
import {dropInvisible} from '../lib/invisible.js';
import type {Strings} from '../locales/en.js';
import type {ActionsContext, drawActions} from './message-actions.js';
import type {Pace} from './pace.js';
import type {CreateRenderer, RenderContext} from '../renderers/renderer.js';
import {streamInto} from './stream-into.js';
import type {drawToolCard} from './tool-card.js';
import {showFile} from './file-card-loader.js';
import {countdown, drawn, isAwaited, renderReasoning, renderSources, renderUsage} from './transcript-parts.js';

/** How messages are drawn. A change of any of it draws them all anew. */
export interface TranscriptLook {
  readonly strings: Strings;
  readonly createRenderer: CreateRenderer;
  readonly plain: CreateRenderer;
  readonly context: RenderContext;
  /** Whether tokens and speed are shown under an answer. */
  readonly details: boolean;
  /** What the buttons under a message do; `undefined`: there are none. */
  readonly actions?: ActionsContext | undefined;
  readonly onRetry: () => void;
  /** Asks the model to go on with an answer that was lost. */
  readonly onContinue: () => void;
  /** Takes what the person decided of a call. */
  readonly onDecide: (key: string, isAllowed: boolean) => void;
  /** Asks to be drawn again, with what was loaded. */
  readonly onLoad: () => void;
}

/** What is drawn by files of their own, on first use. */
interface TranscriptParts {
  readonly drawToolCard: typeof drawToolCard;
  readonly drawActions: typeof drawActions;
}

/** What a message costs beside its text, in characters. */
const messageLength = 128;

/** So many messages stand in an outermost group, in each group of it, and in each of those. Styles know the depth. */
const groupLengths = [512, 64, 8];

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
  /** The messages that are drawn, as they were given. */
  #drawn: readonly Message[] | undefined;
  #look: TranscriptLook | undefined;
  #backlog = new Backlog();
  #parts: Partial<TranscriptParts> = {};
  #hasActions = false;

  constructor(box: HTMLElement) {
    this.#box = box;
  }

  /**
   * Makes the box show these messages, the last ones first, as far as there is time: less in a frame than in a task
   * between two. `settled`: those of them that change no more, the same array until there are others. Returns whether
   * something is left.
   */
  draw(messages: readonly Message[], settled: readonly Message[], look: TranscriptLook, inFrame: boolean): boolean {
    const backlog = this.#backlog;
    if (look !== this.#look) this.#forget();
    this.#look = look;
    // A long conversation is not gone through in each frame: only the last of it looks different with an answer below.
    const from = settled === this.#drawn ? Math.max(0, settled.length - 2) : 0;
    this.#keep(messages, from);
    for (const {id} of messages.slice(this.#views.length)) this.#add(id);
    const last = messages.length - 1;
    backlog.begin(inFrame);
    let isLeft = false;
    for (let index = last; index >= from; index--) {
      // What is left of texts comes behind the last message, and before all others.
      if (index === last - 1) backlog.draw(this.#box);
      const message = messages[index]!;
      const view = this.#views[index]!;
      const isLast = index === last;
      const before = view.message;
      if (before === message && view.isLast === isLast) continue;
      // The last one is always looked at: its text is cut to what there is time for.
      if ((isLeft ||= backlog.isSpent && !isLast)) break;
      view.message = message;
      view.isLast = isLast;
      if (before?.status !== message.status || before.role !== message.role) this.#describe(view.element, message);
      backlog.take(messageLength);
      render(renderMessage(message, isLast, look, backlog, this), view.element);
    }
    if (last < 1) backlog.draw(this.#box);
    this.#drawn = isLeft ? undefined : settled;
    return isLeft || backlog.drawings.size > 0;
  }

  /** Shows growing texts at this pace from now on; `undefined`: as they come. */
  set pace(pace: typeof Pace | undefined) {
    this.#backlog.Pace = pace;
  }

  /** Lays out what was drawn. */
  layOut(): void {
    this.#backlog.layOut(this.#box);
  }

  /** Draws a call of a tool. `isLive`: its answer is on its way. */
  drawTool(element: HTMLElement, part: ToolCallPart, isLive: boolean): void {
    const {strings, onDecide} = this.#look!;
    this.loading ??= this.#load(import('./tool-card.js'), 'tools');
    this.#parts.drawToolCard?.(element, part, {strings, isLive, decide: (isAllowed) => onDecide(part.key, isAllowed)});
  }

  /** Draws the buttons under a message that is written. */
  drawActions(element: HTMLElement, message: Message, isLast: boolean): void {
    if (!this.#hasActions) void this.#load(import('./message-actions.js'), 'message-actions');
    this.#hasActions = true;
    this.#parts.drawActions?.(element, message, isLast, this.#look!.actions!);
  }

  async #load(part: Promise<Partial<TranscriptParts>>, name: string) {
    try {
      Object.assign(this.#parts, await part);
    } catch (error) {
      console.error(`<stream-chat> shows messages without what "${name}.js" draws: it could not be loaded.`, error);
    }
    this.#forget();
    this.#look?.onLoad();
  }

  /** Has all messages drawn anew. */
  #forget() {
    this.#drawn = undefined;
    for (const view of this.#views) view.message = undefined;
  }

  /** Removes the views from the first one on that is of another message. Those before `same` are known not to be. */
  #keep(messages: readonly Message[], same: number) {
    while (same < this.#views.length && this.#views[same]!.id === messages[same]?.id) same++;
    for (const {element} of this.#views.splice(same)) {
      let empty: Element = element;
      while (empty.parentElement !== this.#box && !empty.nextSibling && !empty.previousSibling) empty = empty.parentElement!;
      empty.remove();
    }
  }

  /** Says of a message what it is, for those who see it and those who do not. */
  #describe(element: HTMLElement, {role, status}: Message) {
    element.part.value = `message ${role}`;
    element.className = `message ${role} ${status}`;
    element.ariaLabel = authorOf(role, this.#look!.strings);
    element.ariaBusy = status === 'streaming' ? 'true' : null;
  }

  #add(id: string): View {
    const element = document.createElement('div');
    element.setAttribute('role', 'group');
    this.#groupFor(this.#views.length).append(element);
    const view = {id, element, message: undefined, isLast: false};
    this.#views.push(view);
    return view;
  }

  /** The group of the message at `index`: what is out of view costs what groups there are, and not what messages. */
  #groupFor(index: number): Element {
    let box: Element = this.#box;
    for (const length of groupLengths) {
      if (index % length === 0) {
        const group = document.createElement('div');
        group.className = 'group';
        box.append(group);
      }
      box = box.lastElementChild!;
    }
    return box;
  }
}

function authorOf(role: Role, strings: Strings): string {
  if (role === 'user') return strings.you;
  return role === 'system' ? strings.system : strings.assistant;
}

function renderMessage(message: Message, isLast: boolean, look: TranscriptLook, backlog: Backlog, transcript: Transcript): TemplateResult {
  const {strings} = look;
  // Sources are told of in between.
  const last = message.parts.findLastIndex(({type}) => type !== 'source');
  const isStreaming = message.status === 'streaming';
  return html`
    <span class="author">${authorOf(message.role, strings)}</span>
    ${message.parts.map((part, index) => renderPart(part, message, isStreaming && index === last, look, backlog, transcript))}
    ${renderSources(message, strings, look.context)}
    ${isStreaming && isAwaited(message) ? html`<span part="dots" class="dots" aria-hidden="true"><i></i><i></i><i></i></span>` : nothing}
    ${renderEnd(message, isLast, look)}
    ${
      look.actions && !isStreaming && message.role !== 'system'
        ? html`<div class="below" ${drawn((element) => transcript.drawActions(element, message, isLast))}></div>`
        : nothing
    }
  `;
}

function renderPart(
  part: Part,
  message: Message,
  isOpen: boolean,
  look: TranscriptLook,
  backlog: Backlog,
  transcript: Transcript,
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
        ${drawn((element) => transcript.drawTool(element, part, message.status === 'streaming'))}
      ></div>`;
    case 'file':
      return html`<div
        part="file"
        class="file"
        ${drawn((element) => void showFile(element, part, context, message.role === 'user'))}
      ></div>`;
    default:
      return nothing;
  }
}

/** What is said below a message of how it ended, with the buttons that help. */
function renderEnd(message: Message, isLast: boolean, look: TranscriptLook): TemplateResult | typeof nothing {
  const {status, reason, error, text} = message;
  const {strings} = look;
  const button = (part: string, label: string, onClick: () => void) =>
    isLast ? html`<button part=${part} class="retry" type="button" @click=${onClick}>${label}</button>` : nothing;
  const goOn = text ? button('continue', strings.continue, look.onContinue) : nothing;
  if (error) {
    const {code, retryAfter} = error;
    return html`<div part="error" class="error">
      <span>
        ${strings.error(code, dropInvisible(error.message))}
        ${retryAfter === undefined ? nothing : html`<span ${countdown(retryAfter, strings)}></span>`}
      </span>
      ${button('retry', strings.retry, look.onRetry)} ${code === 'interrupted' ? goOn : nothing}
    </div>`;
  }
  const usage = look.details ? renderUsage(message, strings) : nothing;
  const note = (words: string, ...buttons: unknown[]) => html`<div part="note" class="note">${words} ${buttons}</div>${usage}`;
  if (status === 'stopped') return note(strings.stopped, button('retry', strings.regenerate, look.onRetry), goOn);
  if (reason === 'length') return note(strings.lengthReached, goOn);
  return reason === 'content-filter' ? note(strings.filtered) : usage;
}
