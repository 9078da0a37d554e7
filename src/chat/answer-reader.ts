import type {Delta} from '../model/conversation.js';
import {StreamChatError} from '../model/errors.js';
import {endsAnswer} from './ends-answer.js';
import type {FrameDecoder} from './frame-decoder.js';
import {getFrameDecoder} from './load-frame-decoder.js';
import {createFramer} from '../wire/create-framer.js';
import {Frame, maxFrameLength, type Framer, type Framing} from '../wire/framing.js';
import {FormatGuess, isRawToken} from './format-guess.js';
import {FrameFilter, type ConnectionMode} from './frame-filter.js';
import {foreignAnswerError, unresumableError} from './resume.js';
import type {SavedReader} from './saved-reader.js';
import {isKeepAlive, isPlainJson} from '../protocols/plain-json.js';
import {asRecord, detectProtocol, detectSpecific, getProtocol, isSpecific, type Decoder, type Protocol, type Sample} from '../protocols/protocol.js';
import {createPreamble} from '../wire/preamble.js';
import {isEventType, isTextFinal, mimeEssence, sniffFraming} from '../wire/sniff.js';
import {isWebPage, webPageError} from '../wire/web-page.js';

/** Maximum number of frames buffered for detection. After that an unknown format is decoded as `json-text`. */
const maxBufferedFrames = 16;

/** Deltas that are part of the answer, in contrast to those about it. */
const contentTypes: ReadonlySet<Delta['type']> = new Set(['text', 'reasoning', 'refusal', 'replace', 'tool-call', 'file', 'source']);

/** What a reader is created with. */
export interface AnswerReaderOptions {
  /** Name of the wire format, or `auto`. */
  readonly protocol: string;
  /** Receives the deltas of the answer as they are decoded. */
  readonly sink: (delta: Delta) => void;
  /** The server is known to send end markers, so the end of the body alone does not complete the answer. */
  readonly expectsEndMarker: boolean;
  /** State of an earlier reader, to continue its answer; for example from before a reload. */
  readonly saved?: SavedReader | undefined;
  /** Returns whether the answer may have no output, as after tool calls. Otherwise that is an error. */
  readonly mayBeEmpty?: () => boolean;
}

/**
 * Turns the bodies of one answer, across connections, into deltas. Detects framing and wire format from the first bytes,
 * skips frames already applied, and decides whether the answer is complete.
 */
export class AnswerReader {
  /** The wire format, once it is known. */
  protocolName: string | undefined;

  /** Number of frames applied, across connections. */
  frames = 0;

  /** Whether the server did not continue this answer when asked to: it sent another one, or nothing but an end. */
  isForeign = false;

  /** How completion was established: by an end marker, or by the end of the body where the format allows that. */
  endedBy: 'marker' | 'eof' | undefined;

  #options: AnswerReaderOptions;
  #protocol: Protocol | undefined;
  /** Wire format of earlier connections, while that of a replay is not known yet. */
  #lastProtocol: Protocol | undefined;
  /** Position at the last clean end of a body. */
  #lastCleanEnd: string | undefined;
  #length = 0;
  #decoder: Decoder | undefined;
  #frameDecoder: FrameDecoder | undefined;
  #frameDecoderClass: typeof FrameDecoder | undefined;
  #filter: FrameFilter;

  // State of the current connection.
  #headers = new Headers();
  #framing: Framing | undefined;
  #framer: Framer | undefined;
  /** The framing that the bytes show, whatever the format requires. */
  #sniffed: Framing | undefined;
  /** Text of the body that is read again if the format or its framing changes. */
  #sniffBuffer = '';
  #guess = new FormatGuess();
  /** The output of a wrong guess is shown until the right format has some. */
  #isOutdated = false;
  #mode: ConnectionMode = 'initial';
  #bufferedFrames: Frame[] = [];
  #loading: Promise<void> | undefined;
  #hasBody = false;
  #preamble = createPreamble();
  #hasReceived = false;

  constructor(options: AnswerReaderOptions) {
    this.#options = options;
    this.protocolName = options.saved?.protocolName;
    this.frames = options.saved?.frames ?? 0;
    this.#filter = new FrameFilter(options.saved);
  }

