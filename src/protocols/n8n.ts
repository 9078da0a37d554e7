import type {Frame} from '../wire/framing.js';
import {asRecord, asString, type Protocol} from './protocol.js';
import type {Deltas} from './deltas.js';
import {readProviderError} from './provider-error.js';
import {textOf} from './text-of.js';

/** Separator between the texts of two nodes. */
const gap = '\n\n';

/**
 * The chat trigger of n8n: one object per line. Several nodes may emit text, even interleaved; the text of each node is
 * kept together.
 * @see https://docs.n8n.io/integrations/builtin/core-nodes/n8n-nodes-langchain.chattrigger/
 */
export const n8n: Protocol = {
  framing: 'json',

  headers: {accept: 'text/plain'},

  encode: (messages, settings) => ({
    action: 'sendMessage',
    sessionId: settings.chatId,
    chatInput: messages.findLast(({role}) => role === 'user')?.text ?? '',
  }),

  createDecoder() {
    /** Texts by node and run, in the order in which they began. */
    const texts = new Map<string, string>();
    const open = new Set<string>();
    let begun = false;

    function* add(key: string, text: string): Deltas {
      if (text === '') return;
      const before = texts.get(key) ?? '';
      texts.set(key, before + text);
      const whole = [...texts].filter(([, one]) => one !== '');
      if (whole.at(-1)?.[0] === key) {
        return yield {type: 'text', text: before === '' && whole.length > 1 ? gap + text : text};
      }
      yield {type: 'replace', text: whole.map(([, one]) => one).join(gap)};
    }

    return {
      *decode(frame: Frame): Deltas {
        // A line that is not JSON is text, as in n8n's own chat widget.
        if (frame.event === 'bare') return yield* add('', `${frame.data}\n`);
        const line = asRecord(frame.json);
        const {nodeId, runIndex, itemIndex} = asRecord(line['metadata']);
        const key = JSON.stringify([nodeId, runIndex, itemIndex]);
        const text = textOf(line['content']);
        switch (line['type']) {
          case 'begin':
            begun = true;
            open.add(key);
            texts.set(key, texts.get(key) ?? '');
            return;
          case 'item':
            return yield* add(key, text);
          case 'end':
            open.delete(key);
            return;
          case 'error':
            return yield {type: 'error', error: readProviderError(text || line)};
          default:
            yield {type: 'unknown', event: asString(line['type'])};
        }
      },
      end: () => (begun && open.size === 0 ? [{type: 'end'}] : []),
    };
  },
};
