import {events, named, type ServerStream} from './server-stream.js';

const text = '你好，世界。\n\n- 二 two';
const pieces = ['你好', '，世界', '。\n\n', '- 二', ' two'];
const grown = pieces.map((_, index) => pieces.slice(0, index + 1).join(''));
const thoughts = ['先想', '一想。'];
const reasoning = '先想一想。';
const args = '{"city":"Oslo"}';
const source = {url: 'https://a.example', title: 'A'};
const sources = ['https://a.example A'];

const native = (fields: object, more: object = {}) => `event:result\n:HTTP_STATUS/200\ndata:${JSON.stringify({output: fields, usage: {total_tokens: 13, output_tokens: 9, input_tokens: 4}, request_id: 'b8', ...more})}\n\n`;
const message = (fields: object, finish = 'null') => ({choices: [{message: {role: 'assistant', content: '', ...fields}, finish_reason: finish}]});
const chat = (data: unknown) => `data:${JSON.stringify({code: 0, message: '', data})}\n\n`;
const answer = (text: string, more: object = {}) => chat({answer: text, reference: {}, audio_binary: null, id: 'a8', session_id: '82', ...more});
const agent = (event: string, data: unknown) => `data:${JSON.stringify({event, message_id: 'm', created_at: 1, task_id: 't', session_id: 's', data})}\n\n`;
const coze = (event: string, data: unknown) => `event:${event}\ndata:${JSON.stringify(data)}\n\n`;
const say = (type: string, content: string, more: object = {}) => ({id: '7', conversation_id: 'c', role: 'assistant', type, content, content_type: 'text', ...more});
const status = (value: string, more: object = {}) => ({id: '7', conversation_id: 'c', status: value, last_error: {code: 0, msg: ''}, usage: {token_count: 13, output_count: 9, input_count: 4}, ...more});
const chunk = (delta: object, more: object = {}, finish: unknown = null) => ({id: 'x', object: 'chat.completion.chunk', choices: [{index: 0, delta, finish_reason: finish}], ...more});
const capital = (Delta: object, more: object = {}, FinishReason = '') => ({Note: '以上内容为AI生成', Choices: [{Delta, FinishReason, Index: 0}], Created: 1, Id: '52', Usage: {PromptTokens: 4, CompletionTokens: 9, TotalTokens: 13}, ...more});
const dify = (event: string, fields: object) => ({event, task_id: 't', workflow_run_id: 'w', ...fields});

