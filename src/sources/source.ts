import type {Delta, Message} from '../model/conversation.js';
import type {RequestSettings} from '../protocols/protocol.js';

/** What a source is asked: the conversation, and the request that `fetch` would send for it. */
export interface SourceRequest {
  /** Absolute URL of the endpoint; empty if there is none. */
  readonly url: string;
  readonly method: string;
  /** Headers of the wire format and of the page. */
  readonly headers: Headers;
  /** The conversation as JSON in the wire format of `protocol`; `undefined` for GET requests. */
  readonly body: string | undefined;
  /** The `protocol` of the element, in which the body is written. */
  readonly protocol: string;
  /** The conversation; the last message is the question, or holds the results of tools. */
  readonly messages: readonly Message[];
  /** Text of the question. */
  readonly prompt: string;
  /** Model, system prompt, tools and other settings, with the ID of the conversation as `chatId`. */
  readonly settings: RequestSettings;
  /** Aborts when the answer is stopped, when nothing comes for too long, or when the element is removed. */
  readonly signal: AbortSignal;
}

/**
 * An answer: text or deltas as they come; or a `Response` or its body, whose framing and wire format are detected as those
 * of an endpoint.
 */
export type SourceAnswer = Response | string | AsyncIterable<string | Delta> | ReadableStream<string | Delta | Uint8Array>;

/** What a source receives beside the request. */
export interface SourceOptions {
  /** The `signal` of the request, too. */
  readonly signal: AbortSignal;
  /** Shows the user that a model is being downloaded, and how much of it is there: 0 to 1. */
  reportDownload(fraction: number): void;
}

/** Gets an answer. What it throws ends the answer as an error. */
export type Source = (request: SourceRequest, options: SourceOptions) => SourceAnswer | PromiseLike<SourceAnswer>;

const registered = new Map<string, Source>();

/** Makes a source available to `<stream-chat source="name">`. A later registration replaces an earlier one. */
export function registerSource(name: string, source: Source): void {
  registered.set(name, source);
}

/** Returns the source that a page has registered as `name`. */
export function findRegistered(name: string): Source | undefined {
  return registered.get(name);
}

/** Returns the names of the sources that the page has registered. */
export function registeredNames(): readonly string[] {
  return [...registered.keys()];
}
