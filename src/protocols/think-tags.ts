import type {Delta} from '../model/conversation.js';

/** Separates inline reasoning from text. No generators, because it runs for each token. */
export interface ThinkTags {
  /** Processes the next chunk of text, split anywhere. */
  push(text: string): readonly Delta[];
  /** Returns text that was buffered because it might have been the beginning of a tag. */
  flush(): readonly Delta[];
}

const names = ['think', 'thinking', 'thought', 'reasoning'];
const opening = /^<(think|thinking|thought|reasoning)>/;
const closing = /<\/(?:think|thinking|thought|reasoning)>/;
const longestClose = '</reasoning>'.length;
const lonelyClose = /(?:^|\n)<\/(?:think|thinking|thought|reasoning)>\n\s*/;
/** Characters of text within which a `</think>` without opening tag is recognised. */
const lonelyWithin = 65_536;

/**
 * Recognises `<think>…</think>`, or `thinking`, `thought` and `reasoning`, at the beginning of the text, and after that at
 * the start of a line outside of code blocks: some models think again before each part. A closing tag on a line of its own
 * without an opening tag, which some chat templates produce, turns all text before it into reasoning, except in code
 * blocks. Other tags are text.
 */
export function createThinkTags(): ThinkTags {
  let state: 'start' | 'thinking' | 'thought' | 'text' = 'start';
  let buffered = '';
  let close = '';
  /** Whether the answer began with reasoning, so that more may follow. */
  let mayThinkAgain = false;
  let isLineStart = false;
  let isInCode = false;
  /** The start of the line, as far as a fence can be. */
  let lineStart = '';
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
    emittedEnd = end.slice(-longestClose - 1);
    if (closing.test(end)) {
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

  /** Returns the length of the text before the next opening tag at the start of a line; less if a tag may be cut. */
  const lengthOfText = (text: string): number => {
    for (let at = 0; at < text.length; at++) {
      if (isLineStart && !isInCode && text[at] === '<') {
        const rest = text.slice(at, at + longestClose);
        if (opening.test(rest) || isCut(rest)) return at;
      }
      const c = text[at] ?? '';
      if (c === '\n') {
        lineStart = '';
        isLineStart = true;
      } else if (c.trim() !== '') {
        isLineStart = false;
        if (lineStart.length < 3) lineStart += c;
        if (lineStart.length === 3 && /^(?:```|~~~)$/.test(lineStart)) {
          isInCode = !isInCode;
          lineStart += c;
        }
      }
    }
    return text.length;
  };

  const startThinking = (name: string) => {
    state = 'thinking';
    close = `</${name}>`;
    emitted = undefined;
    mayThinkAgain = isLineStart = true;
    isInCode = false;
    lineStart = '';
  };

  /** Processes the text up to the next change of state. Returns the rest, or `''` if the text is used up or buffered. */
  const step = (text: string, deltas: Delta[]): string => {
    if (state === 'start') {
      const start = text.trimStart();
      const name = opening.exec(start)?.[1];
      if (name !== undefined) {
        startThinking(name);
        return start.slice(name.length + 2);
      }
      if (start === '' || isCut(start)) {
        buffered = text;
        return '';
      }
      state = 'text';
    }
    if (state === 'thinking') {
      const end = text.indexOf(close);
      const reasoning = end < 0 ? text.slice(0, text.length - overlap(text, close)) : text.slice(0, end);
      deltas.push(...piece('reasoning', reasoning));
      if (end < 0) {
        buffered = text.slice(reasoning.length);
        return '';
      }
      state = 'thought';
      return text.slice(end + close.length);
    }
    // Line breaks between reasoning and answer belong to neither.
    const rest = state === 'thought' ? text.trimStart() : text;
    if (rest === '') return '';
    state = 'text';
    if (!mayThinkAgain) {
      deltas.push(...emit(rest));
      return '';
    }
    const length = lengthOfText(rest);
    deltas.push(...piece('text', rest.slice(0, length)));
    const name = opening.exec(rest.slice(length, length + longestClose))?.[1];
    if (name !== undefined) {
      startThinking(name);
      return rest.slice(length + name.length + 2);
    }
    buffered = rest.slice(length);
    return '';
  };

  return {
    push(text) {
      const deltas: Delta[] = [];
      let rest = buffered + text;
      buffered = '';
      while (rest !== '') rest = step(rest, deltas);
      return deltas;
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

/** Returns whether the text may become an opening tag. */
function isCut(text: string): boolean {
  return names.some((name) => `<${name}>`.startsWith(text));
}

/** Returns the number of characters at the end of a text that may be the beginning of a closing tag. */
function overlap(text: string, close: string): number {
  for (let n = Math.min(text.length, close.length - 1); n > 0; n--) if (close.startsWith(text.slice(-n))) return n;
  return 0;
}