/** Streams of Chinese models and platforms. */
export const chinese: readonly ServerStream[] = [
  {
    name: 'DashScope: all text so far, with reasoning',
    source: 'https://help.aliyun.com/zh/model-studio/stream',
    protocol: 'dashscope',
    body:
      native(message({reasoning_content: '先想'})) +
      native(message({reasoning_content: reasoning})) +
      grown.map((content) => native(message({content, reasoning_content: reasoning}))).join('') +
      native(message({content: text, reasoning_content: reasoning}, 'stop')),
    text,
    reasoning,
    usage: '4/9',
    reason: 'stop',
  },
  {
    name: 'DashScope: increments, search and a tool',
    source: 'https://help.aliyun.com/zh/model-studio/qwen-function-calling',
    protocol: 'dashscope',
    body:
      native({...message({reasoning_content: '先想'}), search_info: {search_results: [{...source, index: 1, site_name: 'S'}]}}) +
      native(message({reasoning_content: '一想。'})) +
      pieces.map((content) => native(message({content, reasoning_content: ''}))).join('') +
      native(message({tool_calls: [{index: 0, id: 'c1', type: 'function', function: {name: 'weather', arguments: '{"city":'}}]})) +
      native(message({tool_calls: [{index: 0, id: '', type: 'function', function: {arguments: '"Oslo"}'}}]}, 'tool_calls')),
    text,
    reasoning,
    sources,
    calls: [`weather(${args})`],
    usage: '4/9',
    reason: 'tool-calls',
  },
  {
    name: 'DashScope: chunks of its SDK, relayed',
    source: 'https://help.aliyun.com/zh/model-studio/qwen-api-via-dashscope',
    protocol: 'dashscope',
    body: events(...pieces.map((content, index) => ({status_code: 200, request_id: 'b8', code: '', message: '', output: {text: null, finish_reason: null, ...message({content}, index === 4 ? 'length' : 'null')}, usage: {input_tokens: 4, output_tokens: 9, total_tokens: 13}}))),
    text,
    usage: '4/9',
    reason: 'length',
  },
  {
    name: 'DashScope: an error',
    source: 'https://help.aliyun.com/zh/model-studio/error-code',
    protocol: 'dashscope',
    body: `${native(message({content: '一半'}))}event:error\n:HTTP_STATUS/400\ndata:{"code":"DataInspectionFailed","message":"It burns","request_id":"b8"}\n\n`,
    text: '一半',
    error: 'It burns',
  },
  {
    name: 'Bailian application with thoughts and references',
    source: 'https://help.aliyun.com/zh/model-studio/call-single-agent-application',
    protocol: 'dashscope',
    body:
      native({session_id: 's', finish_reason: 'null', text: '', thoughts: [{thought: '先想', action_type: 'reasoning', action_name: '思考过程'}]}) +
      native({session_id: 's', finish_reason: 'null', text: '', thoughts: [{thought: reasoning, action_type: 'reasoning', action_name: '思考过程'}]}) +
      pieces.map((text) => native({session_id: 's', finish_reason: 'null', text})).join('') +
      native({session_id: 's', finish_reason: 'stop', text: '', doc_references: [{index_id: '1', doc_name: 'A', doc_url: 'x'}]}, {usage: {models: [{input_tokens: 4, output_tokens: 9, model_id: 'qwen'}]}}),
    text,
    reasoning,
    usage: '4/9',
    reason: 'stop',
  },
  {
    name: 'RAGFlow: increments with think marks and a whole answer at the end',
    source: 'https://ragflow.io/docs/http_api_reference',
    protocol: 'ragflow',
    body:
      answer('', {start_to_think: true, final: false}) +
      thoughts.map((one) => answer(one, {final: false})).join('') +
      answer('', {end_to_think: true, final: false}) +
      pieces.map((one) => answer(one, {final: false})).join('') +
      answer(`<think>${reasoning}</think>${text}`, {final: true, reference: {chunks: [{id: '1', content: 'About A.', document_name: 'A', url: 'https://a.example'}], doc_aggs: []}}) +
      chat(true),
    text,
    reasoning,
    sources,
  },
  {
    name: 'RAGFlow: all text so far, reasoning between tags',
    source: 'https://ragflow.io/docs/http_api_reference',
    protocol: 'ragflow',
    body: answer('<think>先想') + answer(`<think>${reasoning}</think>`) + grown.map((one) => answer(`<think>${reasoning}</think>${one}`)).join('') + chat(true),
    text,
    reasoning,
  },
  {
    name: 'RAGFlow agent',
    source: 'https://ragflow.io/docs/http_api_reference',
    protocol: 'ragflow',
    body:
      agent('workflow_started', {inputs: {}}) +
      agent('node_started', {component_id: 'Agent:1', component_name: 'Agent', thoughts: ''}) +
      agent('message', {content: '', start_to_think: true}) +
      thoughts.map((content) => agent('message', {content})).join('') +
      agent('message', {content: '', end_to_think: true}) +
      pieces.map((content) => agent('message', {content})).join('') +
      agent('message_end', {reference: {chunks: {1: {id: '1', content: 'About A.', document_name: 'A', url: 'https://a.example'}}, doc_aggs: {}}}) +
      agent('node_finished', {outputs: {content: text}, error: null}) +
      agent('workflow_finished', {outputs: {content: text}, error: null}) +
      'data:[DONE]\n\n',
    text,
    reasoning,
    sources,
    reason: 'stop',
  },
  {
    name: 'RAGFlow: an error in its envelope',
    source: 'https://ragflow.io/docs/http_api_reference',
    protocol: 'ragflow',
    body: `${answer('一半')}data:{"code":500,"message":"It burns","data":{"answer":"**ERROR**: It burns","reference":[]}}\n\n`,
    text: '一半',
    error: 'It burns',
  },
  {
    name: 'Dify workflow whose text comes last',
    source: 'https://docs.dify.ai/api-reference/workflows/run-workflow',
    protocol: 'dify',
    body: events(
      dify('workflow_started', {data: {id: 'w'}}),
      dify('node_started', {data: {node_type: 'llm'}}),
      dify('node_finished', {data: {node_type: 'llm', outputs: {text: 'not this'}}}),
      dify('workflow_finished', {data: {status: 'succeeded', outputs: {result: text, files: []}, total_tokens: 13}}),
    ),
    text,
  },
  {
    name: 'MiniMax: reasoning, and the whole message at the end',
    source: 'https://platform.minimaxi.com/document/ChatCompletion%20v2',
    protocol: 'openai-chat',
    body: events(
      ...thoughts.map((reasoning_content) => chunk({role: 'assistant', reasoning_content, name: 'MM'}, {input_sensitive: false, output_sensitive: false})),
      ...pieces.map((content) => chunk({role: 'assistant', content, name: 'MM'})),
      {id: 'x', object: 'chat.completion', choices: [{finish_reason: 'stop', index: 0, message: {content: text, role: 'assistant', reasoning_content: reasoning}}], usage: {prompt_tokens: 4, completion_tokens: 9, total_tokens: 13}, base_resp: {status_code: 0, status_msg: ''}},
    ),
    text,
    reasoning,
    usage: '4/9',
    reason: 'stop',
  },
  {
    name: 'MiniMax: an error in the middle of a stream',
    source: 'https://platform.minimaxi.com/document/ChatCompletion%20v2',
    protocol: 'openai-chat',
    body: events(chunk({content: '一半'}), {id: 'x', choices: null, object: '', base_resp: {status_code: 1027, status_msg: 'It burns'}}),
    text: '一半',
    error: 'It burns',
  },
  {
    name: 'Zhipu: web search, reasoning and a sensitive end',
    source: 'https://docs.bigmodel.cn/api-reference',
    protocol: 'openai-chat',
    body: events(
      ...thoughts.map((reasoning_content) => chunk({role: 'assistant', reasoning_content})),
      chunk({role: 'assistant', content: '你好'}, {web_search: [{title: 'A', link: 'https://a.example', media: 'S', content: 'About A.', refer: 'ref_1'}]}),
      chunk({role: 'assistant', content: ''}, {usage: {prompt_tokens: 4, completion_tokens: 9, total_tokens: 13}, content_filter: [{role: 'assistant', level: 1}]}, 'sensitive'),
      '[DONE]',
    ),
    text: '你好',
    reasoning,
    sources,
    usage: '4/9',
    reason: 'content-filter',
  },
  {
    name: 'Doubao: an application with references',
    source: 'https://www.volcengine.com/docs/82379/1526787',
    protocol: 'openai-chat',
    body: events(
      chunk({role: 'assistant', content: ''}, {references: [{...source, site_name: 'S', summary: 'About A.'}]}),
      ...thoughts.map((reasoning_content) => chunk({role: 'assistant', content: '', reasoning_content})),
      ...pieces.map((content) => chunk({role: 'assistant', content})),
      chunk({role: 'assistant', content: ''}, {}, 'stop'),
      {id: 'x', object: 'chat.completion.chunk', choices: [], bot_usage: {model_usage: [{prompt_tokens: 4, completion_tokens: 9}]}, usage: {prompt_tokens: 4, completion_tokens: 9}},
      '[DONE]',
    ),
    text,
    reasoning,
    sources,
    usage: '4/9',
    reason: 'stop',
  },
  {
    name: 'Hunyuan: capitalised keys, reasoning and search',
    source: 'https://cloud.tencent.com/document/product/1729/105701',
    protocol: 'hunyuan',
    body: events(
      ...thoughts.map((ReasoningContent) => capital({Role: 'assistant', Content: '', ReasoningContent})),
      ...pieces.map((Content) => capital({Role: 'assistant', Content}, {SearchInfo: {SearchResults: [{Index: 1, Title: 'A', Url: 'https://a.example'}]}})),
      capital({Role: 'assistant', Content: '', ToolCalls: [{Index: 0, Id: 'c1', Type: 'function', Function: {Name: 'weather', Arguments: args}}]}, {}, 'tool_calls'),
    ),
    text,
    reasoning,
    sources,
    calls: [`weather(${args})`],
    usage: '4/9',
    reason: 'tool-calls',
  },
  {
    name: 'Hunyuan: an error, first and in the middle',
    source: 'https://cloud.tencent.com/document/product/1729/105701',
    protocol: 'hunyuan',
    body: events(capital({Content: '一半'}), {ErrorMsg: {Msg: 'It burns', Code: 2003}, Choices: [], Id: '52'}),
    text: '一半',
    error: 'It burns',
  },
  {
    name: 'Hunyuan: sensitive',
    source: 'https://cloud.tencent.com/document/product/1729/105701',
    protocol: 'hunyuan',
    body: events(capital({Content: '一半'}), capital({Content: ''}, {}, 'sensitive')),
    text: '一半',
    reason: 'content-filter',
  },
  {
    name: 'Coze: reasoning, a plugin and follow-up questions',
    source: 'https://www.coze.cn/open/docs/developer_guides/chat_v3',
    protocol: 'coze',
    body:
      coze('conversation.chat.created', status('created')) +
      coze('conversation.chat.in_progress', status('in_progress')) +
      coze('conversation.message.completed', say('function_call', JSON.stringify({name: 'weather', arguments: {city: 'Oslo'}, plugin_id: 1}))) +
      coze('conversation.message.completed', say('tool_response', 'snow')) +
      thoughts.map((reasoning_content) => coze('conversation.message.delta', say('answer', '', {reasoning_content}))).join('') +
      pieces.map((content) => coze('conversation.message.delta', say('answer', content))).join('') +
      coze('conversation.message.completed', say('answer', text, {reasoning_content: reasoning})) +
      coze('conversation.message.completed', say('verbose', '{"msg_type":"generate_answer_finish","data":""}')) +
      coze('conversation.message.completed', say('follow_up', '还能做什么？')) +
      coze('conversation.chat.completed', status('completed')) +
      'event:done\ndata:"[DONE]"\n\n',
    text,
    reasoning,
    calls: [`!weather(${args}) = snow`],
    usage: '4/9',
    reason: 'stop',
  },
  {
    name: 'Coze: a failed chat',
    source: 'https://www.coze.cn/open/docs/developer_guides/chat_v3',
    protocol: 'coze',
    body: coze('conversation.chat.created', status('created')) + coze('conversation.chat.failed', status('failed', {last_error: {code: 5000, msg: 'It burns'}})) + 'event:done\ndata:"[DONE]"\n\n',
    text: '',
    error: 'It burns',
  },
  {
    name: 'Coze workflow',
    source: 'https://www.coze.cn/open/docs/developer_guides/workflow_stream_run',
    protocol: 'coze',
    body:
      pieces.map((content, index) => `id: ${index}\n${coze('Message', {content, content_type: 'text', node_is_finish: index === 4, node_seq_id: String(index), node_title: 'End'})}`).join('') +
      'id: 5\nevent: Done\ndata: {"debug_url": "https://www.coze.cn/work_flow"}\n\n',
    text,
  },
  {
    name: 'FastGPT with details',
    source: 'https://doc.fastgpt.io/docs/openapi/chat',
    protocol: 'fastgpt',
    body: named(
      ['flowNodeStatus', {status: 'running', name: 'AI'}],
      ['toolCall', {tool: {id: 'c1', toolName: 'weather', toolAvatar: '', functionName: 'w', params: '', response: ''}}],
      ['toolParams', {tool: {id: 'c1', toolName: '', params: '{"city":', response: ''}}],
      ['toolParams', {tool: {id: 'c1', toolName: '', params: '"Oslo"}', response: ''}}],
      ['toolResponse', {tool: {id: 'c1', toolName: '', params: '', response: 'snow'}}],
      ...thoughts.map((reasoning_content) => ['answer', chunk({role: 'assistant', reasoning_content})] as const),
      ...pieces.map((content) => ['answer', chunk({role: 'assistant', content})] as const),
      ['answer', chunk({role: 'assistant', content: null}, {}, 'stop')],
      ['answer', '[DONE]'],
      ['flowResponses', [{moduleName: 'AI', moduleType: 'chatNode'}]],
    ),
    text,
    reasoning,
    calls: [`!weather(${args}) = snow`],
    reason: 'stop',
  },
  {
    name: 'MaxKB with reasoning',
    source: 'https://github.com/1Panel-dev/MaxKB',
    protocol: 'json-text',
    body: events(
      ...thoughts.map((reasoning_content) => ({chat_id: 'e', chat_record_id: '1', operate: true, content: '', reasoning_content, is_end: false, node_id: 'n', node_is_end: false})),
      ...pieces.map((content) => ({chat_id: 'e', chat_record_id: '1', operate: true, content, reasoning_content: '', is_end: false, node_id: 'n', node_is_end: false})),
      {chat_id: 'e', chat_record_id: '1', operate: true, content: '', reasoning_content: '', is_end: true, usage: {completion_tokens: 9, prompt_tokens: 4, total_tokens: 13}},
    ),
    text,
    reasoning,
    usage: '4/9',
  },
  {
    name: 'LobeHub with reasoning, sources and a tool',
    source: 'https://github.com/lobehub/lobe-chat/blob/main/packages/model-runtime/src/core/streams/protocol.ts',
    protocol: 'lobehub',
    body: named(
      ...thoughts.map((one) => ['reasoning', JSON.stringify(one)] as const),
      ['grounding', {citations: [source]}],
      ...pieces.map((one) => ['text', JSON.stringify(one)] as const),
      ['tool_calls', [{function: {arguments: '{"city":', name: 'weather'}, id: 'c1', index: 0, type: 'function'}]],
      ['tool_calls', [{function: {arguments: '"Oslo"}'}, id: 'c1', index: 0, type: 'function'}]],
      ['stop', '"tool_calls"'],
      ['usage', {totalInputTokens: 4, totalOutputTokens: 9, totalTokens: 13}],
    ),
    text,
    reasoning,
    sources,
    calls: [`weather(${args})`],
    usage: '4/9',
    reason: 'tool-calls',
  },
  {
    name: 'LobeHub: an error',
    source: 'https://github.com/lobehub/lobe-chat/blob/main/packages/model-runtime/src/core/streams/protocol.ts',
    protocol: 'lobehub',
    body: named(['text', '"一半"'], ['error', {body: {message: 'It burns'}, message: 'It burns', type: 'ProviderBizError'}]),
    text: '一半',
    error: 'It burns',
  },
];
