import type {Message} from '../model/conversation.js';
import type {SavedReader} from './saved-reader.js';

/** State stored for an unfinished answer so that it can be resumed after a reload. Plain data. */
export interface SavedAnswer {
  readonly message: Message;
  readonly reader: SavedReader;
  readonly responseId: string | undefined;
  /** `Location` and `Content-Location` of the first response. Other headers may be secret. */
  readonly headers: readonly (readonly [string, string])[];
  /** Present if the answer has several rounds, because the model called tools. */
  readonly rounds?: {readonly number: number; readonly before: Message; readonly current: Message};
}
