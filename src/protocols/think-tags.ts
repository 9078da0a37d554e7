import type {Delta} from '../model/conversation.js';

/** Tells the reasoning that a model wrote into its text from the text. No generators: this is done for each token. */
export interface ThinkTags {
  /** Reads the next piece of the text, cut anywhere. */
  push(text: string): readonly Delta[];
  /** Tells what was held back because it might have been the beginning of a tag. */
  flush(): readonly Delta[];
}

const open = '<think>';
const close = '</think>';
const lonelyClose = /(?:^|\n)<\/think>\n\s*/;
/** Characters of text in which a `</think>` without its beginning is looked for. */
const lonelyWithin = 65_536;

/**
 * Reads `<think>…</think>` where the text begins with it. A `</think>` that stands in a line of its own without such a
 * beginning, as some chat templates leave it, makes reasoning of all before it, outside of code blocks. All other tags
 * are text.
 */
export function createThinkTags(): ThinkTags {
  let state: 'start' | 'thinking' | 'thought' | 'text' = 'start';
  let held = '';
  /** Text that was told, while a lonely closing tag may follow: in pieces, as joining them costs their length. */
  let told: string[] | undefined = [];
  let toldLength = 0;
  /** Its end, in which a tag may have begun. */
  let toldEnd = '';

  const tell = (text: string): Delta[] => {
    if (told === undefined) return [{type: 'text', text}];
    told.push(text);
    toldLength += text.length;
    const end = toldEnd + text;
    toldEnd = end.slice(-close.length - 1);
    if (end.includes(close)) {
      const whole = told.join('');
      told = [whole];
      const match = lonelyClose.exec(whole);
      if (match && whole.slice(0, match.index).split('```').length % 2 === 1) {
        text = whole.slice(match.index + match[0].length);
        told = undefined;
        state = text === '' ? 'thought' : 'text';
        return [{type: 'replace', text: ''}, ...piece('reasoning', whole.slice(0, match.index)), ...piece('text', text)];
      }
    }
    if (toldLength > lonelyWithin) told = undefined;
    return [{type: 'text', text}];
  };

  return {
    push(text) {
      const deltas: Delta[] = [];
      let rest = held + text;
      held = '';
      if (state === 'start') {
        const start = rest.trimStart();
        if (start.startsWith(open)) {
          state = 'thinking';
          told = undefined;
          rest = start.slice(open.length);
        } else if (open.startsWith(start)) {
          held = rest;
          return deltas;
        } else state = 'text';
      }
      if (state === 'thinking') {
        const end = rest.indexOf(close);
        const reasoning = end < 0 ? rest.slice(0, rest.length - overlap(rest)) : rest.slice(0, end);
        deltas.push(...piece('reasoning', reasoning));
        if (end < 0) {
          held = rest.slice(reasoning.length);
          return deltas;
        }
        rest = rest.slice(end + close.length);
        state = 'thought';
      }
      // The line breaks between the reasoning and the answer belong to neither.
      if (state === 'thought') rest = rest.trimStart();
      if (rest === '') return deltas;
      state = 'text';
      return [...deltas, ...tell(rest)];
    },
    flush() {
      const text = held;
      held = '';
      return piece(state === 'thinking' ? 'reasoning' : 'text', text);
    },
  };
}

function piece(type: 'text' | 'reasoning', text: string): Delta[] {
  return text === '' ? [] : [{type, text}];
}

/** Returns how many characters at the end of a text may be the beginning of a closing tag. */
function overlap(text: string): number {
  for (let n = Math.min(text.length, close.length - 1); n > 0; n--) if (close.startsWith(text.slice(-n))) return n;
  return 0;
}
