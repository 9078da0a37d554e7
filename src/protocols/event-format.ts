import type {Delta} from '../model/conversation.js';
import type {Frame} from '../wire/framing.js';
import {asRecord, type Protocol} from './protocol.js';
import type {Deltas} from './deltas.js';

type Json = Readonly<Record<string, unknown>>;

/** Reads the events of one answer. State lives in the closure that creates it. */
export type ReadEvent = (event: Json, frame: Frame) => Iterable<Delta>;

/** What a format has besides the function that reads its events. */
export interface EventFormatOptions extends Omit<Protocol, 'createDecoder'> {
  /** The format has no end marker, so that the end of the body completes an answer. */
  readonly endsWithBody?: boolean;
  /** Pieces of text may be all the text so far. */
  readonly mayBeCumulative?: boolean;
}

/** Output after which an earlier finish reason was that of a round. */
const outputTypes: ReadonlySet<Delta['type']> = new Set(['text', 'reasoning', 'tool-call']);

/**
 * Creates a format whose frames are JSON objects, of which only the reading differs: `[DONE]` ends the answer, text
 * between the objects is skipped, and a finish reason that no output follows proves the answer complete.
 */
export function createEventFormat(createReader: () => ReadEvent, options: EventFormatOptions = {}): Protocol {
  const {endsWithBody = false, mayBeCumulative = false, ...protocol} = options;
  return {
    ...protocol,
    createDecoder() {
      const read = createReader();
      let finished = false;
      let failed = false;
      return {
        mayBeCumulative,
        *decode(frame): Deltas {
          if (frame.data.trim() === '[DONE]') return yield {type: 'end'};
          if (frame.event === 'bare' || frame.data === '') return;
          for (const delta of read(asRecord(frame.json), frame)) {
            finished = delta.type === 'finish' || (finished && !outputTypes.has(delta.type));
            failed ||= delta.type === 'error';
            yield delta;
          }
        },
        end: () => ((finished || endsWithBody) && !failed ? [{type: 'end'}] : []),
        isWhole: () => finished && !failed,
      };
    },
  };
}

/** The text of one message at a time, whose pieces the server may repeat as a whole message. */
export interface MessageText {
  /** Whether there was text in any message. */
  readonly hasText: boolean;
  /** Emits a piece. */
  add(type: 'text' | 'reasoning', piece: string): Deltas;
  /** Emits what a whole message adds to its pieces, and begins the next message. */
  settle(type: 'text' | 'reasoning', whole: string): Deltas;
  /** Begins the next message. */
  next(): void;
}

/** Creates the text of one answer, which may have several messages. */
export function createMessageText(): MessageText {
  const before = {text: '', reasoning: ''};
  const current = {text: '', reasoning: ''};
  return {
    get hasText() {
      return before.text + current.text !== '';
    },
    *add(type, piece): Deltas {
      current[type] += piece;
      if (piece !== '') yield {type, text: piece};
    },
    *settle(type, whole): Deltas {
      const pieces = current[type];
      current[type] = '';
      // White space at the ends is not part of some whole messages.
      if (whole === '' || whole.trim() === pieces.trim()) {
        before[type] += pieces;
        return;
      }
      before[type] += whole;
      if (whole.startsWith(pieces)) yield {type, text: whole.slice(pieces.length)};
      else yield {type: 'replace', text: before[type], kind: type};
    },
    next() {
      for (const type of ['text', 'reasoning'] as const) {
        before[type] += current[type];
        current[type] = '';
      }
    },
  };
}

/** A call of a tool that the server runs itself. */
export interface ServerCall {
  readonly id: string;
  readonly name?: string | undefined;
  /** The arguments: JSON text, or its value. */
  readonly input?: unknown;
  readonly complete?: boolean;
}

/** Returns the delta of a tool call that the server runs itself, with all arguments so far. */
export function serverCall({id, name, input, complete = true}: ServerCall): Delta {
  const text = typeof input === 'string' ? input : input === undefined ? undefined : JSON.stringify(input);
  return {
    type: 'tool-call',
    key: id,
    id,
    ...(name && {name}),
    ...(text !== undefined && {input: text}),
    server: true,
    ...(complete && {complete}),
  };
}

/** Returns a frame with other JSON, to be read by the decoder of the format that is wrapped. */
export function frameOf(json: unknown, {constructor}: Frame): Frame {
  return new (constructor as typeof Frame)(JSON.stringify(json));
}
