import {asArray, asRecord, asString, type Protocol} from './protocol.js';
import type {Deltas} from './deltas.js';
import {readFinish} from './finish-reason.js';
import {readProviderError} from './provider-error.js';
import {createSources, listSources} from './sources.js';
import {asText} from './text-of.js';
import {createToolCalls} from './tool-calls.js';
import {anyUsage} from './usage.js';

/**
 * LobeHub (LobeChat): named events whose data is a JSON string, or an object.
 * @see https://github.com/lobehub/lobe-chat/blob/main/packages/model-runtime/src/core/streams/protocol.ts
 */
export const lobehub: Protocol = {
  createDecoder() {
    const source = createSources();
    const calls = createToolCalls();
    let finished = false;

    return {
      *decode(frame): Deltas {
        if (frame.event === 'bare' || frame.data === '') return;
        const json = frame.json;
        const {content} = asRecord(json);
        switch (frame.event) {
          case 'text':
          case 'content_part':
            finished = false;
            return yield {type: 'text', text: asText(content ?? json)};
          case 'reasoning':
          case 'reasoning_part':
            return yield {type: 'reasoning', text: asText(content ?? json)};
          case 'tool_calls': {
            const pieces = asArray(json).map(asRecord);
            return yield* calls.add(...pieces.map(({index, id, function: call}) => ({index, id, ...asRecord(call)})));
          }
          case 'grounding':
            return yield* listSources(source, asRecord(json)['citations']);
          case 'usage':
            return yield* anyUsage(json);
          case 'base64_image':
            return yield {type: 'file', mediaType: 'image/png', url: asText(json)};
          case 'error':
            return yield {type: 'error', error: readProviderError(asRecord(json)['body'] ?? json)};
          case 'stop':
            finished = true;
            yield* calls.complete();
            return yield* readFinish(asString(json), calls.size > 0);
          default:
            if (!/^(?:data|speed|reasoning_signature|flagged_reasoning_signature)$/.test(frame.event)) yield {type: 'unknown', event: frame.event};
        }
      },
      end: () => (finished ? [{type: 'end'}] : []),
      isWhole: () => finished,
    };
  },
};
