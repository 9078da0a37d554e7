import {detectOpenaiChat} from './protocols/detect.js';
import {detectJsonText, jsonText} from './protocols/json-text.js';
import {openaiChat} from './protocols/openai-chat.js';
import {detectPlainText, plainText} from './protocols/plain-text.js';
import {prompt} from './protocols/prompt.js';
import {detectRawText, rawText} from './protocols/raw-text.js';
import {plain} from './renderers/plain.js';
import {registerMoreProtocols, registerProtocol} from './protocol.js';
import {registerRenderer, registerRendererPart} from './renderer.js';
import {StreamChat} from './stream-chat.js';

// The last one is asked first: what would claim anything stands on top.
registerProtocol('plain-text', plainText, detectPlainText);
registerProtocol('raw-text', rawText, detectRawText);
registerProtocol('json-text', jsonText, detectJsonText);
registerProtocol('prompt', prompt);

registerProtocol('openai-chat', openaiChat, detectOpenaiChat);
registerMoreProtocols(() => import('./protocols/more.js').then(({more}) => more));

registerRenderer('plain', plain);
registerRendererPart('markdown', () => import('./renderers/markdown.js').then(({markdown}) => markdown));

StreamChat.define();

export {StreamChat};
export * from './events.js';
export {StreamChatError, type StreamChatErrorCode} from './errors.js';
export type {BodySource, HeadersSource} from './chat-controller.js';
export type {Delta, FinishReason, Message, MessageInit, Part, Role, ToolCallPart, Usage} from './conversation.js';
export {Frame, type Framing} from './framing.js';
export {registerProtocol, type Decoder, type Protocol, type RequestSettings, type Sample, type ToolDescription} from './protocol.js';
export {registerRenderer, type CreateRenderer, type RenderContext, type Renderer} from './renderer.js';
export {createRawText} from './protocols/raw-text.js';
export type {Tool, ToolContext} from './tools.js';
export type {Strings} from './locales/en.js';
