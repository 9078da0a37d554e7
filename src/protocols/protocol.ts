import type {Delta, Message} from '../model/conversation.js';
import {StreamChatError} from '../model/errors.js';
import type {Frame, Framing} from '../wire/framing.js';
import {loadModule} from '../lib/load-module.js';

/** A tool as described to the model. */
export interface ToolDescription {
  readonly name: string;
  readonly description?: string;
  /** JSON Schema of the arguments. */
  readonly parameters?: object;
}

/** Settings of the request in addition to the conversation. */
export interface RequestSettings {
  readonly model?: string | undefined;
  readonly system?: string | undefined;
  readonly temperature?: number | undefined;
  readonly topP?: number | undefined;
  readonly maxTokens?: number | undefined;
  /** Key of the question in the body of the protocol `prompt`, and the query parameter of `GET` requests. */
  readonly promptParam: string;
  readonly tools?: readonly ToolDescription[] | undefined;
  /** JSON Schema of the answer. */
  readonly responseFormat?: object | undefined;
  /** Conversation ID for servers that store conversations. Stable until `clear()`. */
  readonly chatId: string;
}

/** State of an interrupted answer, from which a resume request is built. */
export interface ResumeContext {
  /** Absolute URL of the endpoint. */
  readonly endpoint: string;
  /** Conversation ID, if it was sent to the server. */
  readonly chatId: string | undefined;
  /** The server's ID of the answer, from a `response-id` delta. */
  readonly responseId: string | undefined;
  /** The client's ID of the answer, sent as `Idempotency-Key` in same-origin requests. */
  readonly answerId: string;
  /** ID of the last server-sent event that had one and was applied. */
  readonly lastEventId: string;
  /** Last position that `idOf` returned for an applied event. */
  readonly lastDataId: string;
  /** Headers of the first response. */
  readonly headers: Headers;
}

/** A request that resumes an interrupted answer. */
export interface ResumeRequest {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  /** `cursor`: the server continues after the last event. `replay`: the server sends the answer from its start. */
  readonly mode: 'cursor' | 'replay';
}

/** Decodes the frames of one answer. State lives in the closure of `createDecoder`. */
export interface Decoder {
  /**
   * Yields the deltas of a frame. Throws a `StreamChatError` with code `protocol` if the frame is not of the format.
   */
  decode(frame: Frame): Iterable<Delta>;

  /**
   * Called at a clean end of body; yields `end` if that proves the answer complete. Not called after a lost
   * connection.
   */
  end?(): Iterable<Delta>;

  /**
   * Returns whether a finish reason has proved the answer complete, so that it is also complete if the connection is
   * lost before the end marker.
   */
  isWhole?(): boolean;

  /**
   * Whether a piece of text may be all the text so far. It then is from the second piece on; without this, only when
   * several pieces have shown it.
   */
  readonly mayBeCumulative?: boolean;
}

/** A file of a question, as passed to `takesFile`. */
export interface FileInfo {
  readonly mediaType: string;
  /** A `data:` URL, or the address of the file. */
  readonly url: string;
}

/** A wire format: encodes requests and decodes answers. Pure: no DOM, no clock, no state outside decoders. */
export interface Protocol {
  /** Framing of bodies of this format; `undefined`: sniffed from the first bytes. */
  readonly framing?: Framing;

  /** Headers that the format requires. */
  readonly headers?: Readonly<Record<string, string>>;

  /** Returns the JSON-serialisable body of the request. Absent: that of `openai-chat`. */
  encode?(messages: readonly Message[], settings: RequestSettings): Record<string, unknown>;

  /**
   * Whether `encode` supports a file of a question. Unsupported text files are inlined into the question; other
   * files are rejected. Absent: supports none.
   */
  takesFile?(file: FileInfo): boolean;

  /** Creates the decoder of one answer. Absent: the format is detected from the answer. */
  createDecoder?(): Decoder;

  /** Returns the position that a frame carries in its data, for formats that number their events there. */
  idOf?(frame: Frame): string | undefined;

  /** Returns the request that resumes an interrupted answer, or `undefined` if the server cannot resume it. */
  resume?(context: ResumeContext): ResumeRequest | undefined;
}

/** The beginning of a response, by which its format is detected. */
export interface Sample {
  readonly headers: Headers;
  readonly framing: Framing;
  /** The frames so far, without keep-alives, the newest last. At least one. */
  readonly frames: readonly Frame[];
  /** The newest frame. */
  readonly frame: Frame;
  /** The newest frame's JSON if it is an object, otherwise an empty object. Its fields are not validated. */
  readonly json: Readonly<Record<string, unknown>>;
  /** Whether the lazy formats are loaded, so that every format can claim the response. */
  readonly allAsked?: boolean;
}

