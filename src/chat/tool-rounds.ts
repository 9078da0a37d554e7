import {loadModule} from '../lib/load-module.js';
import {applyDelta, createAnswer, joinRounds, updateToolCallByKey, type Delta, type Message, type ToolCallPart} from '../model/conversation.js';
import {StreamChatError} from '../model/errors.js';
import type {ChatHost} from './chat-host.js';
import {AnswerErrorEvent, ToolCallEvent} from './events.js';
import type {SavedAnswer} from './saved-answer.js';

/** What the loop over rounds needs from its answer. */
export interface ToolLoop {
  readonly host: Pick<ChatHost, 'tools' | 'maxRounds' | 'dispatchEvent'>;
  /** Aborts when the answer is stopped. */
  readonly signal: AbortSignal;
  /** Streams the current round. Resolves to whether its tool calls may run. */
  readonly streamRound: () => Promise<boolean>;
  /** Called before the tools run. */
  readonly onToolsStart: () => void;
  /** Called when the next round becomes the current one. */
  readonly onNextRound: () => void;
}

/**
 * The rounds of one answer: model calls with tool calls between them. Keeps the message of the current round apart from
 * those before it, because wire formats count text and tool calls from the start of a round.
 */
export class ToolRounds {
  /** Index of the current round; 0 is the first. */
  index: number;

  #current: Message;
  /** The rounds before the current one, joined. */
  #previous: Message;
  /** All rounds joined; `undefined` until it is read. */
  #joined: Message | undefined;
  #onChange: () => void;
  /** Resolvers of the calls that wait for the user's confirmation, by key. */
  #pendingConfirmations = new Map<string, (isAllowed: boolean) => void>();

  /** `current` is the message of the first round, or of the one that is resumed. */
  constructor(current: Message, saved: SavedAnswer['rounds'], onChange: () => void) {
    this.index = saved?.number ?? 0;
    this.#current = current;
    this.#previous = saved?.before ?? createAnswer(current.id, current.createdAt);
    this.#onChange = onChange;
  }

  /** The answer so far: all rounds joined. */
  get message(): Message {
    return (this.#joined ??= this.index > 0 ? joinRounds(this.#previous, this.#current) : this.#current);
  }

  /** Message of the current round. */
  get current(): Message {
    return this.#current;
  }

  set current(message: Message) {
    if (message === this.#current) return;
    this.#current = message;
    this.#changed();
  }

  /** Key for the idempotency of the current round's request. */
  get idempotencyKey(): string {
    const {id} = this.#current;
    return this.index > 0 ? `${id}-${this.index}` : id;
  }

  /** Returns what is stored if there are several rounds. */
  save(): SavedAnswer['rounds'] {
    return this.index > 0 ? {number: this.index, before: this.#previous, current: this.#current} : undefined;
  }

  /** Sets the final message of the answer. */
  complete(message: Message): void {
    this.#joined = message;
  }

  /**
   * Streams rounds and runs the tool calls of each, until one has none. Resolves to whether the model has received the
   * results of all calls.
   */
  async run(loop: ToolLoop): Promise<boolean> {
    const {signal} = loop;
    for (;;) {
      const mayRun = await loop.streamRound();
      if (signal.aborted) return true;
      const calls = this.#endRound();
      if (!mayRun || calls.length === 0) return true;
      const hasResults = await this.#runCalls(calls, loop);
      if (signal.aborted) return true;
      if (!hasResults) return false;
      this.#startNext();
      loop.onNextRound();
    }
  }

  /** Resolves the confirmation of a tool call. */
  confirmToolCall(key: string, isAllowed: boolean): void {
    this.#pendingConfirmations.get(key)?.(isAllowed);
  }

  /** Returns a delta with a key that is unique in the answer: decoders count the calls of a round. */
  withUniqueKey(delta: Extract<Delta, {type: 'tool-call'}>): Delta {
    return this.index > 0 ? {...delta, key: `${this.index}:${delta.key}`} : delta;
  }

  /** Applies the result of a tool call of an earlier round: some agents report them late. */
  applyToEarlierRound(delta: Extract<Delta, {type: 'tool-result'}>): void {
    if (this.index === 0) return;
    const isCurrent = this.#current.parts.some((part) => part.type === 'tool-call' && part.id === delta.id);
    if (isCurrent) return;
    this.#previous = applyDelta(this.#previous, delta);
    this.#changed();
  }

  /** Gives each tool call of the current round an id and its round. Returns the calls that need results. */
  #endRound(): readonly ToolCallPart[] {
    const {index} = this;
    const {id, reason} = this.#current;
    const parts = this.#current.parts.map((part) =>
      part.type === 'tool-call' ? {...part, id: part.id || `call_${id}_${part.key}`, ...(index > 0 && {round: index})} : part,
    );
    this.current = {...this.#current, parts};
    if (reason === 'content-filter' || reason === 'aborted') return [];
    const calls = parts.filter(
      (part): part is ToolCallPart =>
        part.type === 'tool-call' && !part.server && (part.state === 'streaming' || part.state === 'called'),
    );
    return reason === 'length' && calls.some((call) => isIncompleteJson(call.arguments)) ? [] : calls;
  }

  /** Runs the calls of a round. Resolves to whether all have a result, so that the model can continue. */
  async #runCalls(calls: readonly ToolCallPart[], {host, signal, onToolsStart}: ToolLoop): Promise<boolean> {
    if (this.index >= host.maxRounds) {
      const limit = `${host.maxRounds} tool rounds (max-rounds)`;
      throw new StreamChatError('tool', `The model exceeded the limit of ${limit} and was stopped.`);
    }
    const {runTools} = await loadModule(import('./run-tools.js'), 'tools');
    onToolsStart();
    return runTools({
      calls,
      tools: host.tools ?? [],
      signal,
      dispatch: (detail) => {
        const event = new ToolCallEvent(detail);
        host.dispatchEvent(event);
        return event;
      },
      confirm: (key, description) =>
        new Promise((resolve) => {
          this.#pendingConfirmations.set(key, resolve);
          // For the announcer; not a public event.
          host.dispatchEvent(new CustomEvent('tool-confirmation', {detail: description}));
          signal.addEventListener('abort', () => resolve(false));
        }),
      update: (key, change) => {
        if (!signal.aborted) this.current = updateToolCallByKey(this.#current, key, change);
      },
      fail: (message, cause) => {
        const error = new StreamChatError('tool', message, {cause});
        host.dispatchEvent(new AnswerErrorEvent({error, message: this.message}));
      },
    });
  }

  #startNext() {
    const {message} = this;
    this.index++;
    this.#previous = message;
    this.#current = createAnswer(message.id, message.createdAt);
    this.#joined = undefined;
  }

  #changed() {
    this.#joined = undefined;
    this.#onChange();
  }
}

/** Whether the arguments of a call are incomplete or missing. */
function isIncompleteJson(json: string): boolean {
  try {
    JSON.parse(json);
    return false;
  } catch {
    return true;
  }
}
