import type {ToolCallPart} from '../model/conversation.js';
import type {Strings} from '../locales/en.js';
import {revealInvisible} from '../lib/reveal-invisible.js';
import {parseJson, PartialJson} from '../chat/partial-json.js';
import {addToolStyles} from './tool-card.styles.js';

/** Clicks this soon after the question appeared are not meant for it, in milliseconds. */
const clickGuard = 500;
/** Characters that are drawn of arguments that stream, and of a result. */
const maxDrawn = 65_536;

/** What a card is drawn with. */
export interface ToolCardContext {
  readonly strings: Strings;
  /** Whether the answer is on its way: else what has not come never will. */
  readonly isLive: boolean;
  readonly decide: (isAllowed: boolean) => void;
}

const cards = new WeakMap<HTMLElement, ToolCard>();

/** Draws a call into an element, or what is new of it. */
export function drawToolCard(element: HTMLElement, part: ToolCallPart, context: ToolCardContext): void {
  let card = cards.get(element);
  if (!card) {
    cards.set(element, (card = new ToolCard()));
    element.replaceChildren(card.root);
  }
  addToolStyles(element.getRootNode());
  card.draw(part, context);
}

/** Built of nodes by hand: a part has no templates of its own, which would need a second copy of Lit. */
class ToolCard {
  readonly root = document.createDocumentFragment();

  #header = create('div', 'tool-header');
  #name = create('code', 'tool-name');
  #state = create('span', 'tool-state');
  #arguments = create('pre', 'tool-arguments');
  #result = create('details', 'tool-result');
  #summary = create('summary');
  #output = create('pre');
  #question = create('div', 'tool-question');
  #partial = new PartialJson();
  #part: ToolCallPart | undefined;
  #context: ToolCardContext | undefined;

  constructor() {
    // The space separates the words where they are read as one text.
    this.#header.append(this.#name, ' ', this.#state);
    this.#header.tabIndex = -1;
    this.#result.append(this.#summary, this.#output);
    this.#arguments.dir = this.#output.dir = 'ltr';
    this.root.append(this.#header, this.#arguments, this.#question, this.#result);
  }

  draw(part: ToolCallPart, context: ToolCardContext) {
    const before = this.#part;
    const {strings, isLive} = context;
    if (before === part && this.#context?.isLive === isLive && this.#context.strings === strings) return;
    this.#part = part;
    this.#context = context;
    const {name, state, error, result} = part;
    setText(this.#name, revealInvisible(name));
    setText(this.#state, stateText(part, context));
    if (before?.arguments !== part.arguments || before.state !== state) this.#drawArguments(part);

    this.#arguments.hidden = this.#arguments.textContent === '';
    const isAsking = isLive && state === 'asking';
    if (isAsking !== this.#question.hasChildNodes()) {
      const hadFocus = this.#question.matches(':focus-within');
      this.#question.replaceChildren(...(isAsking ? this.#ask(strings) : []));
      // The button that had the focus is gone: it stays here, not at the top of the page.
      if (hadFocus) this.#header.focus();
    }
    this.#question.hidden = !isAsking;

    const text = error ?? (result === undefined || result === null ? '' : pretty(result));
    this.#result.hidden = text === '';
    setText(this.#summary, error === undefined ? strings.toolResult : strings.toolError);
    setText(this.#output, revealInvisible(text.length > maxDrawn ? `${text.slice(0, maxDrawn)}…` : text));
    for (const box of [this.#arguments, this.#output]) box.tabIndex = isLong(box.textContent) ? 0 : -1;
  }

  #drawArguments({arguments: text, state}: ToolCallPart) {
    let value: unknown;
    if (state === 'streaming') value = this.#partial.read(text);
    else {
      try {
        value = parseJson(text || '{}');
      } catch {
        // Cut off, or no JSON: it is shown as it is.
        value = undefined;
      }
    }
    const isEmpty = typeof value === 'object' && value !== null && Object.keys(value).length === 0;
    const shown = value === undefined ? text : isEmpty ? '' : pretty(value);
    // What the person is asked to allow is shown whole.
    const drawn = state === 'streaming' && shown.length > maxDrawn ? `…${shown.slice(-maxDrawn)}` : shown;
    setText(this.#arguments, revealInvisible(drawn));
  }

  /** Neither button has the focus, and the first clicks do not count: a person may be clicking where it appeared. */
  #ask(strings: Strings): HTMLElement[] {
    const since = performance.now();
    const createButton = (label: string, isAllowed: boolean) => {
      const button = create('button', isAllowed ? 'tool-allow' : 'tool-deny');
      button.type = 'button';
      button.textContent = label;
      button.addEventListener('click', (event) => {
        if (event.isTrusted && performance.now() - since >= clickGuard) this.#context?.decide(isAllowed);
      });
      return button;
    };
    const text = create('span');
    text.textContent = strings.toolQuestion;
    return [text, createButton(strings.toolDeny, false), createButton(strings.toolAllow, true)];
  }
}

/** Whether a box scrolls, which has to be possible by keyboard. */
function isLong(text: string): boolean {
  return text.length > 400 || text.split('\n', 9).length > 8;
}

function stateText({state, server}: ToolCallPart, {strings, isLive}: ToolCardContext): string {
  if (state === 'done') return strings.toolDone;
  if (state === 'failed') return strings.toolFailed;
  if (!isLive) return server ? '' : strings.toolNotRun;
  if (state === 'asking') return strings.toolAsking;
  return state === 'streaming' ? strings.toolStreaming : strings.toolRunning;
}

function pretty(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value, undefined, 2);
}

function create<K extends keyof HTMLElementTagNameMap>(name: K, part?: string): HTMLElementTagNameMap[K] {
  const element = document.createElement(name);
  if (part) element.part.add(part);
  return element;
}

function setText(element: HTMLElement, text: string) {
  if (element.textContent !== text) element.textContent = text;
}
