import type {Delta} from '../model/conversation.js';
import {StreamChatError} from '../model/errors.js';
import {FrameDecoder} from './frame-decoder.js';
import {createFramer} from '../wire/create-framer.js';
import {maxFrameLength, type Frame, type Framer, type Framing} from '../wire/framing.js';
import {createPosition, type Position, type SavedPosition} from '../wire/position.js';
import {createGeneration, type Generation, type SavedGeneration} from './generation.js';
import {isKeepAlive, isPlainJson} from '../protocols/conventions.js';
import {
  asRecord,
  detectProtocol,
  detectSpecific,
  getProtocol,
  isSpecific,
  type Decoder,
  type Protocol,
  type Sample,
} from '../protocols/protocol.js';
import {createPreamble} from '../wire/preamble.js';
import {mimeEssence, sniffFraming} from '../wire/sniff.js';

/** Frames that may pass undecided before an unknown format is read as JSON of the server's own making. */
const maxUndecided = 16;
/** Frames with output after which a guessed format is final, and frames in all. */
const maxGuessedOutput = 3;
const maxGuessedFrames = 256;
/** A web page, such as that of a proxy, and what may become one. */
const page = /^\s*<(?:!doctype html|html)\b/i;
const pageStart = /^\s*<[!a-z ]{0,13}$/i;

/** Deltas that are part of the answer, in contrast to those about it. */
const contentTypes: ReadonlySet<Delta['type']> = new Set(['text', 'reasoning', 'refusal', 'replace', 'tool-call', 'file', 'source']);

/** Takes what the answer says, as soon as it says it. */
export type DeltaSink = (delta: Delta) => void;

/** What a reader is made for. */
export interface AnswerReaderOptions {
  /** Name of the wire format, or `auto`. */
  readonly protocol: string;
  readonly sink: DeltaSink;
  /** The server is known to mark its ends: then the end of a body alone is no end. */
  readonly expectMark: boolean;
  /** Where a reader before this one was, on this page or before it was loaded again. */
  readonly saved?: SavedReader | undefined;
  /** Returns whether the answer may have no output, as after tool calls. Otherwise that is an error. */
  readonly mayBeEmpty?: () => boolean;
}

/** What a reader has to know to go on with an answer, as plain data. */
export interface SavedReader {
  readonly protocolName: string | undefined;
  readonly frames: number;
  readonly idsAreInData: boolean;
  readonly position: SavedPosition;
  /** IDs by which the server names the answer, and its first frame if that has no text. Absent in earlier versions. */
  readonly generation?: SavedGeneration;
}

/**
 * Reads one answer, over as many connections as it takes: text of the bodies in, deltas out. It finds the framing and
 * the wire format from the first bytes, passes over what was applied before, and knows whether the answer is complete.
 */
export class AnswerReader {
  /** The wire format, once it is known. */
  protocolName: string | undefined;

  /** Frames applied, over all connections. */
  frames = 0;

  /** Whether the server sent another answer when it was requested to resume this one. Nothing of it was applied. */
  isForeign = false;

  /** What proved the answer complete: a mark inside the stream, or the end of the body where that counts. */
  endedBy: 'mark' | 'body' | undefined;

  #options: AnswerReaderOptions;
  #protocol: Protocol | undefined;
  /** That of the connections before, while the one of a replay is not known yet. */
  #lastProtocol: Protocol | undefined;
  /** Where the last body ended cleanly. */
  #endedAt: string | undefined;
  #length = 0;
  #decoder: Decoder | undefined;
  #frameDecoder = new FrameDecoder();
  #position: Position;
  #generation: Generation;
  #idsAreInData = false;

  // Of the connection that is read.
  #headers = new Headers();
  #framing: Framing | undefined;
  #framer: Framer | undefined;
  /** The framing that the bytes show, whatever the format requires. */
  #sniffed: Framing | undefined;
  /** Text of the body that is read again if the format or its framing changes. */
  #start = '';
  /** Whether the format is only a guess, which a documented format may correct; and how many frames had output. */
  #isGuess = false;
  #guessedOutput = 0;
  /** The output of a wrong guess is shown until the right format has some. */
  #isOutdated = false;
  #mode: 'initial' | 'cursor' | 'replay' = 'initial';
  #undecided: Frame[] = [];
  #loading: Promise<void> | undefined;
  #saidSomething = false;
  #preamble = createPreamble();
  #hasReceived = false;
  /** The server was requested to resume after the last event ID. */
  #isResumed = false;
  #hasNew = false;

