import type {Strings} from '../locales/en.js';
import {endWithPause} from './pause.js';

/** Converts the Markdown of a streaming answer to sentences for screen readers and voices. */
export interface Speech {
  /** Appends text. Returns the sentences that are complete, without Markdown syntax. */
  push(text: string): string[];

  /** Ends the text. Returns the remaining sentences. */
  end(): string[];
}

type SpokenStrings = Pick<Strings, 'spokenCode' | 'spokenTable'>;

const fence = /^\s{0,3}(`{3,}|~{3,})\s*([\w+#-]*)/;
const tableRow = /^\s{0,3}\|/;
/** Matches lines that end a sentence: headings, list items, quotes. */
const ownLine = /^\s{0,3}(?:#{1,6}\s|[-*+]\s|\d{1,9}[.)]\s|>|(?:[-*_]\s*){3,}$)/;

/**
 * Creates the converter of one answer. Code and tables are summarised; links are replaced by their text, images by their
 * alternative text. A sentence ends at its punctuation, or with its paragraph, heading or list item; all end with a sign
 * at which a voice pauses.
 */
export function createSpeech(strings: SpokenStrings): Speech {
  let line = '';
  let paragraph = '';
  let code: {mark: string; language: string; lines: number} | undefined;
  let table: {columns: number; rows: number} | undefined;

  /** Removes complete sentences from the paragraph; at its end, everything. */
  const takeSentences = (isEnd: boolean): string[] => {
    const sentences = cutSentences(paragraph);
    const rest = isEnd ? '' : (sentences.pop() ?? '');
    paragraph = rest;
    const said = sentences.map(plain).filter((sentence) => sentence !== '');
    return isEnd ? said.map(endWithPause) : said;
  };
  const endTable = (): string[] => {
    if (!table) return [];
    const {columns, rows} = table;
    table = undefined;
    return [endWithPause(strings.spokenTable(columns, Math.max(0, rows)))];
  };

  const readLine = (text: string): string[] => {
    if (code) {
      const isClosed = text.trim().startsWith(code.mark) && /^\s{0,3}[`~]+\s*$/.test(text);
      if (!isClosed) {
        code.lines++;
        return [];
      }
      const said = endWithPause(strings.spokenCode(code.language, code.lines));
      code = undefined;
      return [said];
    }
    const opened = fence.exec(text);
    if (opened) {
      const said = [...takeSentences(true), ...endTable()];
      code = {mark: opened[1]!, language: opened[2]!, lines: 0};
      return said;
    }
    if (tableRow.test(text)) {
      const said = takeSentences(true);
      // The first row is the header, the second one the delimiter row.
      table ??= {columns: text.trim().replace(/^\||\|$/g, '').split('|').length, rows: -2};
      table.rows++;
      return said;
    }
    const said = endTable();
    if (text.trim() === '') return [...said, ...takeSentences(true)];
    if (ownLine.test(text)) {
      said.push(...takeSentences(true));
      paragraph = text;
      return [...said, ...takeSentences(true)];
    }
    paragraph += `${paragraph === '' ? '' : ' '}${text}`;
    return [...said, ...takeSentences(false)];
  };

  return {
    push(text) {
      const said: string[] = [];
      const lines = (line + text).split(/\r?\n/);
      line = lines.pop()!;
      for (const whole of lines) said.push(...readLine(whole));
      // Sentences of a long line are returned before its end.
      if (!code && !table && !ownLine.test(line) && !fence.test(line) && !tableRow.test(line)) {
        const sentences = cutSentences(`${paragraph}${paragraph === '' ? '' : ' '}${line}`);
        if (sentences.length > 1) {
          line = sentences.pop()!;
          paragraph = '';
          said.push(...sentences.map(plain).filter((sentence) => sentence !== ''));
        }
      }
      return said;
    },
    end() {
      const said = line === '' ? [] : readLine(line);
      line = '';
      if (code) said.push(endWithPause(strings.spokenCode(code.language, code.lines)));
      code = undefined;
      return [...said, ...endTable(), ...takeSentences(true)];
    },
  };
}

const link = /!?\[([^\]]*)\](?:\([^)]*\)|\[[^\]]*\])/g;
/** Matches a link or image that may be incomplete. */
const openLink = /!?\[[^\]]*(?:\](?:\([^)]*)?)?$|!$/;

/**
 * The end of a sentence before another one, per UAX #29: a full stop before a lowercase letter ends none. Markdown syntax
 * may follow it. `Intl.Segmenter` gives the same result, but takes 20 to 60 ms to construct, in one task.
 */
const sentenceEnd =
  /(?:[.…]+[*_~`"'”’)\]»]*\s+(?=[^\s\p{Ll}])|[!?]+[*_~`"'”’)\]»]*\s+(?=\S)|[。！？｡।॥؟۔]+[*_~`"'”’)\]»」』）]*\s*(?=\S))/gu;

/** Splits a text into sentences, the last of which may be incomplete. Links are replaced by their text. */
function cutSentences(text: string): string[] {
  const linked = text.replace(link, '$1');
  const open = openLink.exec(linked)?.index ?? linked.length;
  const whole = linked.slice(0, open);
  const sentences: string[] = [];
  let start = 0;
  for (const {0: {length}, index} of whole.matchAll(sentenceEnd)) {
    sentences.push(whole.slice(start, index + length));
    start = index + length;
  }
  sentences.push(linked.slice(start));
  return sentences;
}

const formula = /\$\$([^$]+)\$\$|\$(?=\S)([^$]*[^\s$])\$(?!\d)|\\[([]([^]+?)\\[)\]]/g;

/** Converts TeX to words: most of its commands are words. */
function plainFormula(tex: string): string {
  return ` ${tex.replace(/\\(?:(?:left|right|big+)(?![a-z])|(?:begin|end)\{\w*\*?\}|[^a-z])|[\\{}&~]/gi, ' ').replace(/[_*]/g, ' ')} `;
}

/** Removes Markdown syntax from a sentence. */
function plain(sentence: string): string {
  return sentence
    .replace(formula, (_, ...parts: (string | undefined)[]) => plainFormula(parts.slice(0, 3).join('')))
    .replace(/^\s*(?:#{1,6}\s+|>\s?|[-*+]\s+(?:\[[ xX]\]\s+)?|\d{1,9}[.)]\s+)+/, '')
    .replace(/<(https?:[^>]*)>/g, '$1')
    .replace(/(\*\*|__|~~|`+)/g, '')
    .replace(/(^|[\s(])[*_](?=\S)|(\S)[*_](?=[\s.,;:!?)]|$)/g, '$1$2')
    .replace(/\\([\\`*_{}[\]()#+\-.!|~>])/g, '$1')
    .replace(/\s+/g, ' ')
    .trim();
}
