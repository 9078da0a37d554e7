import {applyDelta, createAnswer, type Delta, type Message} from '../model/conversation.js';
import {lengthOf, textOf} from './delta-event.js';
import type {TextKind} from './events.js';

/**
 * Where a replay is relative to the visible text. `behind`: a prefix of it so far. `caught-up`: it matches and has
 * everything that is visible. `differs`: the server's record of the answer is not what is visible. `foreign`: the model
 * was asked again, so that nothing of it belongs to this answer.
 */
export type ReplayState = 'behind' | 'caught-up' | 'differs' | 'foreign';

/** Text that a replay has in addition to the visible text. */
export interface ReplayAddition {
  readonly kind: TextKind;
  readonly text: string;
}

/**
 * An answer that the server resends from its start, accumulated next to the visible text. Once it has caught up and
 * matches, it replaces that text without a `reset`; if it differs, with one.
 */
export class Replay {
  /** The answer as resent so far. */
  message: Message;

  #mismatch: 'differs' | 'foreign';

  /** `method` of the request for the replay: a `GET` reads the server's record, a `POST` may have asked the model again. */
  constructor({id, createdAt}: Message, method: string) {
    this.#mismatch = method === 'GET' ? 'differs' : 'foreign';
    this.message = createAnswer(id, createdAt);
  }

  /** Applies a resent delta. Returns where the replay is then, relative to `visible`. */
  apply(delta: Delta, visible: Message): ReplayState {
    const before = this.message;
    const replay = (this.message = applyDelta(before, delta));
    if (replay === before) return 'behind';
    // Compares only the new text of the replay, so that a long one costs no more than its length.
    const added = replay.text.slice(before.text.length, visible.text.length);
    if (!visible.text.startsWith(added, before.text.length)) return this.#mismatch;
    const hasText = replay.text.length >= visible.text.length;
    return hasText && lengthOf(replay, 'reasoning') >= lengthOf(visible, 'reasoning') ? 'caught-up' : 'behind';
  }

  /**
   * Returns where the replay is at the end of the round. One that ended before it caught up is another answer, unless no
   * text is missing.
   */
  end(visible: Message): Exclude<ReplayState, 'behind'> {
    return this.message.text === visible.text ? 'caught-up' : this.#mismatch;
  }

  /** Returns what a replay that has caught up has in addition to `visible`. */
  additions(visible: Message): readonly ReplayAddition[] {
    const additions: ReplayAddition[] = [];
    const visibleReasoning = textOf(visible, 'reasoning');
    const reasoning = textOf(this.message, 'reasoning');
    if (reasoning.length > visibleReasoning.length && reasoning.startsWith(visibleReasoning)) {
      additions.push({kind: 'reasoning', text: reasoning.slice(visibleReasoning.length)});
    }
    const text = this.message.text.slice(visible.text.length);
    if (text !== '') additions.push({kind: 'text', text});
    return additions;
  }
}
