import type {Delta} from '../model/conversation.js';

/** Separates inline reasoning from text. No generators, because it runs for each token. */
export interface ThinkTags {
  /** Processes the next chunk of text, split anywhere. */
  push(text: string): readonly Delta[];
  /** Returns text that was buffered because it might have been the beginning of a tag. */
  flush(): readonly Delta[];
}

const open = '<think>';
const close = '</think>';
const lonelyClose = /(?:^|\n)<\/think>\n\s*/;
/** Characters of text within which a `</think>` without opening tag is recognised. */
const lonelyWithin = 65_536;

/**
 * Recognises `<think>…</think>` at the beginning of the text. A `</think>` on a line of its own without an opening tag,
 * which some chat templates produce, turns all text before it into reasoning, except in code blocks. Other tags are text.
 */
export function createThinkTags(): ThinkTags {
  let state: 'start' | 'thinking' | 'thought' | 'text' = 'start';
  let buffered = '';
  /** Emitted text, while a closing tag without opening tag may follow. In pieces: joining them per token is quadratic. */
  let emitted: string[] | undefined = [];
  let emittedLength = 0;
  /** End of the emitted text, in which a tag may have begun. */
  let emittedEnd = '';

  const emit = (text: string): Delta[] => {
    if (emitted === undefined) return [{type: 'text', text}];
    emitted.push(text);
    emittedLength += text.length;
    const end = emittedEnd + text;
    emittedEnd = end.slice(-close.length - 1);
    if (end.includes(close)) {
      const whole = emitted.join('');
      emitted = [whole];
      const match = lonelyClose.exec(whole);
      if (match && whole.slice(0, match.index).split('```').length % 2 === 1) {
        text = whole.slice(match.index + match[0].length);
        emitted = undefined;
        state = text === '' ? 'thought' : 'text';
        return [{type: 'replace', text: ''}, ...piece('reasoning', whole.slice(0, match.index)), ...piece('text', text)];
      }
    }
    if (emittedLength > lonelyWithin) emitted = undefined;
    return [{type: 'text', text}];
  };

  return {
    push(text) {
      const deltas: Delta[] = [];
      let rest = buffered + text;
      buffered = '';
      if (state === 'start') {
        const start = rest.trimStart();
        if (start.startsWith(open)) {
          state = 'thinking';
          emitted = undefined;
          rest = start.slice(open.length);
        } else if (open.startsWith(start)) {
          buffered = rest;
          return deltas;
        } else state = 'text';
      }
      if (state === 'thinking') {
        const end = rest.indexOf(close);
        const reasoning = end < 0 ? rest.slice(0, rest.length - overlap(rest)) : rest.slice(0, end);
        deltas.push(...piece('reasoning', reasoning));
        if (end < 0) {
          buffered = rest.slice(reasoning.length);
          return deltas;
        }
        rest = rest.slice(end + close.length);
        state = 'thought';
      }
      // Line breaks between reasoning and answer belong to neither.
      if (state === 'thought') rest = rest.trimStart();
      if (rest === '') return deltas;
      state = 'text';
      return [...deltas, ...emit(rest)];
    },
    flush() {
      const text = buffered;
      buffered = '';
      return piece(state === 'thinking' ? 'reasoning' : 'text', text);
    },
  };
}

function piece(type: 'text' | 'reasoning', text: string): Delta[] {
  return text === '' ? [] : [{type, text}];
}

/** Returns the number of characters at the end of a text that may be the beginning of a closing tag. */
function overlap(text: string): number {
  for (let n = Math.min(text.length, close.length - 1); n > 0; n--) if (close.startsWith(text.slice(-n))) return n;
  return 0;
}
