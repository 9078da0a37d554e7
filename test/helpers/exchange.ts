import {expect} from '@open-wc/testing';

/** A request that reached `fetch`, as long as it is answered by the test. */
export interface Exchange {
  readonly url: string;
  readonly init: RequestInit;
  /** Whether the client has released the connection. */
  readonly isReleased: boolean;
  /** Whether the response was sent to its end. */
  readonly isClosed: boolean;
  /** Sends the headers, and keeps the body open. */
  open(headers?: Record<string, string>, status?: number): void;
  /** Sends a whole response. */
  respond(response: Response): void;
  /** Sends a part of the body, as text or as bytes. What is sent after the release is lost. */
  write(chunk: string | Uint8Array): void;
  /** Ends the body. */
  close(): void;
  /** Loses the connection. */
  lose(): void;
}

/** Requests in their order. A test answers each; one that it did not expect makes it fail. */
export interface Network {
  readonly exchanges: readonly Exchange[];
  /** The last request. Fails if there were not `count` until now. */
  nth(count: number): Exchange;
}

const realFetch = globalThis.fetch;

/** Replaces `fetch` until the end of the test. */
export function installNetwork(): Network {
  const exchanges: Exchange[] = [];
  const encoder = new TextEncoder();
  globalThis.fetch = (input, init = {}) =>
    new Promise((resolve, reject) => {
      const url = typeof input === 'string' ? input : input instanceof URL ? input.href : input.url;
      // The test runner's own.
      if (url.startsWith('/__') || url.includes('/__')) return resolve(realFetch(input, init));
      let body: ReadableStreamDefaultController<Uint8Array> | undefined;
      let isReleased = false;
      let isClosed = false;
      const stream = new ReadableStream<Uint8Array>({
        start: (controller) => void (body = controller),
        cancel: () => void (isReleased = true),
      });
      const fail = (error: unknown) => {
        reject(error as Error);
        try {
          body?.error(error);
        } catch (cause) {
          expect(cause, 'it has ended').to.be.instanceOf(TypeError);
        }
      };
      const abort = () => {
        isReleased = true;
        fail(new DOMException('Aborted.', 'AbortError'));
      };
      if (init.signal?.aborted) return abort();
      init.signal?.addEventListener('abort', abort);
      exchanges.push({
        url,
        init,
        get isReleased() {
          return isReleased;
        },
        open: (headers = {'content-type': 'text/event-stream'}, status = 200) => resolve(new Response(stream, {headers, status})),
        get isClosed() {
          return isClosed;
        },
        respond(response) {
          isClosed = true;
          resolve(response);
        },
        write(chunk) {
          if (!isReleased) body!.enqueue(typeof chunk === 'string' ? encoder.encode(chunk) : chunk);
        },
        close() {
          isClosed = true;
          if (!isReleased) body!.close();
        },
        lose() {
          isClosed = true;
          fail(new TypeError('network error'));
        },
      });
    });
  return {
    exchanges,
    nth(count) {
      expect(exchanges, 'requests').to.have.length(count);
      return exchanges[count - 1]!;
    },
  };
}

afterEach(() => void (globalThis.fetch = realFetch));
