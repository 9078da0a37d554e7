import {plain} from './renderers/plain.js';
import {registerLazyRenderer, registerRenderer} from './renderers/renderer.js';

registerRenderer('plain', plain);
registerLazyRenderer('markdown', () => import('./renderers/markdown.js').then(({markdown}) => markdown));

export {StreamChat} from './stream-chat.js';
export * from './chat/events.js';
export {StreamChatError, type StreamChatErrorCode} from './model/errors.js';
export type {BodySource, HeadersSource} from './chat/chat-host.js';
export type {Delta, FinishReason, Message, MessageInit, Part, Role, ToolCallPart, Usage} from './model/conversation.js';
export {Frame, type Framing} from './wire/framing.js';
export {registerProtocol, type Decoder, type Protocol, type RequestSettings, type Sample, type ToolDescription} from './protocols/protocol.js';
export {registerLocale} from './locales/localize.js';
export {registerCodeBlock, registerRenderer, type CreateRenderer, type DrawCodeBlock, type RenderContext, type Renderer} from './renderers/renderer.js';
export {registerSource, type Source, type SourceAnswer, type SourceOptions, type SourceRequest} from './sources/source.js';
export {createRawText} from './protocols/raw-text.js';
export type {Tool, ToolContext} from './chat/run-tools.js';
export type {Strings} from './locales/en.js';
