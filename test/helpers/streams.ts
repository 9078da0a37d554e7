import type {Delta, Message, Part, ToolCallPart} from '../../src/model/conversation.js';
import {createFramer} from '../../src/wire/create-framer.js';
import type {Frame, Framing} from '../../src/wire/framing.js';
import {asRecord, type Protocol, type RequestSettings, type Sample} from '../../src/protocols/protocol.js';
import {sniffFraming} from '../../src/wire/sniff.js';

/** Sizes at which every stream is cut: nothing may depend on where the network does. */
export const pieceSizes = [1, 2, 3, 7, Infinity];

/** A tool call as a stream gave it. */
export interface CollectedCall {
  id: string | null;
  name: string;
  /** The JSON text. */
  arguments: string;
  complete: boolean;
  server: boolean;
  result?: unknown;
  error?: string;
}

/** What a stream said, all in all. */
export interface Collected {
  text: string;
  reasoning: string;
  refusal: string;
  finish: string | null;
  reason: string | null;
  toolCalls: CollectedCall[];
  usage: unknown;
  counts: Record<string, unknown>;
  error: {code: string; message: string; retryable: boolean; status: number | undefined} | null;
  sources: {url: string; title?: string}[];
  files: {url: string; mediaType: string}[];
  natives: unknown[];
  unknown: string[];
  responseId: string | null;
  ended: boolean;
}

/** Makes what a stream said before it said anything, and the function that adds a delta to it. */
export function createCollector(): {readonly collected: Collected; add(delta: Delta): void} {
  const collected: Collected = {
    text: '',
    reasoning: '',
    refusal: '',
    finish: null,
    reason: null,
    toolCalls: [],
    usage: null,
    counts: {},
    error: null,
    sources: [],
    files: [],
    natives: [],
    unknown: [],
    responseId: null,
    ended: false,
  };
  const calls = new Map<string, CollectedCall>();

  const addCall = (delta: Extract<Delta, {type: 'tool-call'}>) => {
    let call = calls.get(delta.key);
    if (!call) {
      call = {id: null, name: '', arguments: '', complete: false, server: false};
      calls.set(delta.key, call);
      collected.toolCalls.push(call);
    }
    call.id ??= delta.id ?? null;
    call.name = delta.name ?? call.name;
    call.arguments = delta.input ?? call.arguments + (delta.arguments ?? '');
    call.complete ||= delta.complete ?? false;
    call.server ||= delta.server ?? false;
  };

  return {
    collected,
    add(delta) {
      switch (delta.type) {
        case 'text':
        case 'reasoning':
        case 'refusal':
          collected[delta.type] += delta.text;
          break;
        case 'replace':
          collected[delta.kind ?? 'text'] = delta.text;
          break;
        case 'restart':
          collected.text = collected.reasoning = collected.refusal = '';
          collected.toolCalls = [];
          calls.clear();
          break;
        case 'tool-call':
          addCall(delta);
          break;
        case 'tool-result':
          for (const call of collected.toolCalls.filter(({id}) => id === delta.id)) {
            call.result = delta.result;
            if (delta.error !== undefined) call.error = delta.error;
          }
          break;
        case 'source':
          collected.sources.push({url: delta.url, ...(delta.title !== undefined && {title: delta.title})});
          break;
        case 'file':
          collected.files.push({url: delta.url, mediaType: delta.mediaType});
          break;
        case 'native':
          collected.natives.push(delta.value);
          break;
        case 'usage': {
          const {native, ...counts} = delta.usage;
          collected.usage = native ?? null;
          collected.counts = counts;
          break;
        }
        case 'finish':
          collected.finish = delta.native ?? null;
          collected.reason = delta.reason;
          break;
        case 'response-id':
          collected.responseId = delta.id;
          break;
        case 'error': {
          const {code, message, retryable, status} = delta.error;
          collected.error ??= {code, message, retryable, status};
          break;
        }
        case 'unknown':
          collected.unknown.push(delta.event);
          break;
        case 'end':
          collected.ended = true;
      }
    },
  };
}

/** How a stream is read. */
export interface ReadOptions {
  /** Bytes a piece. */
  readonly pieceSize?: number;
  /** How the body is cut into frames; else as the format says, or its bytes look. */
  readonly framing?: Framing;
  readonly contentType?: string;
  /** The connection was lost where the bytes end. */
  readonly lost?: boolean;
  /** The frames behind the end are read too: a socket has several answers. */
  readonly all?: boolean;
}

