import {messageOf} from './thrown.js';

/** Why an answer failed. A closed set, so that host pages can switch on it. */
export type StreamChatErrorCode =
  | 'network'
  | 'offline'
  | 'http'
  | 'auth'
  | 'rate-limit'
  | 'timeout'
  | 'interrupted'
  | 'protocol'
  | 'provider'
  | 'too-large'
  | 'tool'
  | 'config';

/** A message that the chat refuses: the `budget` of the conversation is used up, or a `file` cannot be sent. */
export type ErrorKind = 'budget' | 'file' | 'no-model';

/** Details of an error in addition to its code and message. */
export interface StreamChatErrorOptions extends ErrorOptions {
  /** HTTP status, if there was a response. */
  readonly status?: number | undefined;
  /** Whether a retry may help. The default depends on the code. */
  readonly retryable?: boolean | undefined;
  /** Delay that the server asked for (`Retry-After`), in seconds. */
  readonly retryAfter?: number | undefined;
  /** What the user has to change, if that is the cause. */
  readonly kind?: ErrorKind | undefined;
}

const retryableCodes: ReadonlySet<StreamChatErrorCode> = new Set([
  'network',
  'offline',
  'rate-limit',
  'timeout',
  'interrupted',
  'provider',
  'protocol',
]);

/** The only error type the element reports. The underlying error, if any, is in `cause`. */
export class StreamChatError extends Error {
  override readonly name = 'StreamChatError';

  /** Why the answer failed. */
  readonly code: StreamChatErrorCode;

  /** HTTP status, if there was a response. */
  readonly status: number | undefined;

  /** Whether a retry may help. */
  readonly retryable: boolean;

  /** Delay before the next request that the server asked for, in seconds. */
  readonly retryAfter: number | undefined;

  /** What the user has to change, if that is the cause. */
  readonly kind: ErrorKind | undefined;

  constructor(code: StreamChatErrorCode, message: string, options: StreamChatErrorOptions = {}) {
    super(message, 'cause' in options ? {cause: options.cause} : undefined);
    this.code = code;
    this.status = options.status;
    this.retryable = options.retryable ?? retryableCodes.has(code);
    this.retryAfter = options.retryAfter;
    this.kind = options.kind;
  }

  /** Returns `error` if it is a `StreamChatError`, and otherwise wraps it. */
  static from(error: unknown, code: StreamChatErrorCode): StreamChatError {
    if (!isStreamChatError(error)) return new StreamChatError(code, messageOf(error), {cause: error});
    const {code: known, message} = error;
    return error instanceof StreamChatError ? error : new StreamChatError(known, message, error);
  }
}

/**
 * Returns whether an error is a `StreamChatError`. Lazy modules and a second copy on the page have their own class of the
 * same name.
 */
export function isStreamChatError(error: unknown): error is StreamChatError {
  try {
    return error instanceof Error && error.name === 'StreamChatError';
  } catch {
    // A proxy or a getter of the page that throws.
    return false;
  }
}

const messageKeys = [
  0,
  'error',
  'last_error',
  'message',
  'errorMessage',
  'error_message',
  'error_msg',
  'detail',
  'errorText',
  'msg',
  'errmsg',
  'status_msg',
  'title',
];

/**
 * Returns the message of an error response, from any field where servers put it (`error.message`, `error`, `message`,
 * `detail`, …); empty if there is none.
 */
export function findErrorMessage(value: unknown, depth = 0): string {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null || depth > 3) return '';
  const record = value as Readonly<Record<string, unknown>>;
  for (const key of messageKeys) {
    const message = Object.hasOwn(record, key) ? findErrorMessage(record[key], depth + 1) : '';
    if (message) return message;
  }
  return '';
}
