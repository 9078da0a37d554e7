// Everything that each chat needs soon after its first paint, as one lazy module: one request instead of four.
// Only the element imports it; modules below it call the element's `loadDeferred()`.
export {Announcer} from './speech/announcer.js';
export {listenForCopies} from './transcript/copy-listener.js';
export {deferredStyles} from './transcript/deferred.styles.js';
export {drawActions} from './transcript/message-actions.js';
export {RovingFocus} from './transcript/roving-focus.js';
