import type {Delta} from '../model/conversation.js';

/** What the generators of the decoders make. */
export type Deltas = Generator<Delta, void, undefined>;