/** Calls `sink` with the frames of a body, whose bytes come in pieces of one size. */
export function readFrames(body: string | Uint8Array, options: ReadOptions, sink: (frame: Frame) => void): Framing {
  const {pieceSize = Infinity, contentType = null, lost = false} = options;
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body;
  const framing = options.framing ?? sniffFraming(new TextDecoder().decode(bytes), contentType, true) ?? 'text';
  const framer = createFramer(framing, sink);
  const decoder = new TextDecoder();
  const size = Math.min(pieceSize, bytes.length);
  for (let at = 0; at < bytes.length; at += size) {
    const text = decoder.decode(bytes.subarray(at, at + size), {stream: true});
    if (text !== '') framer.push(text);
  }
  const rest = decoder.decode();
  if (rest !== '') framer.push(rest);
  framer.end(!lost);
  return framing;
}

/** Reads a whole stream with one format's decoder. */
export function readStream(body: string | Uint8Array, protocol: Protocol, options: ReadOptions = {}): Collected {
  const {collected, add} = createCollector();
  const decoder = protocol.createDecoder!();
  const framing = options.framing ?? protocol.framing;
  readFrames(body, {...options, ...(framing && {framing})}, (frame) => {
    if (!collected.ended || options.all) for (const delta of decoder.decode(frame)) add(delta);
  });
  if (!collected.ended && !options.lost) for (const delta of decoder.end?.() ?? []) add(delta);
  return collected;
}

/** Returns what a detector is shown of a body that has come whole, frame by frame. */
export function samplesOf(body: string | Uint8Array, headers: HeadersInit = {}, options: ReadOptions = {}): Sample[] {
  const frames: Frame[] = [];
  const framing = readFrames(body, options, (frame) => frames.push(frame));
  return frames.map((frame, index) => ({
    headers: new Headers(headers),
    framing,
    frames: frames.slice(0, index + 1),
    frame,
    json: asRecord(frame.maybeJson),
  }));
}

/** Writes server-sent events, one for each value, strings as they are. */
export function sse(...values: unknown[]): string {
  return values.map((value) => `data: ${typeof value === 'string' ? value : JSON.stringify(value)}\n\n`).join('');
}

/** Writes server-sent events whose name is the `type` of each value. */
export function namedSse(...values: {readonly type: string}[]): string {
  return values.map((value) => `event: ${value.type}\ndata: ${JSON.stringify(value)}\n\n`).join('');
}

/** Writes one JSON value a line. */
export function ndjson(...values: unknown[]): string {
  return values.map((value) => `${JSON.stringify(value)}\n`).join('');
}

/** Reads a stream at all piece sizes. Throws where what it says depends on how it was cut. */
export function readCut(body: string, protocol: Protocol, options: ReadOptions = {}): Collected {
  const whole = readStream(body, protocol, options);
  for (const pieceSize of pieceSizes) {
    const cut = readStream(body, protocol, {...options, pieceSize});
    if (JSON.stringify(cut) === JSON.stringify(whole)) continue;
    throw new Error(`In pieces of ${pieceSize}: ${JSON.stringify(cut)}\nwhole: ${JSON.stringify(whole)}`);
  }
  return whole;
}

/** Settings of a page that set nothing. */
export const bareSettings: RequestSettings = {promptParam: 'prompt', chatId: 'chat-1'};

/** Settings of a page that set everything. */
export const fullSettings: RequestSettings = {
  ...bareSettings,
  model: 'model-1',
  system: 'Be brief.',
  temperature: 0.5,
  topP: 0.9,
  maxTokens: 100,
  tools: [{name: 'add', description: 'Adds.', parameters: {type: 'object', properties: {a: {type: 'number'}}}}],
  responseFormat: {type: 'object', additionalProperties: false},
};

/** Makes a settled message. */
export function message(role: Message['role'], parts: readonly Part[] | string, more: Partial<Message> = {}): Message {
  const list: readonly Part[] = typeof parts === 'string' ? [{type: 'text', text: parts}] : parts;
  const text = list.map((part) => (part.type === 'text' || part.type === 'refusal' ? part.text : '')).join('');
  return {id: `${role}-1`, role, text, parts: list, status: 'done', createdAt: 0, ...more};
}

/** Makes a call that was answered. */
export function call(id: string, more: Partial<ToolCallPart> = {}): ToolCallPart {
  const base = {type: 'tool-call' as const, key: id, id, name: 'add', arguments: '{"a":1}', state: 'done' as const};
  return {...base, result: {sum: 2}, ...more};
}

/** A conversation with a tool round: a question, an answer in two turns, and another question. */
export const toolConversation: readonly Message[] = [
  message('user', 'What is 1 + 1?'),
  message('assistant', [
    {type: 'text', text: 'Let me see.'},
    call('call-1'),
    call('call-2', {state: 'failed', error: 'No such thing', result: undefined}),
    {type: 'text', text: 'It is 2.'},
  ]),
  message('user', 'Thanks', {id: 'user-2'}),
];

/** What the body of a request holds, as it is sent. */
export function sent(
  protocol: Protocol,
  messages: readonly Message[],
  settings = bareSettings,
): Record<string, unknown> {
  return JSON.parse(JSON.stringify(protocol.encode!(messages, settings))) as Record<string, unknown>;
}
