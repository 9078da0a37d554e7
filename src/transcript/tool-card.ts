import type {ToolCallPart} from '../model/conversation.js';
import type {ToolCallDetail, ToolCallEvent} from '../chat/events.js';
import type {Strings} from '../locales/en.js';
import type {ToolDescription} from '../protocols/protocol.js';
import {parseJson, PartialJson} from '../chat/structured.js';
import {addToolStyles} from './tool-card.styles.js';

/** Seconds that a tool may take, where it says nothing else. */
const defaultTimeout = 60;
/** Clicks this soon after the question appeared are not meant for it, in milliseconds. */
const clickGuard = 500;
/** Characters that are drawn of arguments that stream, and of a result. */
const maxDrawn = 65_536;

/** What a tool is told beside its arguments. */
export interface ToolContext {
  readonly id: string;
  readonly name: string;
  /** Aborts when the person stops the answer, and when the time is over. */
  readonly signal: AbortSignal;
}

/** A tool that the model may call. */
export interface Tool extends ToolDescription {
  /** Returns the result, something that can be written as JSON, or a promise of it. Without it `toolcall` has to answer. */
  // A method, so that a tool may say what its own arguments are.
  execute?(args: Readonly<Record<string, unknown>>, context: ToolContext): unknown;
  /** The person has to allow each call. */
  readonly confirm?: boolean;
  /** Seconds that a call may take, beyond the wait for the person. 0: as long as it likes. */
  readonly timeout?: number;
}

/** What the calls of one turn are run with. */
export interface ToolRun {
  readonly calls: readonly ToolCallPart[];
  readonly tools: readonly Tool[];
  readonly signal: AbortSignal;
  /** Dispatches `toolcall`. */
  readonly dispatch: (detail: ToolCallDetail) => ToolCallEvent;
  /** Resolves to whether the person allows the call. */
  readonly ask: (key: string) => Promise<boolean>;
  readonly update: (key: string, change: Partial<ToolCallPart>) => void;
  /** Tells the page of a tool that failed. */
  readonly fail: (message: string, cause: unknown) => void;
}

/** Runs the calls of one turn, all at once. Resolves to whether all have a result; never rejects. */
export async function runTools(run: ToolRun): Promise<boolean> {
  const answered = await Promise.all(run.calls.map((call) => runTool(call, run)));
  return answered.every(Boolean);
}

async function runTool(call: ToolCallPart, run: ToolRun): Promise<boolean> {
  const {key, id, name} = call;
  const {tools, signal, update} = run;
  const tool = tools.find((known) => known.name === name);
  const fail = (error: string, cause?: unknown) => {
    if (signal.aborted) return true;
    update(key, {state: 'failed', error});
    run.fail(`The tool "${name}" failed: ${error}`, cause);
    return true;
  };

  let args: Readonly<Record<string, unknown>>;
  try {
    args = parseJson(call.arguments || '{}') as typeof args;
  } catch (cause) {
    return fail('The arguments are no JSON.', cause);
  }
  if (tool?.confirm) {
    update(key, {state: 'asking'});
    const isAllowed = await run.ask(key);
    if (signal.aborted) return true;
    if (!isAllowed) {
      update(key, {state: 'failed', error: 'The person did not allow this call.'});
      return true;
    }
  }
  update(key, {state: 'running'});
  const controller = new AbortController();
  const stop = () => controller.abort(signal.reason);
  signal.addEventListener('abort', stop, {once: true});
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    const event = run.dispatch({id, name, arguments: args});
    if (!event.response && !tool?.execute) {
      update(key, {state: 'called'});
      return false;
    }
    // What the page answers by an event may be a person's: it takes the time it takes, unless the tool has a limit.
    const seconds = tool?.timeout ?? (event.response ? 0 : defaultTimeout);
    const over = new Promise<never>((_, reject) => {
      controller.signal.addEventListener('abort', () => reject(asError(controller.signal.reason)));
      if (seconds > 0 && seconds < Infinity) {
        timer = setTimeout(() => controller.abort(new Error(`It did not answer within ${seconds} s.`)), seconds * 1000);
      }
    });
    const context = {id, name, signal: controller.signal};
    const result = await Promise.race([event.response ?? execute(tool!, args, context), over]);
    update(key, {state: 'done', result: plain(result)});
    return true;
  } catch (cause) {
    return fail(asError(cause).message, cause);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  }
}

async function execute(tool: Tool, args: Readonly<Record<string, unknown>>, context: ToolContext): Promise<unknown> {
  return tool.execute!(args, context);
}

function asError(cause: unknown): Error {
  return cause instanceof Error ? cause : new Error(String(cause));
}

/** Returns what a result is when it is written as JSON: it is stored, sent and drawn. Throws where it cannot be. */
function plain(result: unknown): unknown {
  if (result === undefined) return null;
  const json = JSON.stringify(result) as string | undefined;
  if (json === undefined) throw new Error(`Its result, a ${typeof result}, cannot be written as JSON.`);
  return JSON.parse(json) as unknown;
}

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
    this.#header.append(this.#name, this.#state);
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
    setText(this.#name, reveal(name));
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
    setText(this.#output, reveal(text.length > maxDrawn ? `${text.slice(0, maxDrawn)}…` : text));
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
    setText(this.#arguments, reveal(drawn));
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

// Format and control characters, fillers, variation selectors, and spaces and line ends that look like others.
const invisible =
  /(?![ \n\t])[\p{C}\p{Z}\p{Variation_Selector}]|\u115f|\u1160|\u17b4|\u17b5|\u2800|\u3164|\uffa0/gu;

/** Writes characters that a person would not see, or that change how others are read, as their numbers. */
function reveal(text: string): string {
  return text.replace(invisible, (character) => `⟨U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}⟩`);
}

function create<K extends keyof HTMLElementTagNameMap>(name: K, part?: string): HTMLElementTagNameMap[K] {
  const element = document.createElement(name);
  if (part) element.part.add(part);
  return element;
}

function setText(element: HTMLElement, text: string) {
  if (element.textContent !== text) element.textContent = text;
}
