// The code behind Send, as one lazy module: it is loaded when a question is near, so that a page without one does not pay.
import {bundled} from '../protocols/bundled.js';
import {registerBundledProtocols, registerLazyProtocols} from '../protocols/protocol.js';
import {FrameDecoder} from './frame-decoder.js';
import {registerFrameDecoder} from './load-frame-decoder.js';

registerBundledProtocols(bundled);
registerLazyProtocols(() => import('../protocols/lazy.js').then(({lazy}) => lazy));
registerFrameDecoder(FrameDecoder);

export {AnswerSession} from './answer-session.js';
export {notifyServer} from './notify-server.js';
