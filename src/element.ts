import {usual} from './protocols/usual.js';
import {plain} from './renderers/plain.js';
import {registerMoreProtocols, registerProtocol} from './protocol.js';
import {registerRenderer, registerRendererPart} from './renderer.js';

for (const [name, {load, detect}] of Object.entries(usual)) registerProtocol(name, load, detect);
registerMoreProtocols(() => import('./protocols/more.js').then(({more}) => more));

registerRenderer('plain', plain);
registerRendererPart('markdown', () => import('./renderers/markdown.js').then(({markdown}) => markdown));

export {StreamChat} from './stream-chat.js';
export * from './events.js';
export {StreamChatError, type StreamChatErrorCode} from './errors.js';
export type {BodySource, HeadersSource} from './chat-controller.js';
export type {Delta, FinishReason, Message, MessageInit, Part, Role, ToolCallPart, Usage} from './conversation.js';
export {Frame, type Framing} from './framing.js';
export {registerProtocol, type Decoder, type Protocol, type RequestSettings, type Sample, type ToolDescription} from './protocol.js';
export {registerLocale} from './localize.js';
export {registerCodeBlock, registerRenderer, type CreateRenderer, type DrawCodeBlock, type RenderContext, type Renderer} from './renderer.js';
export {createRawText} from './protocols/raw-text.js';
export type {Tool, ToolContext} from './tools.js';
export type {Strings} from './locales/en.js';