  constructor(options: AnswerReaderOptions) {
    this.#options = options;
    this.protocolName = options.saved?.protocolName;
    this.frames = options.saved?.frames ?? 0;
    this.#idsAreInData = options.saved?.idsAreInData ?? false;
    this.#position = createPosition(options.saved?.position);
    this.#generation = createGeneration(options.saved?.generation);
  }

  /** Loads the format that a saved reader had found, which knows how to take its answer up. */
  async restore(): Promise<void> {
    if (this.protocolName && !this.#protocol) this.#protocol = await getProtocol(this.protocolName);
  }

  /** What a later reader has to know to go on. */
  save(): SavedReader {
    const {protocolName, frames} = this;
    const position = this.#position.save();
    return {protocolName, frames, idsAreInData: this.#idsAreInData, position, generation: this.#generation.save()};
  }

  /** Whether the answer is complete. Nothing is read afterwards. */
  get ended(): boolean {
    return this.endedBy !== undefined;
  }

  /** The id of the last server-sent event: what a server is asked to go on behind. */
  get lastEventId(): string {
    return this.#idsAreInData ? '' : this.#position.lastId;
  }

  /** Milliseconds that the server asks to wait before a reconnection, if it does. */
  get retry(): number | undefined {
    return this.#framer?.retry;
  }

  /** The last position that an event carried in its data. */
  get lastDataId(): string {
    return this.#idsAreInData ? this.#position.lastId : '';
  }

  /**
   * Whether nothing of an answer has been received on any connection; comments do not count. A body that could not be
   * read counts as received, because the model has already run.
   */
  get isUntouched(): boolean {
    return this.frames === 0 && !this.#hasReceived;
  }

  /** The wire format, once it is known. */
  get protocol(): Protocol | undefined {
    return this.#protocol ?? this.#lastProtocol;
  }

  /** Whether a response that should go on behind the last id is the answer as one object instead. */
  isSnapshot(headers: Headers): boolean {
    return (this.#framing === 'sse' || this.#framing === 'sse-raw') && mimeEssence(headers.get('content-type')) === 'application/json';
  }

  /** Begins to read a response. `replay`: the server sends the answer from its start. */
  open(headers: Headers, mode: 'initial' | 'cursor' | 'replay'): void {
    this.#headers = headers;
    this.#hasNew = false;
    this.#mode = mode;
    this.#saidSomething = false;
    this.#preamble = createPreamble();
    this.#length = 0;
    if (mode === 'replay') {
      this.#position = createPosition();
      this.#decoder = undefined;
      this.#lastProtocol = this.protocol;
      if (this.#options.protocol === 'auto') this.#protocol = undefined;
    }
    this.#position.connect(mode === 'cursor');
    this.#generation.connect(mode);
    this.#isResumed = mode === 'cursor';
    this.#framer?.reset();
    if (this.#decoder && this.frames > 0) return;
    // Nothing was applied: what the beginning of another body looked like does not count.
    this.#decoder = undefined;
    if (this.#options.protocol === 'auto' && this.frames === 0) this.#protocol = undefined;
    this.#start = '';
    this.#isGuess = false;
    this.#undecided = [];
    this.#framer = this.#framing = this.#sniffed = undefined;
  }

  /** Reads the next piece of the body. A promise is returned while the code of a format is loaded: await it. */
  push(text: string): void | Promise<void> {
    if (this.ended || text === '') return;
    if (this.#loading) return this.#loading.then(() => this.push(text));
    if (!this.#saidSomething) {
      this.#saidSomething = this.#isEventStream ? this.#preamble.push(text) : text.trim() !== '';
      this.#hasReceived ||= this.#saidSomething;
    }
    this.#length += text.length;
    if (this.#decoder && this.#framer) {
      if (this.#isGuess) this.#start += text;
      this.#framer.push(text);
    } else return this.#recognise(text, false);
  }

  /**
   * Says that the connection is over. `clean`: the server ended the body. Resolves to whether the answer is complete.
   */
  async end(clean: boolean): Promise<boolean> {
    await this.#loading;
    if (this.ended) return true;
    if (!this.#saidSomething) return false;
    if (clean && !this.#decoder) await this.#recognise('', true);
    let framer;
    let whole;
    do {
      framer = this.#framer;
      whole = framer?.end(clean, this.#isStrict(clean)) ?? false;
      await this.#loading;
    } while (framer !== this.#framer);
    if (this.ended) return true;
    if (this.#position.isBehind) return false;
    if (clean && whole) this.#readBodyEnd();
    if (!this.ended && this.#decoder?.isWhole?.() && !this.#isUnproven) this.#complete('body');
    const error = clean && !this.ended ? this.#frameDecoder.verdict(false) : undefined;
    if (error) this.#options.sink({type: 'error', error});
    return this.ended;
  }

  get #isEventStream() {
    return ['', 'text/event-stream'].includes(mimeEssence(this.#headers.get('content-type')));
  }

  /** Whether an event that lacks its end is to be dropped, for its server will send it again. */
  #isStrict(clean: boolean): boolean {
    if (this.#framing === 'sse-raw' && this.#options.expectMark) return true;
    if (!clean || this.#position.lastId === '') return false;
    const place = `${this.#length} ${this.#position.count}`;
    // Twice the same: so this server writes its last event.
    const again = place === this.#endedAt;
    this.#endedAt = place;
    return !again || this.#framing === 'sse-raw';
  }

  #readBodyEnd() {
    if (!this.#decoder) return;
    for (const delta of this.#frameDecoder.end(this.#decoder)) {
      if (delta.type !== 'end') this.#emit(delta);
      else if (!this.#options.expectMark && !this.#isUnproven) this.#complete('body');
    }
  }

  /** Ends the answer. One without output, which the user would see as silence, has failed. */
  #complete(by: 'mark' | 'body') {
    this.endedBy = by;
    const isResumed = this.#options.saved !== undefined && this.#options.saved.frames > 0;
    const error = isResumed || this.#options.mayBeEmpty?.() ? undefined : this.#frameDecoder.verdict(true);
    if (error) this.#options.sink({type: 'error', error});
  }

  #emit(delta: Delta) {
    if (this.#isOutdated && this.#frameDecoder.hasOutput) {
      this.#isOutdated = false;
      this.#options.sink({type: 'restart'});
    }
    this.#options.sink(delta);
  }

  /** Looks for the framing and the format in what has come of the body. */
  async #recognise(text: string, ended: boolean): Promise<void> {
    this.#start += text;
    if (this.#start.length > maxFrameLength) throw tooLarge();
    if (this.#framer) this.#framer.push(text);
    else {
      await this.#loadFixed();
      const contentType = this.#headers.get('content-type');
      if (mimeEssence(contentType) !== 'text/plain') {
        if (page.test(this.#start)) throw webPage();
        if (!ended && pageStart.test(this.#start)) return;
      }
      this.#sniffed = sniffFraming(this.#start, contentType, ended);
      const framing = this.#protocol?.framing ?? this.#sniffed;
      if (framing) this.#frame(framing);
    }
    if (ended && !this.#decoder && !this.#loading) {
      // A single event that lacks its end, or nothing that any format claims.
      if (this.#framing === 'sse' || this.#framing === 'json') this.#framer?.end(true);
      await this.#loaded();
      if (this.#decoder || this.#loading) return this.#loading;
      if (this.#framing === 'text') this.#decide('plain-text');
      else if (this.#undecided.length > 0) this.#decide('json-text');
    }
    await this.#loading;
  }

  #loaded() {
    return this.#loading;
  }

  #frame(framing: Framing) {
    this.#framing = framing;
    const framer = createFramer(framing, (frame) => {
      // A framer that was replaced is still in the middle of a chunk.
      if (framer === this.#framer) this.#readFrame(frame);
    });
    this.#framer = framer;
    this.#setDecoder(this.#protocol);
    framer.push(this.#start);
    if (this.#decoder && !this.#isGuess && framer === this.#framer) this.#start = '';
  }

  #readFrame(frame: Frame) {
    if (this.ended) return;
    if (this.#decoder && !this.#loading) {
      if (this.#isGuess && this.#isClaimed(frame)) return;
      return this.#apply(frame);
    }
    this.#undecided.push(frame);
    if (this.#loading || isKeepAlive(frame.event)) return;
    const frames = this.#undecided.filter(({event}) => !isKeepAlive(event));
    const found = detectProtocol(this.#sample(frame, frames));
    if (typeof found === 'string') this.#decide(found);
    else if (found) this.#load(found.then(() => this.#readAgain()));
    else if (frames.length > maxUndecided) this.#decide('json-text');
  }

  #sample(frame: Frame, frames: readonly Frame[]): Sample {
    const json = asRecord(/^\s*\{/.test(frame.data) ? frame.maybeJson : undefined);
    return {headers: this.#headers, framing: this.#sniffed ?? this.#framing!, frames, frame, json};
  }

  /** Whether a documented format claims a frame of an answer whose format was guessed: then it is read again in it. */
  #isClaimed(frame: Frame): boolean {
    const sample = this.#sample(frame, [frame]);
    if (Object.keys(sample.json).length === 0) return false;
    const found = detectSpecific(sample, !isPlainJson(sample.json));
    if (found === undefined) return false;
    if (typeof found !== 'string') {
      this.#undecided.push(frame);
      this.#load(found.then(() => this.#readAgain()));
      return true;
    }
    this.#isOutdated = this.#frameDecoder.hasOutput;
    this.frames = 0;
    this.#position = createPosition();
    this.#position.connect(false);
    this.#generation = createGeneration();
    this.#decoder = this.#framing = undefined;
    this.#decide(found);
    return true;
  }

  #setDecoder(protocol: Protocol | undefined) {
    this.#decoder = protocol?.createDecoder?.();
    this.#frameDecoder = new FrameDecoder();
  }

  /** Reads what waits for its format, now that all are known. */
  #readAgain() {
    const frames = this.#undecided;
    this.#undecided = [];
    this.#loading = undefined;
    for (const frame of frames) this.#readFrame(frame);
    return this.#loading;
  }

  /** Lets whoever pushes or ends wait. */
  #load(loading: Promise<void>) {
    this.#loading = loading;
    // It is awaited with the next piece or the end; a rejection is not lost.
    loading.catch(() => undefined);
  }

  /** Reads the body in this format from now on, what has come of it included. */
  #decide(name: string) {
    const loading = getProtocol(name).then((protocol) => {
      this.#loading = undefined;
      this.protocolName = name;
      this.#protocol = protocol;
      this.#isGuess = !isSpecific(name) && name !== 'plain-text' && this.#mode !== 'cursor';
      this.#guessedOutput = 0;
      const framing = protocol.framing ?? this.#sniffed ?? this.#framing!;
      if (framing !== this.#framing) {
        this.#undecided = [];
        return this.#frame(framing);
      }
      this.#setDecoder(protocol);
      if (!this.#isGuess) this.#start = '';
      return this.#readAgain();
    });
    this.#load(loading);
  }

  /** Loads the format that the page named, unless that is one for requests only. */
  async #loadFixed() {
    const {protocol: name} = this.#options;
    if (name === 'auto' || this.#protocol) return;
    const protocol = await getProtocol(name);
    if (!protocol.createDecoder) return;
    this.#protocol = protocol;
    this.protocolName = name;
  }

  #apply(frame: Frame) {
    const dataId = frame.id === undefined ? this.#protocol?.idOf?.(frame) : undefined;
    const id = frame.id ?? dataId;
    // Formats that number events in their data may pad them at random when they resend them.
    const content = dataId === undefined ? `${frame.event}\n${frame.data}` : '';
    const status = this.#position.accept(id, content);
    if (status === 'replayed') return;
    if (status === 'foreign' || this.#generation.isForeign(frame)) throw this.refuse();
    if (id !== undefined) this.#idsAreInData = dataId !== undefined;
    let hasContent = false;
    for (const delta of this.#frameDecoder.decode(this.#decoder!, frame, this.#framing)) {
      if (delta.type === 'end') {
        if (this.#isUnproven) throw this.refuse();
        this.#complete('mark');
      } else {
        hasContent ||= contentTypes.has(delta.type);
        this.#emit(delta);
      }
    }
    this.#hasNew ||= hasContent;
    this.#generation.record(frame, hasContent);
    if (!isKeepAlive(frame.event)) this.frames++;
    if (hasContent) this.#guessedOutput++;
    if (this.#isGuess && (this.#guessedOutput > maxGuessedOutput || this.frames > maxGuessedFrames)) {
      this.#isGuess = false;
      this.#start = '';
    }
    this.#position.commit();
  }

  /** Whether a resumed connection has brought nothing: a server that does not know the answer just ends it. */
  get #isUnproven() {
    return this.#isResumed && !this.#hasNew && !this.#position.isProven;
  }

  /** Marks the response as one of another answer. Returns the error to throw. */
  refuse(): StreamChatError {
    this.isForeign = true;
    return new StreamChatError(
      'interrupted',
      'The answer was interrupted: asked to resume, the server sent another answer. It does not support resuming.',
      {retryable: true},
    );
  }
}

function webPage(): StreamChatError {
  return new StreamChatError(
    'http',
    'The endpoint answered with a web page, not with a stream. Check its URL, or let it send text/event-stream.',
    {retryable: false},
  );
}

function tooLarge(): StreamChatError {
  return new StreamChatError('too-large', 'The answer is too large to be read. It was stopped.');
}
