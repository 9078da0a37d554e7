import type {Delta, Message} from '../model/conversation.js';
import {StreamChatError} from '../model/errors.js';
import type {Frame, Framing} from '../wire/framing.js';
import {load} from '../lib/load-module.js';

/** A tool as the model is told of it. */
export interface ToolDescription {
  readonly name: string;
  readonly description?: string;
  /** JSON Schema of the arguments. */
  readonly parameters?: object;
}

/** What the page set for the request, beside the conversation. */
export interface RequestSettings {
  readonly model?: string | undefined;
  readonly system?: string | undefined;
  readonly temperature?: number | undefined;
  readonly topP?: number | undefined;
  readonly maxTokens?: number | undefined;
  /** Key of the question in the body of protocol `prompt`, and the query parameter of `GET`. */
  readonly promptParam: string;
  readonly tools?: readonly ToolDescription[] | undefined;
  /** JSON Schema that the answer must follow. */
  readonly responseFormat?: object | undefined;
  /** Names the conversation for servers that keep it. Stable until `clear()`. */
  readonly chatId: string;
}

/** What is known when a lost answer is to be taken up again. */
export interface ResumeContext {
  /** The endpoint, absolute. */
  readonly endpoint: string;
  /** Name of the conversation, if the server was told of it. */
  readonly chatId: string | undefined;
  /** The server's name for the answer, from a `response-id` delta. */
  readonly responseId: string | undefined;
  /** The page's name for the answer: what the requests of its own origin carry as `Idempotency-Key`. */
  readonly answerId: string;
  /** The id of the last server-sent event that was applied and had one. */
  readonly lastEventId: string;
  /** The last position that `idOf` returned of an event that was applied. */
  readonly lastDataId: string;
  /** Headers of the first response. */
  readonly headers: Headers;
}

/** How an answer is taken up again. */
export interface ResumeRequest {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  /** `cursor`: the server goes on behind what was read. `replay`: it sends the answer from its start. */
  readonly mode: 'cursor' | 'replay';
}

/** Reads the frames of one answer. It keeps what it needs in its closure. */
export interface Decoder {
  /**
   * Tells what a frame says. Throws a `StreamChatError` with code `protocol` where the frame is not of the format.
   */
  decode(frame: Frame): Iterable<Delta>;

  /**
   * Tells what the clean end of the body means: an `end` delta where that proves the answer complete.
   * Not called when the connection was lost.
   */
  end?(): Iterable<Delta>;
}

/** What a format is asked about a file. */
export interface FileInfo {
  readonly mediaType: string;
  /** A `data:` URL, or where the file lies. */
  readonly url: string;
}

/** A wire format: how to ask, and how to read the answer. Pure: no DOM, no clock, no state of its own. */
export interface Protocol {
  /** How bodies of this format are cut into frames; `undefined`: as their bytes look. */
  readonly framing?: Framing;

  /** Headers that the format asks for. */
  readonly headers?: Readonly<Record<string, string>>;

  /** The body of the request, JSON-serialisable. Absent: that of `openai-chat`. */
  encode?(messages: readonly Message[], settings: RequestSettings): Record<string, unknown>;

  /**
   * Whether `encode` has a place for a file of a question. Text of others is written into the question; what is no text
   * is refused. Absent: it has none.
   */
  takesFile?(file: FileInfo): boolean;

  /** Makes the reader of one answer. Absent: the format is recognised from the answer. */
  createDecoder?(): Decoder;

  /** The position that a frame carries in its data, for formats that number their events there. */
  idOf?(frame: Frame): string | undefined;

  /** How to take up a lost answer, or `undefined` where the server offers nothing. */
  resume?(context: ResumeContext): ResumeRequest | undefined;
}

