import {asArray, asRecord, asString, type Protocol} from './protocol.js';
import type {Deltas} from './deltas.js';
import {createEventFormat, createMessageText, serverCall} from './event-format.js';
import {readProviderError} from './provider-error.js';
import {createSources, listSources} from './sources.js';
import {asText} from './text-of.js';
import {anyUsage} from './usage.js';

/**
 * AgentOS of Agno: events of agents (`RunContent`), teams (`TeamRunContent`) and workflows. Its completed event repeats
 * the text, and older servers send all text so far in each piece.
 * @see https://docs.agno.com/concepts/agents/run-agent
 */
export const agno: Protocol = createEventFormat(
  () => {
    const message = createMessageText();
    const source = createSources();
    let isTeam = false;

    function* readTool(tool: Readonly<Record<string, unknown>>, isDone: boolean): Deltas {
      const id = asString(tool['tool_call_id']) || asString(tool['tool_name']);
      if (!isDone) return yield serverCall({id, name: asString(tool['tool_name']), input: tool['tool_args'] ?? {}});
      const result = tool['result'] ?? tool['content'] ?? null;
      const failed = tool['tool_call_error'] === true;
      yield {type: 'tool-result', id, result, ...(failed && {error: asText(result) || 'The call failed.'})};
    }

    return function* (event, frame): Deltas {
      const type = asString(event['event']) || frame.event;
      isTeam ||= type === 'TeamRunStarted';
      const isMember = isTeam && !type.startsWith('Team');
      const text = asText(event['content']);
      switch (type.replace(/^(?:Team|Workflow)(?=Run|Tool|Reasoning)/, '')) {
        case 'RunStarted': {
          const id = asString(event['run_id']);
          if (id && !isMember) yield {type: 'response-id', id};
          return;
        }
        case 'RunResponse':
        case 'RunContent':
        case 'RunResponseContent':
          // A member of a team works for its leader, who answers.
          if (!isMember) {
            yield* message.add('reasoning', asText(event['reasoning_content']));
            yield* message.add('text', text);
          }
          yield* listSources(source, asRecord(event['citations'])['urls']);
          return;
        case 'ReasoningStep':
        case 'ReasoningContentDelta':
          return yield* message.add('reasoning', asText(event['reasoning_content']));
        case 'ToolCallStarted':
        case 'ToolCallCompleted':
        case 'ToolCallError':
          for (const tool of [event['tool'], ...asArray(event['tools'])]) {
            if (tool) yield* readTool(asRecord(tool), !type.endsWith('Started'));
          }
          return;
        case 'RunCompleted':
          if (isMember) return;
          yield* message.settle('text', text);
          yield* listSources(source, asRecord(event['citations'])['urls']);
          yield* anyUsage(event['metrics']);
          return yield {type: 'finish', reason: 'stop', native: type};
        case 'RunError':
          return yield {type: 'error', error: readProviderError(text || event)};
        case 'RunCancelled':
          return yield {type: 'finish', reason: 'aborted', native: type};
        case 'RunPaused':
          return yield {type: 'finish', reason: 'tool-calls', native: type};
        default:
          if (!/^(?:Team|Workflow|Run|Tool|Reasoning|Memory|Model|Parser|Output|Step|Session|Pre|Post|Compression)/.test(type)) yield {type: 'unknown', event: type};
      }
    };
  },
  {mayBeCumulative: true},
);
