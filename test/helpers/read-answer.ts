import '../../src/chat/answering.js';
import {AnswerReader} from '../../src/chat/answer-reader.js';
import {applyDelta, createAnswer, type Message} from '../../src/model/conversation.js';
import {StreamChatError} from '../../src/model/errors.js';
import {pieces} from './cuts.js';

/** What a user sees of an answer. */
export interface SeenAnswer {
  readonly text: string;
  readonly reasoning: string;
  readonly reason: string | undefined;
  /** Calls as `name(arguments)`, with `= result` where there is one, and `!` in front where the server runs them. */
  readonly calls: readonly string[];
  /** Sources as `address`, or `address title`. */
  readonly sources: readonly string[];
  /** Counts of tokens as `input/output`. */
  readonly usage: string | undefined;
  /** The format that was recognised. */
  readonly protocol: string | undefined;
  readonly error: StreamChatError | undefined;
  /** `lost`: the answer is not complete, and no error was reported. */
  readonly end: 'done' | 'lost' | 'error';
}

/** How an answer is read. */
export interface ReadAnswerOptions {
  readonly contentType?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** The connection is reset where the bytes end. */
  readonly isReset?: boolean;
  readonly protocol?: string;
}

/** Reads a body in pieces of `size` bytes as the element does: everything is found from its bytes. */
export async function readAnswer(body: string, size: number, options: ReadAnswerOptions = {}): Promise<SeenAnswer> {
  let message: Message = createAnswer('a', 0);
  let error: StreamChatError | undefined;
  const reader = new AnswerReader({
    protocol: options.protocol ?? 'auto',
    expectsEndMarker: false,
    sink: (delta) => {
      if (delta.type === 'error') error ??= delta.error;
      else message = applyDelta(message, delta);
    },
  });
  const contentType = options.contentType ?? (body.startsWith('{') ? 'application/x-ndjson' : 'text/event-stream');
  reader.open(new Headers({'content-type': contentType, ...options.headers}), 'initial');
  const decoder = new TextDecoder();
  const bytes = new TextEncoder().encode(body);
  let ended = false;
  try {
    for (const piece of pieces(bytes, Math.min(size, bytes.length))) {
      await reader.push(decoder.decode(piece, {stream: true}));
    }
    ended = await reader.end(!options.isReset);
  } catch (cause) {
    error ??= StreamChatError.from(cause, 'protocol');
  }
  const {text, parts, reason, usage} = message;
  return {
    text,
    reasoning: parts.map((part) => (part.type === 'reasoning' ? part.text : '')).join(''),
    reason,
    calls: parts.flatMap((part) => {
      if (part.type !== 'tool-call') return [];
      const result = part.result === undefined ? '' : ` = ${typeof part.result === 'string' ? part.result : JSON.stringify(part.result)}`;
      return [`${part.server ? '!' : ''}${part.name}(${part.arguments})${result}`];
    }),
    sources: parts.flatMap((part) => (part.type === 'source' ? [part.title === undefined ? part.url : `${part.url} ${part.title}`] : [])),
    usage: usage && `${usage.inputTokens ?? ''}/${usage.outputTokens ?? ''}`,
    protocol: reader.protocolName,
    error,
    end: error ? 'error' : ended ? 'done' : 'lost',
  };
}