/** What a format is recognised by: the beginning of a response. */
export interface Sample {
  readonly headers: Headers;
  readonly framing: Framing;
  /** The frames so far that say something, the newest last. At least one. */
  readonly frames: readonly Frame[];
  /** The newest frame. */
  readonly frame: Frame;
  /** The newest frame's JSON if it is an object, else an empty object. Its fields are not checked. */
  readonly json: Readonly<Record<string, unknown>>;
  /** Whether every other format was asked, those included that few pages need. */
  readonly allAsked?: boolean;
}

/** How a wire format is made known. */
export interface ProtocolEntry {
  /** Whether a response that begins so is of this format. Asked in the order of registration, last first. */
  readonly detect?: ((sample: Sample) => boolean) | undefined;
  /** The format, or a function that loads it when it is first needed. */
  readonly load: Protocol | (() => Promise<Protocol>);
}

/** Wire formats by name. */
type Entries = ReadonlyMap<string, ProtocolEntry>;

const entries = new Map<string, ProtocolEntry>();
let moreEntries: Entries | undefined;
let loadMore: () => Promise<Readonly<Record<string, ProtocolEntry>>> = () => Promise.resolve({});

/**
 * Makes a wire format available to `<stream-chat protocol="name">` and, with `detect`, to `protocol="auto"`.
 * A later registration replaces an earlier one of the same name, and is asked before the earlier ones.
 */
export function registerProtocol(name: string, protocol: ProtocolEntry['load'], detect?: ProtocolEntry['detect']): void {
  entries.delete(name);
  entries.set(name, {load: protocol, detect});
}

/** Names the function that loads the formats which few pages need. */
export function registerMoreProtocols(loadThem: typeof loadMore): void {
  loadMore = loadThem;
  moreEntries = undefined;
}

async function getMore(): Promise<Entries> {
  return (moreEntries ??= new Map(Object.entries(await load(loadMore(), 'the wire formats'))));
}

/** Returns the format in which the first question is asked: `auto` and those that cannot ask ask as `openai-chat` does. */
export async function getEncoder(name: string): Promise<Protocol> {
  const protocol = await getProtocol(name === 'auto' ? 'openai-chat' : name);
  return protocol.encode ? protocol : getProtocol('openai-chat');
}

/** Returns the wire format registered as `name`. Rejects with a `StreamChatError` with code `config` if there is none. */
export async function getProtocol(name: string): Promise<Protocol> {
  const entry = entries.get(name) ?? (await getMore()).get(name);
  if (!entry) {
    const known = ['auto', ...entries.keys(), ...(await getMore()).keys()];
    const near = known.find((key) => key.includes(name) || name.includes(key));
    throw new StreamChatError(
      'config',
      near ? `No protocol "${name}". Did you mean "${near}"?` : `No protocol "${name}". There are ${known.join(', ')}.`,
    );
  }
  const protocol = entry.load;
  return typeof protocol === 'function' ? load(Promise.resolve().then(protocol), `protocol "${name}"`) : protocol;
}

/**
 * Returns the name of the format that the beginning of a response shows, or `undefined` while it shows none. While the
 * formats that few pages need are not loaded, an answer that only they may claim gives the promise that they are.
 */
export function detectProtocol(sample: Sample): string | undefined | Promise<unknown> {
  const asked = {...sample, allAsked: moreEntries !== undefined};
  return claim(entries, asked, (name) => name !== 'json-text') ?? (moreEntries ? claim(moreEntries, asked) : undefined)
    ?? claim(entries, asked) ?? (moreEntries ? undefined : getMore());
}

function claim(among: Entries, sample: Sample, isAsked = (_name: string) => true): string | undefined {
  for (const [name, {detect}] of [...among].reverse()) if (isAsked(name) && detect?.(sample)) return name;
  return undefined;
}

/** Narrows JSON of unknown shape to an object, an empty one if it is something else. */
export function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

/** Narrows JSON of unknown shape to an array, an empty one if it is something else. */
export function asArray(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Narrows JSON of unknown shape to a string, the empty one if it is something else. */
export function asString(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** Narrows JSON of unknown shape to a number, `undefined` if it is something else. */
export function asNumber(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}
