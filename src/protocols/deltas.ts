import type {Delta} from '../model/conversation.js';

/** Return type of the generators in decoders. */
export type Deltas = Generator<Delta, void, undefined>;
