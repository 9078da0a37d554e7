import type {SavedPosition} from '../wire/position.js';
import type {SavedIdentity} from './answer-identity.js';

/** State that a reader needs to continue an answer, as plain data. */
export interface SavedReader {
  readonly protocolName: string | undefined;
  readonly frames: number;
  readonly idsAreInData: boolean;
  readonly position: SavedPosition;
  /** IDs by which the server names the answer, and its first frame if that has no text. Absent in earlier versions. */
  readonly generation?: SavedIdentity;
}
