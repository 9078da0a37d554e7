import type {AnswerFacts} from '../server/formats.js';
import {tokenize} from '../server/model.js';

/** Resolves after `ms`, or when nobody listens any more. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (ms <= 0 || signal.aborted) return resolve();
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

/** What a piece is written to. It throws nothing when nobody listens. */
export interface Outlet {
  readonly signal: AbortSignal;
  write(text: string): void;
  /** Waits for as long as a model would for its next piece. */
  wait(ms: number): Promise<void>;
}

/** A response whose body is written by `write`. What that throws, the reader meets as a lost connection. */
export function stream(headers: Record<string, string>, write: (outlet: Outlet) => Promise<void>): Response {
  const left = new AbortController();
  const {signal} = left;
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      const outlet: Outlet = {
        signal,
        write: (text) => {
          if (text !== '' && !signal.aborted) controller.enqueue(encoder.encode(text));
        },
        wait: (ms) => pause(ms, signal),
      };
      write(outlet).then(
        () => {
          if (!signal.aborted) controller.close();
        },
        (error: unknown) => controller.error(error),
      );
    },
    cancel: () => left.abort(),
  });
  return new Response(body, {headers: {'cache-control': 'no-store', ...headers}});
}

/** What an answer carries beside its text. */
export function facts(id: string, turns: readonly {readonly text: string}[]): AnswerFacts {
  return {
    id,
    model: 'quill-1',
    created: Math.floor(Date.now() / 1000),
    promptTokens: turns.reduce((sum, {text}) => sum + tokenize(text).length, 0),
  };
}
