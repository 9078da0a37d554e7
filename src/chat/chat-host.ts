import type {ReactiveControllerHost} from 'lit';

import type {StreamChatError} from '../model/errors.js';
import type {RequestSettings} from '../protocols/protocol.js';
import type {Source} from '../sources/source.js';
import type {Attempt, TransportLimits} from '../wire/transport.js';
import type {EndpointSettings} from './resolve-url.js';
import type {Tool} from './run-tools.js';
import type {Persistence, StorageNotice} from './storage.js';

/** Headers for every request, or a function called before each attempt that returns them. */
export type HeadersSource = HeadersInit | ((attempt: Attempt) => HeadersInit | Promise<HeadersInit>);

/** Fields to add to the request body, or a function that receives the body and returns the one to send. */
export type BodySource =
  | Readonly<Record<string, unknown>>
  | ((body: Record<string, unknown>) => Record<string, unknown> | Promise<Record<string, unknown>>);

/** Number of characters at which an answer without `max-chars` is stopped. */
export const defaultMaxChars = 4_000_000;

/** What the controller and its answers need from the element. Read on each use, because properties can change at any time. */
export interface ChatHost extends ReactiveControllerHost, EventTarget {
  readonly isConnected: boolean;
  readonly id: string;
  readonly attributes: NamedNodeMap;
  readonly protocol: string;
  readonly credentials: RequestCredentials;
  readonly headers: HeadersSource | undefined;
  readonly body: BodySource | undefined;
  readonly resume: string;
  readonly stopEndpoint: string;
  readonly persist: Persistence;
  readonly historyLimit: number | undefined;
  readonly maxChars: number | undefined;
  readonly maxRounds: number;
  readonly budget: number | undefined;
  readonly tools: readonly Tool[];
  readonly source: string | Source;
  readonly endpointSettings: EndpointSettings;
  readonly requestSettings: Omit<RequestSettings, 'chatId'>;
  readonly limits: TransportLimits;
  /** Waits for a lazy module. If it cannot be loaded, reports that and the consequence, and resolves to an empty object. */
  loadModule<T>(module: Promise<T>, name: string, consequence: string): Promise<Partial<T>>;
  /** Reports a mistake of the host page, or a refusal of the browser, once. */
  reportConfigError(error: StreamChatError): void;
  /** Shows a sentence of `strings` below the transcript, and announces it when it is new; `undefined` removes it. */
  showNotice(name: StorageNotice | 'downloading' | undefined, percent?: number): void;
}
