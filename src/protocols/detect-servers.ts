import type {Frame} from '../wire/framing.js';
import {asArray, asRecord, asString, type Sample} from './protocol.js';
import {pythonToJson} from './python-dict.js';

// Detection of the formats of agent frameworks, clouds and applications. Loaded together with them.

const has = (json: Readonly<Record<string, unknown>>, ...keys: readonly string[]) => keys.every((key) => key in json);

/** Wrapped events of a model's API, or items of a run. */
export function detectAgentsSdk({json}: Sample): boolean {
  return /^(?:raw_response_event|raw_model_stream_event|run_item_stream_event|agent_updated_stream_event)$/.test(asString(json['type']));
}

/** The name of the event in `event_type`, or an event of an interaction. */
export function detectGeminiInteractions({json, frame}: Sample): boolean {
  const type = asString(json['event_type']) || frame.event;
  return /^interaction\.\w+$/.test(type) || (/^(?:step|content)\.(?:start|delta|stop)$/.test(type) && has(json, 'index'));
}

/** An output and the ID of the request. */
export function detectDashscope({json}: Sample): boolean {
  return has(json, 'request_id') && (has(asRecord(json['output']), 'choices') || has(asRecord(json['output']), 'text') || has(json, 'code', 'message'));
}

/** Capitalised choices, also inside of `Response`. */
export function detectHunyuan({json}: Sample): boolean {
  const body = asRecord(json['Response'] ?? json);
  return Array.isArray(body['Choices']) || has(asRecord(body['Error']), 'Code', 'Message') || has(asRecord(body['ErrorMsg']), 'Msg');
}

/** An envelope with a code around an answer with its references, or an event of an agent with a session. */
export function detectRagflow({json}: Sample): boolean {
  const data = asRecord(json['data']);
  const isChat = (has(json, 'code') || has(json, 'retcode')) && has(data, 'answer');
  if (isChat) return has(data, 'reference') || has(data, 'start_to_think') || has(data, 'audio_binary');
  return has(json, 'session_id', 'event', 'data') && (has(json, 'task_id') || has(json, 'message_id')) && !has(json, 'conversation_id');
}

/** Named events of a conversation, or a message of a workflow's node. */
export function detectCoze({frame, json}: Sample): boolean {
  if (/^conversation\.(?:chat|message|audio)\./.test(frame.event)) return true;
  return frame.event === 'Message' && has(json, 'content') && (has(json, 'node_title') || has(json, 'node_seq_id'));
}

/** Events about a tool. Those about the nodes of a workflow may stand before any format. */
export function detectFastgpt({frame, json}: Sample): boolean {
  return /^tool(?:Call|Params|Response)$/.test(frame.event) && has(json, 'tool');
}

/** A named event whose data is a JSON string, or another one of LobeHub's. */
export function detectLobehub({frame, json}: Sample): boolean {
  if (/^(?:text|reasoning)$/.test(frame.event)) return typeof frame.maybeJson === 'string';
  if (frame.event === 'tool_calls') return Array.isArray(frame.maybeJson);
  return frame.event === 'grounding' && has(json, 'citations');
}

/** The type of a message of an agent. */
export function detectLetta({json}: Sample): boolean {
  return /_message$|^(?:stop_reason|usage_statistics)$/.test(asString(json['message_type']));
}

/** Types with a dot that stand in the name of the event too. */
export function detectLmstudio({frame, json}: Sample): boolean {
  return frame.event === json['type'] && /^(?:chat\.start|model_load\.\w+|prompt_processing\.\w+)$/.test(frame.event);
}

const converseKeys = /^(?:messageStart|contentBlock(?:Start|Delta|Stop)|messageStop)$/;

/** An event of ConverseStream, also inside of `event`; or an event of a Strands agent. */
export function detectBedrock({json}: Sample): boolean {
  const keys = (value: unknown) => Object.keys(asRecord(value)).some((key) => converseKeys.test(key));
  if (keys(json) || keys(json['event'])) return true;
  if (has(json, 'init_event_loop') || has(json, 'start_event_loop') || has(json, 'current_tool_use')) return true;
  return has(json, 'data', 'delta') && has(asRecord(json['delta']), 'text');
}

/** Content of Gemini with the invocation and the agent that it belongs to. */
export function detectAdk({json}: Sample): boolean {
  return (has(json, 'invocationId') || has(json, 'invocation_id')) && has(json, 'author');
}

/** Contents with their types. */
export function detectExtensionsAi({json}: Sample): boolean {
  const contents = json['contents'] ?? json['Contents'];
  if (!Array.isArray(contents)) return false;
  return contents.length === 0 ? has(json, 'responseId') || has(json, 'ResponseId') : has(asRecord(contents[0]), '$type');
}

/** The names of events of a run, in capitals and small letters. */
export function detectAgno({json, frame}: Sample): boolean {
  const type = asString(json['event']) || frame.event;
  return /^(?:Team|Workflow)?(?:Run(?:Started|Response|Content|ResponseContent|Completed|Error)|ToolCallStarted|ReasoningStarted)$/.test(type);
}

/** A message with its source, or an event of an agent. */
export function detectAutogen({json}: Sample): boolean {
  return has(json, 'source', 'content') && (has(json, 'models_usage') || /(?:Message|Event)$/.test(asString(json['type'])));
}

/** The value of an event with its class. */
export function detectLlamaindex({json}: Sample): boolean {
  return has(json, 'value') && (has(json, 'qualified_name') || /^(?:Agent(?:Input|Stream|Output|Setup)|ToolCall(?:Result)?|StopEvent|StartEvent)$/.test(asString(json['type'])));
}

/** Events of a thread and its items, with an item or an update. */
export function detectChatkit({json}: Sample): boolean {
  const type = asString(json['type']);
  if (type === 'thread.created' || type === 'thread.updated') return has(json, 'thread');
  return /^thread\.item\.(?:added|updated|done|replaced)$/.test(type) && (has(json, 'item') || has(json, 'update'));
}

/** A task, an update of one, or a message of an agent: bare, or in the envelope of JSON-RPC. */
export function detectA2a({json}: Sample): boolean {
  const result = asRecord(json['result'] ?? json);
  if (/^(?:task|message|status-update|artifact-update)$/.test(asString(result['kind']))) return true;
  const {task, message} = result;
  if (has(result, 'statusUpdate') || has(result, 'artifactUpdate') || has(asRecord(task), 'contextId')) return true;
  return has(asRecord(message), 'messageId', 'parts');
}

/** The step of an agent, or the question with its ID. */
export function detectLibrechat({json}: Sample): boolean {
  if (/^on_(?:run_step|message_delta|reasoning_delta)/.test(asString(json['event']))) return has(json, 'data');
  return has(json, 'message', 'created') && has(asRecord(json['message']), 'messageId');
}

/** A trace with its payload. */
export function detectVoiceflow({frame, json}: Sample): boolean {
  return frame.event === 'trace' && has(json, 'type');
}

/** A named activity, or one with the state of its stream. */
export function detectActivity({frame, json}: Sample): boolean {
  if (frame.event === 'activity') return has(json, 'type');
  return /^(?:typing|message)$/.test(asString(json['type'])) && asArray(json['entities']).some((one) => asRecord(one)['type'] === 'streaminfo');
}

/** A Python dictionary. */
export function detectPythonDict({frame, framing}: {readonly frame: Frame; readonly framing: Sample['framing']}): boolean {
  return framing === 'sse' && pythonToJson(frame.data) !== undefined;
}
