import type {ProtocolEntry} from './protocol.js';
import * as detect from './detect.js';
import {generic} from './generic.js';

/**
 * Formats that few pages need, lazy-loaded together with their detection when no bundled format claims an answer. The
 * last one is tried first. To add a format, add a file and a line here.
 */
export const lazy: Readonly<Record<string, ProtocolEntry>> = {
  ...generic,
  cohere: {load: () => import('./cohere.js').then((m) => m.cohere), detect: detect.detectCohere},
  watsonx: {load: () => import('./watsonx.js').then((m) => m.watsonx), detect: detect.detectWatsonx},
  mastra: {load: () => import('./mastra.js').then((m) => m.mastra), detect: detect.detectMastra},
  n8n: {load: () => import('./n8n.js').then((m) => m.n8n), detect: detect.detectN8n},
  flowise: {load: () => import('./flowise.js').then((m) => m.flowise), detect: detect.detectFlowise},
  dify: {load: () => import('./dify.js').then((m) => m.dify), detect: detect.detectDify},
  langserve: {load: () => import('./langserve.js').then((m) => m.langserve), detect: detect.detectLangserve},
  langgraph: {load: () => import('./langgraph.js').then((m) => m.langgraph), detect: detect.detectLanggraph},
  'ag-ui': {load: () => import('./ag-ui.js').then((m) => m.agUi), detect: detect.detectAgUi},
  'ai-sdk-data': {load: () => import('./ai-sdk-data.js').then((m) => m.aiSdkData), detect: detect.detectAiSdkData},
  'ai-sdk-ui': {load: () => import('./ai-sdk-ui.js').then((m) => m.aiSdkUi), detect: detect.detectAiSdkUi},
  ollama: {load: () => import('./ollama.js').then((m) => m.ollama), detect: detect.detectOllama},
  gemini: {load: () => import('./gemini.js').then((m) => m.gemini), detect: detect.detectGemini},
  anthropic: {load: () => import('./anthropic.js').then((m) => m.anthropic), detect: detect.detectAnthropic},
  // Only over WebSockets. Not detected, because its frames look like those of Responses.
  'openai-realtime': {load: () => import('./openai-realtime.js').then((m) => m.openaiRealtime)},
  'openai-responses': {
    load: () => import('./openai-responses.js').then((m) => m.openaiResponses),
    detect: detect.detectOpenaiResponses,
  },
};
