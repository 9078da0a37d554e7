/** Why an answer failed. A closed set: pages switch on it. */
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

/** What is known of a failure beside its code and its words. */
export interface StreamChatErrorOptions extends ErrorOptions {
  /** HTTP status, where there was a response. */
  readonly status?: number | undefined;
  /** Whether asking again may help. Defaults to what the code says. */
  readonly retryable?: boolean | undefined;
  /** Seconds the server asked to wait (`Retry-After`). */
  readonly retryAfter?: number | undefined;
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

  /** HTTP status, where there was a response. */
  readonly status: number | undefined;

  /** Whether asking again may help. */
  readonly retryable: boolean;

  /** Seconds the server asked to wait before the next request. */
  readonly retryAfter: number | undefined;

  constructor(code: StreamChatErrorCode, message: string, options: StreamChatErrorOptions = {}) {
    super(message, 'cause' in options ? {cause: options.cause} : undefined);
    this.code = code;
    this.status = options.status;
    this.retryable = options.retryable ?? retryableCodes.has(code);
    this.retryAfter = options.retryAfter;
  }

  /** Returns `error` if it is one of ours already, and else wraps it. */
  static from(error: unknown, code: StreamChatErrorCode): StreamChatError {
    if (error instanceof StreamChatError) return error;
    if (!(error instanceof Error)) return new StreamChatError(code, String(error), {cause: error});
    // A part that is loaded on first use, and a second copy on the page, have a class of the same name.
    const ours = error.name === 'StreamChatError' ? (error as StreamChatError) : undefined;
    return ours
      ? new StreamChatError(ours.code, ours.message, ours)
      : new StreamChatError(code, error.message, {cause: error});
  }
}

/**
 * Returns the words of an error, wherever servers put them (`error.message`, `error`, `message`, `detail`, …); empty if
 * there are none.
 */
export function findErrorMessage(value: unknown, depth = 0): string {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null || depth > 3) return '';
  const record = value as Readonly<Record<string, unknown>>;
  for (const key of [0, 'error', 'message', 'detail', 'errorText', 'msg', 'title']) {
    const message = Object.hasOwn(record, key) ? findErrorMessage(record[key], depth + 1) : '';
    if (message) return message;
  }
  return '';
}
