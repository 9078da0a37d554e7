import type {Deltas} from './deltas.js';

/** Tells the reasoning that a model wrote into its text from the text. */
export interface ThinkTags {
  /** Reads the next piece of the text, cut anywhere. */
  push(text: string): Deltas;
  /** Tells what was held back because it might have been the beginning of a tag. */
  flush(): Deltas;
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

  function* tell(text: string): Deltas {
    if (text === '') return;
    if (told === undefined) return yield {type: 'text', text};
    told.push(text);
    toldLength += text.length;
    const end = toldEnd + text;
    toldEnd = end.slice(-close.length - 1);
    if (end.includes(close)) {
      const whole = told.join('');
      told = [whole];
      const match = lonelyClose.exec(whole);
      if (match && whole.slice(0, match.index).split('```').length % 2 === 1) {
        yield {type: 'replace', text: ''};
        if (match.index > 0) yield {type: 'reasoning', text: whole.slice(0, match.index)};
        text = whole.slice(match.index + match[0].length);
        told = undefined;
        state = text === '' ? 'thought' : 'text';
        if (text !== '') yield {type: 'text', text};
        return;
      }
    }
    if (toldLength > lonelyWithin) told = undefined;
    yield {type: 'text', text};
  }

  return {
    *push(text) {
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
          return;
        } else state = 'text';
      }
      if (state === 'thinking') {
        const end = rest.indexOf(close);
        const reasoning = end < 0 ? rest.slice(0, rest.length - overlap(rest)) : rest.slice(0, end);
        if (reasoning !== '') yield {type: 'reasoning', text: reasoning};
        if (end < 0) {
          held = rest.slice(reasoning.length);
          return;
        }
        rest = rest.slice(end + close.length);
        state = 'thought';
      }
      // The line breaks between the reasoning and the answer belong to neither.
      if (state === 'thought') rest = rest.trimStart();
      if (rest === '') return;
      state = 'text';
      yield* tell(rest);
    },
    *flush() {
      const text = held;
      held = '';
      if (text === '') return;
      if (state === 'thinking') yield {type: 'reasoning', text};
      else yield {type: 'text', text};
    },
  };
}

/** Returns how many characters at the end of a text may be the beginning of a closing tag. */
function overlap(text: string): number {
  for (let n = Math.min(text.length, close.length - 1); n > 0; n--) if (close.startsWith(text.slice(-n))) return n;
  return 0;
}
