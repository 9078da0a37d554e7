import type {Frame} from '../wire/framing.js';
import {asArray, asRecord, asString, type Protocol} from './protocol.js';
import type {Deltas} from './deltas.js';
import {readProviderError} from './provider-error.js';
import {filesOf} from './rounds.js';
import {createSources} from './sources.js';
import {textOf} from './text-of.js';
import {openaiUsage} from './usage.js';

const silent =
  /^(?:start|metadata|artifacts|agentReasoning|nextAgent|agentFlow\w*|agentFlowExecutedData|action|tts_\w+)$/;

/**
 * Flowise. The server stores the conversation under the session ID.
 * @see https://docs.flowiseai.com/using-flowise/streaming
 */
export const flowise: Protocol = {
  encode(messages, settings) {
    const question = messages.findLast(({role}) => role === 'user');
    const files = question ? filesOf(question) : [];
    return {
      question: question?.text ?? '',
      streaming: true,
      overrideConfig: {sessionId: settings.chatId},
      uploads:
        files.length > 0
          ? files.map(({url, name, mediaType}) => ({
              data: url,
              type: url.startsWith('data:') ? 'file' : 'url',
              name: name ?? 'file',
              mime: mediaType,
            }))
          : undefined,
    };
  },

  takesFile: () => true,

  createDecoder() {
    const source = createSources();
    let tools = 0;

    function* readTools(list: unknown): Deltas {
      for (const one of asArray(list).map(asRecord)) {
        const id = `tool-${tools++}`;
        const {tool, toolInput, toolOutput, error} = one;
        const input = JSON.stringify(toolInput ?? {});
        const words = asString(error);
        yield {type: 'tool-call', key: id, id, name: asString(tool), input, server: true, complete: true};
        yield {type: 'tool-result', id, result: toolOutput ?? null, ...(words && {error: words})};
      }
    }

    return {
      *decode(frame: Frame): Deltas {
        if (frame.event === 'bare' || frame.data === '' || frame.data === '[DONE]') return;
        const json = asRecord(frame.json);
        const type = asString(json['event']) || frame.event;
        const {data} = json;
        const text = textOf(data);
        switch (type) {
          case 'token':
            if (text) yield {type: 'text', text};
            return;
          case 'thinking':
            if (text) yield {type: 'reasoning', text};
            return;
          case 'sourceDocuments':
            for (const document of asArray(data)) {
              const {source: url, url: address, title} = asRecord(asRecord(document)['metadata']);
              const link = [address, url].map(asString).find((one) => /^https?:/.test(one));
              yield* source(link, title);
            }
            return;
          case 'usedTools':
            return yield* readTools(data);
          case 'usageMetadata':
            return yield openaiUsage(data);
          case 'abort':
            return yield {type: 'finish', reason: 'aborted', native: 'abort'};
          case 'error':
            return yield {type: 'error', error: readProviderError(data)};
          case 'end':
            return yield {type: 'end'};
          default:
            if (!silent.test(type)) yield {type: 'unknown', event: type};
        }
      },
    };
  },
};