/** A registered wire format. */
export interface ProtocolEntry {
  /** Returns whether a response that begins so is of this format. Called in the order of registration, last first. */
  readonly detect?: ((sample: Sample) => boolean) | undefined;
  /** The format, or a function that loads it on first use. */
  readonly load: Protocol | (() => Promise<Protocol>);
}

/** Wire formats by name. */
type Entries = ReadonlyMap<string, ProtocolEntry>;

const entries = new Map<string, ProtocolEntry>();
let lazyEntries: Entries | undefined;
let loadLazy: () => Promise<Readonly<Record<string, ProtocolEntry>>> = () => Promise.resolve({});

/**
 * Makes a wire format available to `<stream-chat protocol="name">` and, with `detect`, to `protocol="auto"`.
 * A later registration replaces an earlier one of the same name, and is tried before the earlier ones.
 */
export function registerProtocol(name: string, protocol: ProtocolEntry['load'], detect?: ProtocolEntry['detect']): void {
  entries.delete(name);
  entries.set(name, {load: protocol, detect});
}

/** Registers formats below those that the page has registered by now, which replace those of the same name. */
export function registerBundledProtocols(bundled: Readonly<Record<string, ProtocolEntry>>): void {
  const own = [...entries];
  entries.clear();
  for (const [name, {load, detect}] of [...Object.entries(bundled), ...own]) registerProtocol(name, load, detect);
}

/** Sets the function that lazy-loads the formats which few pages need. */
export function registerLazyProtocols(loader: typeof loadLazy): void {
  loadLazy = loader;
  lazyEntries = undefined;
}

async function getLazy(): Promise<Entries> {
  return (lazyEntries ??= new Map(Object.entries(await loadModule(loadLazy(), 'the wire formats'))));
}

/** Returns the format that encodes the first request: `auto` and formats without `encode` use that of `openai-chat`. */
export async function getEncoder(name: string): Promise<Protocol> {
  const protocol = await getProtocol(name === 'auto' ? 'openai-chat' : name);
  return protocol.encode ? protocol : getProtocol('openai-chat');
}

/** Returns the wire format registered as `name`. Rejects with a `StreamChatError` with code `config` if there is none. */
export async function getProtocol(name: string): Promise<Protocol> {
  const entry = entries.get(name) ?? (await getLazy()).get(name);
  if (!entry) {
    const known = ['auto', ...entries.keys(), ...(await getLazy()).keys()];
    const near = known.find((key) => key.includes(name) || name.includes(key));
    throw new StreamChatError(
      'config',
      near ? `No protocol "${name}". Did you mean "${near}"?` : `No protocol "${name}". There are ${known.join(', ')}.`,
    );
  }
  const protocol = entry.load;
  return typeof protocol === 'function' ? loadModule(Promise.resolve().then(protocol), `protocol "${name}"`) : protocol;
}

/**
 * Returns the name of the format that claims the beginning of a response, or `undefined` while none does. If only a
 * lazy format may claim it and these are not loaded yet, starts to load them and returns the promise.
 */
export function detectProtocol(sample: Sample): string | undefined | Promise<unknown> {
  const asked = {...sample, allAsked: lazyEntries !== undefined};
  return claim(entries, asked, (name) => name !== 'json-text') ?? (lazyEntries ? claim(lazyEntries, asked) : undefined)
    ?? claim(entries, asked) ?? (lazyEntries ? undefined : getLazy());
}

/** Formats that claim what no documented format does: a guess, until a documented format claims a later frame. */
const generic: ReadonlySet<string> = new Set(['json-text', 'raw-text', 'plain-text']);

/** Returns whether a format is documented, in contrast to those for any text or JSON. */
export function isSpecific(name: string): boolean {
  return !generic.has(name);
}

/**
 * Returns the name of the documented format that claims a frame, or `undefined`. If the lazy formats are not
 * loaded yet, starts to load them and returns the promise.
 */
export function detectSpecific(sample: Sample): string | undefined | Promise<unknown> {
  const asked = {...sample, allAsked: lazyEntries !== undefined};
  const found = claim(entries, asked, isSpecific) ?? (lazyEntries && claim(lazyEntries, asked, isSpecific));
  return found ?? (lazyEntries ? undefined : getLazy());
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
