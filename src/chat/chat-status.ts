import type {ChatState} from './events.js';

/** Status shown while an answer is awaited. */
export interface ChatStatus {
  readonly state: ChatState;
  /** Time of the next attempt while `waiting`, in `performance.now()` milliseconds. */
  readonly retryAt?: number;
  /** Whether the server refused the last attempt while `waiting`, so that no connection was lost. */
  readonly isRefused?: boolean;
}
