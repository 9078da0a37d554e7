/**
 * Answers without the element: for an interface of one's own, a worker, or a server. No DOM.
 *
 *     import {ask} from 'stream-chat-element/core';
 *
 *     const answer = ask('https://example.org/api/chat', {messages: 'Why is the sky blue?'});
 *     for await (const {text} of answer) show(text);
 *
 * @module
 */
import {registerLazyProtocols} from './protocols/protocol.js';

// A caller of one endpoint needs one format, so all formats are lazy-loaded.
registerLazyProtocols(() => import('./protocols/all.js').then(({all}) => all));

export {ask, type Answer, type AskOptions} from './chat/ask.js';
export {applyDelta, createAnswer, createMessage} from './model/conversation.js';
export type {Delta, FinishReason, Message, MessageInit, Part, Role, ToolCallPart, Usage} from './model/conversation.js';
export {StreamChatError, type StreamChatErrorCode} from './model/errors.js';
export {createFramer} from './wire/create-framer.js';
export {Frame, type Framer, type Framing} from './wire/framing.js';
export {createPosition, type Position, type SavedPosition} from './wire/position.js';
export {getProtocol, registerProtocol} from './protocols/protocol.js';
export type {Decoder, Protocol, RequestSettings, Sample, ToolDescription} from './protocols/protocol.js';