  /** Loads the wire format that the saved reader had detected: it decides how the answer can be resumed. */
  async restore(): Promise<void> {
    if (this.protocolName && !this.#protocol) this.#protocol = await this.#loadProtocol(this.protocolName);
  }

  /** Returns the state that a later reader needs to continue. */
  save(): SavedReader {
    const {protocolName, frames} = this;
    return {protocolName, frames, ...this.#filter.save()};
  }

  /** Whether the answer is complete. Later frames are ignored. */
  get ended(): boolean {
    return this.endedBy !== undefined;
  }

  /** Last event ID of SSE: the server resumes after it. */
  get lastEventId(): string {
    return this.#filter.lastEventId;
  }

  /** Whether the server has proved that it resumes this answer. */
  get hasResumed(): boolean {
    return this.#filter.hasResumed;
  }

  /** Reconnection time that the server set (`retry:`), in milliseconds. */
  get retry(): number | undefined {
    return this.#framer?.retry;
  }

  /** Last event ID that was in the data of an event. */
  get lastDataId(): string {
    return this.#filter.lastDataId;
  }

  /**
   * Whether nothing of an answer has been received on any connection; comments do not count. A body that could not be
   * read counts as received, because the model has already run.
   */
  get hasReceivedNothing(): boolean {
    return this.frames === 0 && !this.#hasReceived;
  }

  /** The wire format, once it is known. */
  get protocol(): Protocol | undefined {
    return this.#protocol ?? this.#lastProtocol;
  }

  /** Whether the response to a resume request is the complete answer as one object. */
  isSnapshot(headers: Headers): boolean {
    return (this.#framing === 'sse' || this.#framing === 'sse-raw') && mimeEssence(headers.get('content-type')) === 'application/json';
  }

  /** Begins a response. `replay`: the server resends the answer from its start. */
  open(headers: Headers, mode: ConnectionMode): void {
    this.#headers = headers;
    this.#mode = mode;
    this.#hasBody = false;
    this.#preamble = createPreamble();
    this.#length = 0;
    if (mode === 'replay') {
      this.#decoder = undefined;
      this.#lastProtocol = this.protocol;
      if (this.#options.protocol === 'auto') this.#protocol = undefined;
    }
    this.#filter.connect(mode);
    this.#framer?.reset();
    if (this.#decoder && this.frames > 0) return;
    // Nothing was applied: detection starts again.
    this.#decoder = undefined;
    if (this.#options.protocol === 'auto' && this.frames === 0) this.#protocol = undefined;
    this.#sniffBuffer = '';
    this.#guess = new FormatGuess();
    this.#bufferedFrames = [];
    this.#framer = this.#framing = this.#sniffed = undefined;
  }

  /** Parses the next chunk of the body. Returns a promise to await while the code of a wire format loads. */
  push(text: string): void | Promise<void> {
    if (this.ended || text === '') return;
    if (this.#loading) return this.#loading.then(() => this.push(text));
    if (!this.#hasBody) {
      const contentType = this.#headers.get('content-type');
      const isEventStream = mimeEssence(contentType) === '' || isEventType(contentType);
      this.#hasBody = isEventStream ? this.#preamble.push(text) : text.trim() !== '';
      this.#hasReceived ||= this.#hasBody;
    }
    this.#length += text.length;
    if (this.#decoder && this.#framer) {
      if (this.#guess.isOpen) this.#sniffBuffer += text;
      if (this.#guess.isOpen && this.#framing === 'text' && this.#isEventsAfterAll()) return this.#detect('', false);
      this.#framer.push(text);
    } else return this.#detect(text, false);
  }

  /** Ends the connection. `clean`: the server ended the body. Resolves to whether the answer is complete. */
  async end(clean: boolean): Promise<boolean> {
    await this.#loading;
    if (this.ended) return true;
    if (!this.#hasBody) return false;
    if (clean && !this.#decoder) await this.#detect('', true);
    let framer, whole;
    do {
      framer = this.#framer;
      whole = framer?.end(clean, this.#dropsIncompleteEvent(clean)) ?? false;
      await this.#loading;
    } while (framer !== this.#framer);
    if (this.ended) return true;
    if (this.#filter.isBehind) return false;
    if (clean && whole) {
      if (!this.#options.expectsEndMarker) this.#applyAll(this.#filter.release());
      this.#decodeEof();
    }
    if (!this.ended && this.#decoder?.isWhole?.() && !this.#filter.isUnproven) this.#complete('eof');
    const error = clean && !this.ended ? this.#frameDecoder?.verdict(false) : undefined;
    if (error) this.#options.sink({type: 'error', error});
    return this.ended;
  }

  /** Whether to drop an incomplete last event because the server will resend it on resume. */
  #dropsIncompleteEvent(clean: boolean): boolean {
    if (this.#framing === 'sse-raw' && this.#options.expectsEndMarker) return true;
    const {count} = this.#filter;
    if (!clean || count === -1) return false;
    const place = `${this.#length} ${count}`;
    // Ended twice at the same place: this server never terminates its last event.
    const isRepeated = place === this.#lastCleanEnd;
    this.#lastCleanEnd = place;
    return !isRepeated || this.#framing === 'sse-raw';
  }

  #decodeEof() {
    if (!this.#decoder || !this.#frameDecoder) return;
    for (const delta of this.#frameDecoder.end(this.#decoder)) {
      if (delta.type !== 'end') this.#emit(delta);
      else if (!this.#options.expectsEndMarker && !this.#filter.isUnproven) this.#complete('eof');
    }
  }

  /** Ends the answer. One without output, which the user would see as silence, has failed. */
  #complete(by: 'marker' | 'eof') {
    this.endedBy = by;
    const isResumed = this.#options.saved !== undefined && this.#options.saved.frames > 0;
    const error = isResumed || this.#options.mayBeEmpty?.() ? undefined : this.#frameDecoder?.verdict(true);
    if (error) this.#options.sink({type: 'error', error});
  }

  #emit(delta: Delta) {
    if (this.#isOutdated && this.#frameDecoder?.hasOutput) {
      this.#isOutdated = false;
      this.#options.sink({type: 'restart'});
    }
    this.#options.sink(delta);
  }

  /** Detects framing and wire format from the start of the body. */
  async #detect(text: string, ended: boolean): Promise<void> {
    this.#sniffBuffer += text;
    if (this.#sniffBuffer.length > maxFrameLength) throw new StreamChatError('too-large', 'The answer is too large to be read. It was stopped.');
    if (this.#framer) this.#framer.push(text);
    else {
      await this.#loadNamedProtocol();
      const contentType = this.#headers.get('content-type');
      const isPage = isWebPage(this.#sniffBuffer, contentType);
      if (isPage) throw webPageError();
      if (isPage === undefined && !ended) return;
      this.#sniffed = sniffFraming(this.#sniffBuffer, contentType, ended);
      const framing = this.#protocol?.framing ?? this.#sniffed;
      if (framing) this.#startFraming(framing);
    }
    if (!this.#decoder && !this.#loading && this.#bufferedFrames.length === 0) await this.#detectOpenText();
    if (ended && !this.#decoder && !this.#loading) {
      // A single incomplete event, or no wire format matches.
      if (this.#framing === 'sse' || this.#framing === 'json') this.#framer?.end(true);
      // The frames of the last call may have begun to load a format.
      await (this.#loading as Promise<void> | undefined);
      if (this.#decoder || this.#loading) return this.#loading;
      if (this.#framing === 'text') this.#useProtocol('plain-text');
      else if (this.#bufferedFrames.length > 0) this.#useProtocol('json-text');
    }
    await this.#loading;
  }

  /** Detects the format of tokens without blank lines between them, of which no event is complete. */
  async #detectOpenText(): Promise<void> {
    const text = this.#framer?.openText;
    if (text === undefined) return;
    const frame = new Frame(text);
    const sample = this.#sample(frame, [frame]);
    await detectProtocol(sample); // It may load more formats, which the next call has.
    const found = detectProtocol(sample);
    if (typeof found === 'string') this.#useProtocol(found);
  }

  #startFraming(framing: Framing) {
    this.#framing = framing;
    const framer = createFramer(framing, (frame) => {
      // A framer that was replaced is still in the middle of a chunk.
      if (framer === this.#framer) this.#readFrame(frame);
    });
    this.#framer = framer;
    this.#setDecoder(this.#protocol);
    framer.push(this.#sniffBuffer);
    if (this.#decoder && !this.#guess.isOpen && framer === this.#framer) this.#sniffBuffer = '';
  }

  #readFrame(frame: Frame) {
    if (this.ended) return;
    if (this.#decoder && !this.#loading) {
      if (this.#guess.isOpen && this.#framing !== 'text' && this.#isClaimed(frame)) return;
      return this.#apply(frame);
    }
    this.#bufferedFrames.push(frame);
    if (this.#loading || isKeepAlive(frame.event)) return;
    const frames = this.#bufferedFrames.filter(({event}) => !isKeepAlive(event));
    const found = detectProtocol(this.#sample(frame, frames));
    if (typeof found === 'string') this.#useProtocol(found);
    else if (found) this.#load(found.then(() => this.#flushBufferedFrames()));
    else if (frames.length > maxBufferedFrames) this.#useProtocol('json-text');
  }

  #sample(frame: Frame, frames: readonly Frame[]): Sample {
    const json = asRecord(/^\s*\{/.test(frame.data) ? frame.maybeJson : undefined);
    return {headers: this.#headers, framing: this.#sniffed ?? this.#framing!, frames, frame, json};
  }

  /** Whether a documented format recognizes a frame of an answer whose format was guessed; if so, decodes the answer again. */
  #isClaimed(frame: Frame): boolean {
    const sample = this.#sample(frame, [frame]);
    const isRaw = this.protocolName === 'json-text' && !this.#frameDecoder?.hasOutput && isRawToken(frame, this.#framing);
    const found = isPlainJson(sample.json) ? undefined : (isRaw ? 'raw-text' : detectSpecific(sample));
    if (found === undefined) return false;
    if (typeof found !== 'string') {
      this.#bufferedFrames.push(frame);
      this.#load(found.then(() => this.#flushBufferedFrames()));
      return true;
    }
    this.#discardGuess();
    this.#useProtocol(found);
    return true;
  }

  /** Whether server-sent events follow what was plain text: noise of the server, such as warnings. */
  #isEventsAfterAll(): boolean {
    const framing = sniffFraming(this.#sniffBuffer, this.#headers.get('content-type'), false);
    if (framing !== 'sse' && framing !== 'lines') {
      this.#guess.isOpen = !isTextFinal(this.#sniffBuffer);
      if (!this.#guess.isOpen) this.#sniffBuffer = '';
      return false;
    }
    this.#discardGuess();
    this.#framer = this.#protocol = undefined;
    this.#guess = new FormatGuess();
    return true;
  }

  #discardGuess() {
    this.#isOutdated = this.#frameDecoder?.hasOutput ?? false;
    this.frames = 0;
    this.#filter = new FrameFilter();
    this.#decoder = this.#framing = undefined;
  }

  /** Loads a format, and what decodes the frames of any. */
  async #loadProtocol(name: string): Promise<Protocol> {
    const [protocol, constructor] = await Promise.all([getProtocol(name), getFrameDecoder()]);
    this.#frameDecoderClass = constructor;
    return protocol;
  }

  #setDecoder(protocol: Protocol | undefined) {
    this.#decoder = protocol?.createDecoder?.();
    this.#frameDecoder = this.#frameDecoderClass && new this.#frameDecoderClass();
  }

  /** Decodes the frames that were buffered until the format is known. */
  #flushBufferedFrames() {
    const frames = this.#bufferedFrames;
    this.#bufferedFrames = [];
    this.#loading = undefined;
    for (const frame of frames) this.#readFrame(frame);
    return this.#loading;
  }

  /** Makes `push` and `end` wait for `loading`. */
  #load(loading: Promise<void>) {
    this.#loading = loading;
    // Awaited by the next `push` or `end`, which report a rejection.
    loading.catch(() => undefined);
  }

  /** Decodes the body in this wire format, including what is buffered. */
  #useProtocol(name: string) {
    const loading = this.#loadProtocol(name).then((protocol) => {
      this.#loading = undefined;
      this.protocolName = name;
      this.#protocol = protocol;
      const mayBeWrong = name === 'plain-text' ? isEventType(this.#headers.get('content-type')) : !isSpecific(name);
      this.#guess = new FormatGuess(mayBeWrong && this.#mode !== 'cursor');
      const framing = protocol.framing ?? this.#sniffed ?? this.#framing!;
      if (framing !== this.#framing) {
        this.#bufferedFrames = [];
        return this.#startFraming(framing);
      }
      this.#setDecoder(protocol);
      if (!this.#guess.isOpen) this.#sniffBuffer = '';
      return this.#flushBufferedFrames();
    });
    this.#load(loading);
  }

  /** Loads the wire format named by the `protocol` attribute, unless it only encodes requests. */
  async #loadNamedProtocol() {
    const {protocol: name} = this.#options;
    if (name === 'auto' || this.#protocol) return;
    const protocol = await this.#loadProtocol(name);
    if (!protocol.createDecoder) return;
    this.#protocol = protocol;
    this.protocolName = name;
  }

  #apply(frame: Frame) {
    const dataId = frame.id === undefined ? this.#protocol?.idOf?.(frame) : undefined;
    const isEnd = () => endsAnswer(this.#frameDecoderClass!, this.#protocol, frame, this.#framing);
    try {
      this.#applyAll(this.#filter.accept(frame, dataId, isEnd));
    } catch (error) {
      if (error instanceof StreamChatError && error.code === 'interrupted') this.isForeign = true;
      throw error;
    }
  }

  #applyAll(frames: readonly Frame[]) {
    for (const frame of frames) this.#applyNew(frame);
  }

  #applyNew(frame: Frame) {
    let hasContent = false;
    for (const delta of this.#frameDecoder!.decode(this.#decoder!, frame, this.#framing)) {
      if (delta.type === 'end') {
        if (this.#filter.isUnproven) throw this.refuse(unresumableError());
        this.#complete('marker');
      } else {
        hasContent ||= contentTypes.has(delta.type);
        this.#emit(delta);
      }
    }
    if (!isKeepAlive(frame.event)) this.frames++;
    if (this.#framing !== 'text' && this.#guess.becomesFinal(hasContent)) this.#sniffBuffer = '';
    this.#filter.record(frame, hasContent);
  }

  /** Marks the response as not continuing the answer, by default because it is another one. Returns the error to throw. */
  refuse(error = foreignAnswerError()): StreamChatError {
    this.isForeign = true;
    return error;
  }
}
