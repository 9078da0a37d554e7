import type {ProtocolEntry} from './protocol.js';
import * as detect from './detect.js';
import {generic} from './generic.js';
import * as servers from './detect-servers.js';

/**
 * Formats that few pages need, lazy-loaded together with their detection when no bundled format claims an answer. The
 * last one is tried first. To add a format, add a file and a line here.
 */
export const lazy: Readonly<Record<string, ProtocolEntry>> = {
  ...generic,
  'python-dict': {load: () => import('./python-dict.js').then((m) => m.pythonDict), detect: servers.detectPythonDict},
  activity: {load: () => import('./activity.js').then((m) => m.activity), detect: servers.detectActivity},
  voiceflow: {load: () => import('./voiceflow.js').then((m) => m.voiceflow), detect: servers.detectVoiceflow},
  librechat: {load: () => import('./librechat.js').then((m) => m.librechat), detect: servers.detectLibrechat},
  a2a: {load: () => import('./a2a.js').then((m) => m.a2a), detect: servers.detectA2a},
  chatkit: {load: () => import('./chatkit.js').then((m) => m.chatkit), detect: servers.detectChatkit},
  llamaindex: {load: () => import('./llamaindex.js').then((m) => m.llamaindex), detect: servers.detectLlamaindex},
  autogen: {load: () => import('./autogen.js').then((m) => m.autogen), detect: servers.detectAutogen},
  agno: {load: () => import('./agno.js').then((m) => m.agno), detect: servers.detectAgno},
  'extensions-ai': {load: () => import('./extensions-ai.js').then((m) => m.extensionsAi), detect: servers.detectExtensionsAi},
  adk: {load: () => import('./adk.js').then((m) => m.adk), detect: servers.detectAdk},
  bedrock: {load: () => import('./bedrock.js').then((m) => m.bedrock), detect: servers.detectBedrock},
  lmstudio: {load: () => import('./lmstudio.js').then((m) => m.lmstudio), detect: servers.detectLmstudio},
  letta: {load: () => import('./letta.js').then((m) => m.letta), detect: servers.detectLetta},
  lobehub: {load: () => import('./lobehub.js').then((m) => m.lobehub), detect: servers.detectLobehub},
  fastgpt: {load: () => import('./fastgpt.js').then((m) => m.fastgpt), detect: servers.detectFastgpt},
  hunyuan: {load: () => import('./hunyuan.js').then((m) => m.hunyuan), detect: servers.detectHunyuan},
  dashscope: {load: () => import('./dashscope.js').then((m) => m.dashscope), detect: servers.detectDashscope},
  'gemini-interactions': {load: () => import('./gemini-interactions.js').then((m) => m.geminiInteractions), detect: servers.detectGeminiInteractions},
  'agents-sdk': {load: () => import('./agents-sdk.js').then((m) => m.agentsSdk), detect: servers.detectAgentsSdk},
  cohere: {load: () => import('./cohere.js').then((m) => m.cohere), detect: detect.detectCohere},
  watsonx: {load: () => import('./watsonx.js').then((m) => m.watsonx), detect: detect.detectWatsonx},
  mastra: {load: () => import('./mastra.js').then((m) => m.mastra), detect: detect.detectMastra},
  n8n: {load: () => import('./n8n.js').then((m) => m.n8n), detect: detect.detectN8n},
  flowise: {load: () => import('./flowise.js').then((m) => m.flowise), detect: detect.detectFlowise},
  dify: {load: () => import('./dify.js').then((m) => m.dify), detect: detect.detectDify},
  // Before `dify`, whose events look alike.
  ragflow: {load: () => import('./ragflow.js').then((m) => m.ragflow), detect: servers.detectRagflow},
  coze: {load: () => import('./coze.js').then((m) => m.coze), detect: servers.detectCoze},
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
