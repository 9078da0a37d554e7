import {readHandmade} from './langgraph-handmade.js';
import {asArray, asRecord, asString, type Sample} from './protocol.js';

// Detection of each format from the beginning of a response. One file, because it is loaded as a whole, while most
// decoders are loaded only when their format is detected.

/** `choices`: empty ones only under the name of the format. */
export function detectOpenaiChat({json}: Sample): boolean {
  const choices = json['choices'];
  if (!Array.isArray(choices)) return false;
  if (choices.length === 0) return /^(?:chat\.completion|text_completion|$)/.test(asString(json['object']));
  return choices.some((choice) => ['delta', 'message', 'text', 'finish_reason', 'finishReason'].some((key) => key in asRecord(choice)));
}

/** Event types that begin with `response.`, an error with a sequence number, or a whole response. */
export function detectOpenaiResponses({json}: Sample): boolean {
  const type = asString(json['type']);
  return (
    type.startsWith('response.') ||
    (type === 'error' && 'sequence_number' in json) ||
    (json['object'] === 'response' && Array.isArray(json['output']))
  );
}

const anthropicTypes = /^(?:message_(?:start|delta|stop)|content_block_(?:start|delta|stop))$/;

/** Event types with underscores; an error with a type of its own; or a whole message. */
export function detectAnthropic({json}: Sample): boolean {
  const type = asString(json['type']);
  return (
    anthropicTypes.test(type) ||
    (type === 'error' && asString(asRecord(json['error'])['type']) !== '') ||
    (type === 'message' && Array.isArray(json['content']) && json['role'] === 'assistant')
  );
}

/** Candidates or prompt feedback; or a Google API error. */
export function detectGemini({json}: Sample): boolean {
  return (
    Array.isArray(asRecord(json['response'] ?? json)['candidates']) ||
    'promptFeedback' in json ||
    (Number.isInteger(asRecord(json['error'])['code']) && typeof asRecord(json['error'])['status'] === 'string')
  );
}

/** A creation time, a `done` flag, and a message or response. */
export function detectOllama({json}: Sample): boolean {
  return typeof json['created_at'] === 'string' && 'done' in json && ('message' in json || 'response' in json);
}

const uiTypes =
  /^(?:(?:start|finish)(?:-step)?$|step-(?:start|finish)$|(?:text|reasoning)-(?:start|delta|end)$|tool-(?:in|out)put-|tool-(?:call|result|error)$|source-|data-|message-metadata$|error$|reasoning$)/;

/** The header of the format; else its types, with the fields that they have there. */
export function detectAiSdkUi({json, headers}: Sample): boolean {
  if (headers.has('x-vercel-ai-ui-message-stream')) return true;
  const type = asString(json['type']);
  if (!uiTypes.test(type) || 'payload' in json) return false;
  if (type === 'error') return typeof json['errorText'] === 'string';
  // Stream parts of `fullStream` have `text` or `textDelta`.
  if (/^(?:text|reasoning)-delta$/.test(type)) return ['delta', 'text', 'textDelta'].some((key) => typeof json[key] === 'string');
  if (type === 'reasoning') return typeof json['textDelta'] === 'string';
  if (type.endsWith('-delta')) return typeof json['delta'] === 'string';
  return ['id', 'delta', 'toolCallId', 'messageId', 'messageMetadata', 'finishReason', 'warnings'].some((key) => key in json);
}

/** The header of the format, or its lines; some servers put them into events. */
export function detectAiSdkData({framing, headers, frame}: Sample): boolean {
  return (framing === 'lines' || (framing === 'sse' && frame.event === '')) && (headers.has('x-vercel-ai-data-stream') || /^(?:data: ?)?[0-9a-k]:["[{]/.test(frame.data));
}

const agUiTypes =
  /^(?:RUN|TEXT_MESSAGE|TOOL_CALL|STATE|MESSAGES|STEP|REASONING|THINKING|ACTIVITY)_[A-Z_]+$|^(?:RAW|CUSTOM)$/;

/** Event types in capitals. */
export function detectAgUi({json}: Sample): boolean {
  return agUiTypes.test(asString(json['type']));
}

/** Event types of a Mastra agent: a payload, and the run that it belongs to. */
export function detectMastra({json}: Sample): boolean {
  return typeof json['type'] === 'string' && 'payload' in json && ('runId' in json || 'from' in json);
}

/** Names of LangGraph's stream modes; `metadata` alone may be LangServe's. Or what a server writes by hand of it. */
export function detectLanggraph({frame, frames, json}: Sample): boolean {
  if (readHandmade(frame.event, /^\s*\[/.test(frame.data) ? frame.maybeJson : json)) return true;
  const isRun = frames.some(({event, maybeJson}) => event === 'metadata' && 'attempt' in asRecord(maybeJson));
  return isRun || /^(?:messages\/(?:metadata|partial|complete)|(?:messages|values|updates)(?:\||$))/.test(frame.event);
}

/** `event: data`, or an error with a status, or an event of `/stream_events`. */
export function detectLangserve({frame, json}: Sample): boolean {
  if (frame.event === 'data') return frame.maybeJson !== undefined;
  if (json['type'] === 'constructor') return 'kwargs' in json;
  return frame.event === 'error' ? 'status_code' in json && 'message' in json : /^on_/.test(asString(json['event']));
}

const difyFields = ['answer', 'data', 'conversation_id', 'message_id', 'workflow_run_id', 'status', 'thought'];
const difyEvents =
  /^(?:(?:agent_)?message$|message_|agent_(?:thought|log)$|text_(?:chunk|replace)$|workflow_(?:started|finished|paused)$|(?:node|iteration|loop)_|tts_message|error$)/;

/** The name of the event in the JSON, the task that it belongs to, and a field of that event. */
export function detectDify({json}: Sample): boolean {
  return difyEvents.test(asString(json['event'])) && 'task_id' in json && difyFields.some((key) => key in json);
}

const flowiseEvents =
  /^(?:start|token|thinking|sourceDocuments|usedTools|calledTools|artifacts|agent\w+|nextAgent|action|metadata|usageMetadata|abort|error|end)$/;

/** The name of the event in the JSON, its data, and nothing else. */
export function detectFlowise({json}: Sample): boolean {
  return flowiseEvents.test(asString(json['event'])) && 'data' in json && Object.keys(json).length === 2;
}

/** Begin, item and end of a node. */
export function detectN8n({json}: Sample): boolean {
  return /^(?:begin|item|end|error)$/.test(asString(json['type'])) && 'nodeId' in asRecord(json['metadata']);
}

/** Results with generated text. */
export function detectWatsonx({json}: Sample): boolean {
  return 'generated_text' in asRecord(asArray(json['results'])[0]);
}

/** Event types with hyphens, whose text is in `delta.message`. */
export function detectCohere({json}: Sample): boolean {
  return (
    /^(?:message-start|content-(?:start|delta)|tool-plan-delta|tool-call-start)$/.test(asString(json['type'])) &&
    'message' in asRecord(json['delta'])
  );
}
