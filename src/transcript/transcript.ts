// Over 300 lines because a message's views, its template and what replaces it after an exception share the render queue.
import {html, nothing, render, type TemplateResult} from 'lit';

import {RenderQueue} from './render-queue.js';
import type {Message, Part, ToolCallPart} from '../model/conversation.js';
import {stripInvisible} from '../lib/strip-invisible.js';
import type {Strings} from '../locales/en.js';
import type {ActionsContext, drawActions} from './message-actions.js';
import {authorOf} from './author-of.js';
import type {Pace} from './pace.js';
import type {CreateRenderer, RenderContext} from '../renderers/renderer.js';
import {renderParts} from './part-groups.js';
import {streamInto} from './stream-into.js';
import type {drawToolCard} from './tool-card.js';
import {drawFileCard} from './file-card-loader.js';
import {
  countdown,
  disable,
  isLong,
  needsTypingIndicator,
  renderFold,
  renderReasoning,
  renderSources,
  renderUsage,
  showSeconds,
  withElement,
} from './transcript-parts.js';

/** How messages are rendered. A new object re-renders all of them. */
export interface TranscriptOptions {
  readonly strings: Strings;
  readonly createRenderer: CreateRenderer;
  readonly plain: CreateRenderer;
  readonly context: RenderContext;
  /** Whether token counts and speed are shown below an answer. */
  readonly details: boolean;
  /** Context of the action buttons below messages; `undefined` shows none. */
  readonly actions?: ActionsContext | undefined;
  /** Loads what draws these buttons. Resolves to nothing if its file is missing, which was reported then. */
  readonly loadActions: () => Promise<Partial<LazyModules>>;
  /** Called when the user activates Retry, or Regenerate below a stopped answer. */
  readonly onRetry: () => void;
  /** Called when the user activates Continue below an answer that ended early. */
  readonly onContinue: () => void;
  /** Called when the user allows or denies a tool call. */
  readonly onDecide: (key: string, isAllowed: boolean) => void;
  /** Called when a message, or the renderer of its text, has thrown. */
  readonly onFault: (cause: unknown) => void;
  /** Called when a lazy module was loaded, so that the messages are drawn again. */
  readonly onLoad: () => void;
}

/** Functions of lazy modules, loaded on first use. */
interface LazyModules {
  readonly drawToolCard: typeof drawToolCard;
  readonly drawActions: typeof drawActions;
}

/** Cost of a message in addition to its text, in characters. */
const messageOverhead = 128;

/** Number of messages in an outermost group, in a group inside it, and in an innermost group. Styles depend on the depth. */
const groupLengths = [512, 64, 8];

interface View {
  readonly id: string;
  element: HTMLElement;
  message: Message | undefined;
  /** Whether rendering has thrown, and only the text is shown. */
  isFaulty: boolean;
  isLast: boolean;
}

/**
 * Renders the messages into a box, one element each. A message whose object was rendered before is skipped, so the cost
 * of an animation frame depends on what changed, not on the length of the conversation.
 */
export class Transcript {
  /** Resolves when the lazy module that messages need is loaded; `undefined` until one is needed. */
  loading: Promise<void> | undefined;
  /** Number of times that all messages were marked for rendering. */
  revision = 0;

  #box: HTMLElement;
  #views: View[] = [];
  /** The array of completed messages that was rendered, if all of them were. */
  #renderedMessages: readonly Message[] | undefined;
  #options: TranscriptOptions | undefined;
  #queue = new RenderQueue();
  #modules: Partial<LazyModules> = {};
  #hasActions = false;

  constructor(box: HTMLElement) {
    this.#box = box;
  }

  /**
   * Renders the messages, the last ones first, within a time budget: less in an animation frame than in a task between
   * two. `completedMessages`: those that do not change any more, the same array until one is added or removed. Returns
   * whether something is left.
   */
  draw(messages: readonly Message[], completedMessages: readonly Message[], options: TranscriptOptions, inAnimationFrame: boolean): boolean {
    const queue = this.#queue;
    if (options !== this.#options) this.#invalidate();
    this.#options = options;
    // Do not iterate over the whole conversation each time: only the last two completed messages can look different.
    const from = completedMessages === this.#renderedMessages ? Math.max(0, completedMessages.length - 2) : 0;
    this.#removeStaleViews(messages, from);
    for (const {id} of messages.slice(this.#views.length)) this.#appendView(id);
    const last = messages.length - 1;
    queue.onFault = options.onFault;
    queue.startSlice(inAnimationFrame);
    let isLeft = false;
    for (let index = last; index >= from; index--) {
      // Pending text is drawn after the last message, and before all others.
      if (index === last - 1) queue.draw(this.#box);
      const message = messages[index]!;
      const view = this.#views[index]!;
      const isLast = index === last;
      const before = view.message;
      if (before === message && view.isLast === isLast) continue;
      // The last message is always rendered: its text is limited by the budget.
      if ((isLeft ||= queue.isSpent && !isLast)) break;
      view.message = message;
      view.isLast = isLast;
      if (before?.status !== message.status || before.role !== message.role) this.#updateAttributes(view.element, message);
      queue.spend(messageOverhead);
      this.#render(view, message, options);
    }
    if (last < 1) queue.draw(this.#box);
    this.#renderedMessages = isLeft ? undefined : completedMessages;
    return isLeft || queue.pendingTexts.size > 0;
  }

  /** Limits how fast growing texts are shown from now on; `undefined` shows everything received. */
  set pace(pace: typeof Pace | undefined) {
    this.#queue.Pace = pace;
  }

  /** Forces layout of what was rendered, and adapts the time budget. */
  forceLayout(): void {
    this.#queue.forceLayout(this.#box);
  }

  /** Draws the card of a tool call. `isLive`: its answer is in progress. */
  drawTool(element: HTMLElement, part: ToolCallPart, isLive: boolean): void {
    const {strings, onDecide} = this.#options!;
    this.loading ??= this.#load(import('./tool-card.js'), 'tool-card');
    this.#modules.drawToolCard?.(element, part, {strings, isLive, decide: (isAllowed) => onDecide(part.key, isAllowed)});
  }

  /** Draws the action buttons below a complete message. */
  drawActions(element: HTMLElement, message: Message, isLast: boolean): void {
    if (!this.#hasActions) void this.#load(this.#options!.loadActions(), 'deferred');
    this.#hasActions = true;
    this.#modules.drawActions?.(element, message, isLast, this.#options!.actions!);
  }

  async #load(module: Promise<Partial<LazyModules>>, name: string) {
    try {
      Object.assign(this.#modules, await module);
    } catch (error) {
      console.error(`<stream-chat> shows messages without what "${name}.js" draws, because it could not be loaded.`, error);
    }
    this.#invalidate();
    this.#options?.onLoad();
  }

  /** Marks all messages for rendering. */
  #invalidate() {
    this.revision++;
    this.#renderedMessages = undefined;
    for (const view of this.#views) {
      view.message = undefined;
      view.isFaulty = false;
    }
  }

  /** Renders a message. An exception is contained to it: its text is shown as plain text, with a note. */
  #render(view: View, message: Message, options: TranscriptOptions) {
    if (!view.isFaulty) {
      try {
        return void render(renderMessage(message, view.isLast, options, this.#queue, this), view.element);
      } catch (cause) {
        view.isFaulty = true;
        options.onFault(cause);
        // Lit cannot render into what the exception has left.
        const element = createMessageElement();
        view.element.replaceWith(element);
        view.element = element;
        this.#updateAttributes(element, message);
      }
    }
    render(renderFaulty(message, options, this.#queue), view.element);
  }

  /** Removes all views from the first one that shows another message. The views before `same` are known to match. */
  #removeStaleViews(messages: readonly Message[], same: number) {
    while (same < this.#views.length && this.#views[same]!.id === messages[same]?.id) same++;
    for (const {element} of this.#views.splice(same)) {
      let empty: Element = element;
      while (empty.parentElement !== this.#box && !empty.nextSibling && !empty.previousSibling) empty = empty.parentElement!;
      empty.remove();
    }
  }

  /** Sets the part, class and ARIA attributes that describe the message. */
  #updateAttributes(element: HTMLElement, {role, status}: Message) {
    element.part.value = `message ${role}`;
    element.className = `message ${role} ${status}`;
    element.ariaBusy = status === 'streaming' ? 'true' : null;
  }

  #appendView(id: string): View {
    const element = createMessageElement();
    this.#groupFor(this.#views.length).append(element);
    const view = {id, element, message: undefined, isFaulty: false, isLast: false};
    this.#views.push(view);
    return view;
  }

  /** Returns the innermost group of the message at `index`. Messages out of view cost per group, not per message. */
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

function createMessageElement(): HTMLElement {
  const element = document.createElement('div');
  // Without a name, or the author would be read twice: its heading follows.
  element.setAttribute('role', 'article');
  return element;
}

function renderMessage(message: Message, isLast: boolean, options: TranscriptOptions, queue: RenderQueue, transcript: Transcript): TemplateResult {
  const {strings} = options;
  // Sources can arrive between two parts of a text.
  const last = message.parts.findLastIndex(({type}) => type !== 'source');
  const isStreaming = message.status === 'streaming';
  const openIndex = isStreaming ? last : -1;
  return html`
    <h2 class="author">${authorOf(message.role, strings)}</h2>
    ${renderParts({
      parts: message.parts,
      openIndex,
      dependencies: [options, message.status, message.role, transcript.revision],
      renderPart: (part, index) => renderPart(part, message, index === openIndex, options, queue, transcript),
    })}
    ${renderSources(message, strings, options.context)}
    ${isStreaming && needsTypingIndicator(message) ? html`<span part="dots" class="dots" aria-hidden="true"><i></i><i></i><i></i></span>` : nothing}
    ${renderFooter(message, isLast, options)}
    ${
      options.actions && !isStreaming && message.role !== 'system'
        ? html`<div class="below" ${withElement((element) => transcript.drawActions(element, message, isLast))}></div>`
        : nothing
    }
  `;
}

/** Renders a message that could not be rendered otherwise: its text, and a note. */
function renderFaulty(message: Message, {strings, plain, context}: TranscriptOptions, queue: RenderQueue): TemplateResult {
  return html`
    <h2 class="author">${authorOf(message.role, strings)}</h2>
    <div part="text" class="text plain" dir="auto" ${streamInto(message.text, message.status !== 'streaming', plain, context, queue)}></div>
    <div part="note" class="note">${strings.notShown}</div>
  `;
}

function renderPart(
  part: Part,
  message: Message,
  isOpen: boolean,
  options: TranscriptOptions,
  queue: RenderQueue,
  transcript: Transcript,
): TemplateResult | typeof nothing {
  const {strings, createRenderer, plain, context} = options;
  switch (part.type) {
    case 'text':
    case 'refusal': {
      const textRenderer = message.role === 'user' || part.type === 'refusal' ? plain : createRenderer;
      const isFolded = message.role === 'user' && isLong(part.text);
      return html`<div
          part="text"
          class="text ${textRenderer === plain ? 'plain' : ''} ${isFolded ? 'folded' : ''}"
          dir="auto"
          ${streamInto(part.text, !isOpen, textRenderer, context, queue)}
        ></div>
        ${isFolded ? renderFold(strings) : nothing}`;
    }
    case 'reasoning':
      return renderReasoning(
        part,
        isOpen,
        strings,
        html`<div dir="auto" class="plain" ${streamInto(part.text, !isOpen, plain, context, queue)}></div>`,
      );
    case 'tool-call':
      return html`<div
        part="tool"
        class="tool ${part.state}"
        ${withElement((element) => transcript.drawTool(element, part, message.status === 'streaming'))}
      ></div>`;
    case 'file':
      return html`<div
        part="file"
        class="file"
        ${withElement((element) => void drawFileCard(element, part, context, message.role === 'user'))}
      ></div>`;
    default:
      return nothing;
  }
}

/** Renders how a message ended, if it was not as expected, with the buttons that help, and the token counts. */
function renderFooter(message: Message, isLast: boolean, options: TranscriptOptions): TemplateResult | typeof nothing {
  const {status, reason, error, text} = message;
  const {strings} = options;
  const button = (part: string, label: string, onClick: () => void, delay = 0) =>
    isLast
      ? html`<button part=${part} class="retry" type="button" @click=${onClick} ${countdown(delay, disable)}>${label}</button>`
      : nothing;
  const continueButton = text ? button('continue', strings.continue, options.onContinue) : nothing;
  if (error) {
    const {code, retryAfter, retryable, kind} = error;
    const retry = retryable ? button('retry', strings.retry, options.onRetry, retryAfter) : nothing;
    return html`<div part="error" class="error">
      <span>
        ${strings.error(code, stripInvisible(error.message), kind)}
        ${retryAfter === undefined ? nothing : html`<span ${countdown(retryAfter, showSeconds(strings))}></span>`}
      </span>
      ${retry} ${code === 'interrupted' ? continueButton : nothing}
    </div>`;
  }
  const usage = options.details ? renderUsage(message, strings) : nothing;
  const note = (words: string, ...buttons: unknown[]) => html`<div part="note" class="note">${words} ${buttons}</div>${usage}`;
  if (status === 'stopped') return note(strings.stopped, button('retry', strings.regenerate, options.onRetry), continueButton);
  if (reason === 'length') return note(strings.lengthReached, continueButton);
  return reason === 'content-filter' ? note(strings.filtered) : usage;
}
