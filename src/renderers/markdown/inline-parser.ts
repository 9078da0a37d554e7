import {type Autolink, isPartialAutolink, isBareUrlCut, readAutolink, readBareUrl} from './autolink.js';
import {Delimiters, type Delimiter} from './delimiters.js';
import {decodeEntity, entity, unescapeText} from './entities.js';
import {Inline} from './inline.js';
import type {Target} from './references.js';
import {
  endBefore,
  ESCAPABLE,
  matchEnd,
  NEED_MORE,
  NO_MATCH,
  normalizeLabel,
  scanDestination,
  scanLabel,
  scanTitle,
  SearchMemo,
  skipSpacesAndBreak,
} from './scan.js';
import {scanHtml} from './scan-html.js';
import {isMathShown, scanMath} from './scan-math.js';

/** What the parser asks about labels. */
export interface Labels {
  /** Where `[label]` leads. A label that is not known yet is to be remembered. */
  target(label: string): Target | undefined;
  /** Whether the footnote is defined. One that is not is to be remembered. */
  hasFootnote(label: string): boolean;
}

/** Content that was parsed, and how much of it no later text can change. */
export interface Parsed {
  /** The first piece; the others hang on it. */
  readonly first: Inline | undefined;
  /** The text up to here is settled. */
  readonly settled: number;
  /** The last piece of the settled text. */
  readonly settledEnd: Inline | undefined;
}

interface Bracket {
  readonly node: Inline;
  readonly at: number;
  readonly isImage: boolean;
  readonly below: Bracket | undefined;
  readonly delimiter: Delimiter | undefined;
  isActive: boolean;
  /** Another bracket was opened inside: then its text is no label. */
  isLabel: boolean;
}

const special = /[\n`[\]\\!<&*_~:w$]/g;
const backticks = /`+/g;
const whitespace = /\s/;
const punctuation = /[\p{P}\p{S}]/u;

/** How much text an unclosed construct may hold back before it is shown as it is written. */
const MAX_HELD = 1000;

/**
 * Parses the inline content `text`. If it is not `final`, more will follow: what is half-written at its end is
 * then shaped as it will probably be, and `settled` tells from where the text has to be parsed again.
 */
export function parseInline(text: string, final: boolean, labels: Labels): Parsed {
  return new InlineParser(text, final, labels).parse();
}

class InlineParser {
  readonly #text: string;
  readonly #source: SearchMemo;
  readonly #final: boolean;
  readonly #labels: Labels;
  readonly #head = new Inline('text');
  readonly #delimiters = new Delimiters();
  #last = this.#head;
  #bracket: Bracket | undefined;
  #at = 0;
  /** Where the text not yet taken into a piece begins. */
  #start = 0;
  #settled = 0;
  #settledEnd: Inline | undefined;
  /** Up to here there is no place to settle. */
  #soughtTo = 0;
  /** Something at the end is half-written: nothing behind it is settled. */
  #isOpen = false;
  /** What follows may yet become a formula. */
  #isUnsettled = false;
  #lastBackticks: Map<number, number> | undefined;

  constructor(text: string, final: boolean, labels: Labels) {
    this.#text = text;
    this.#source = new SearchMemo(text);
    this.#final = final;
    this.#labels = labels;
  }

  parse(): Parsed {
    const text = this.#text;
    while (!this.#isOpen) {
      special.lastIndex = this.#at;
      if (!special.test(text)) break;
      this.#at = special.lastIndex - 1;
      this.#special(text[this.#at] ?? '');
    }
    if (!this.#isOpen) this.#at = text.length;
    this.#settle();
    this.#takeText(this.#at);
    if (this.#bracket) this.#speculateOnBracket();
    this.#bracket = undefined;
    this.#delimiters.settle();
    if (!this.#final) this.#delimiters.speculate();
    return {first: this.#head.next, settled: this.#settled, settledEnd: this.#settledEnd};
  }

  #special(c: string): void {
    if (c === 'w' || c === ':') {
      if (!this.#bareUrl(c)) this.#at++;
      return;
    }
    this.#settle();
    if (c === '\n') this.#lineBreak();
    else if (c === '\\') this.#backslash();
    else if (c === '`') this.#code();
    else if (c === '$') this.#dollar();
    else if (c === '*' || c === '_' || c === '~') this.#delimiterRun(c);
    else if (c === '[') this.#openBracket(1);
    else if (c === ']') this.#closeBracket();
    else if (c === '<') this.#angleBracket();
    else if (c === '&') this.#entity();
    else if (this.#text[this.#at + 1] === '[') this.#openBracket(2);
    else this.#at++;
  }

  /** Whether the text ends `length` characters on, and more may follow. */
  #isCut(length: number): boolean {
    return !this.#final && this.#at + length >= this.#text.length;
  }

  /** Ends the parse here; the text up to `end` is hidden until more of it is known. */
  #hold(end: number): void {
    this.#takeText(this.#at);
    this.#isOpen = true;
    this.#at = this.#start = end;
  }

  /** Ends the parse here; the rest is shown as it is written. */
  #showRest(): void {
    this.#takeText(this.#text.length);
    this.#isOpen = true;
    this.#at = this.#text.length;
  }

  #append(node: Inline): Inline {
    node.prev = this.#last;
    this.#last.next = node;
    this.#last = node;
    node.at = this.#at;
    return node;
  }

  #appendText(text: string): Inline {
    const node = new Inline('text');
    node.text = text;
    return this.#append(node);
  }

  /** Takes the plain text up to `end` into a piece, and goes on behind it. */
  #takeText(end: number): void {
    if (end > this.#start) this.#appendText(this.#text.slice(this.#start, end));
    this.#start = end;
  }

  #advanceTo(to: number): void {
    this.#at = this.#start = to;
  }

  /**
   * Notes that the text up to the last space before here is settled, if nothing is open: no later text can
   * change what is before a space. Text without spaces may be cut before any letter of Chinese or Japanese.
   */
  #settle(): void {
    if (this.#final || this.#bracket || this.#isOpen || this.#isUnsettled) return;
    this.#delimiters.settle();
    if (this.#delimiters.top) return;
    const from = Math.max(this.#start, this.#soughtTo);
    this.#soughtTo = this.#at;
    for (let at = this.#at - 1; at >= from && at > 0; at--) {
      const code = this.#text.charCodeAt(at);
      if (code !== 32 && (code < 0x2e80 || (code >= 0xdc00 && code < 0xe000))) continue;
      // Before the first of several spaces: at the end of the text they are to go.
      if (whitespace.test(this.#text[at - 1] ?? '')) continue;
      this.#takeText(at);
      this.#settled = at;
      this.#settledEnd = this.#last;
      return;
    }
  }

  #lineBreak(): void {
    const at = this.#at;
    let end = at;
    while (end > this.#start && this.#text[end - 1] === ' ') end--;
    this.#takeText(end);
    this.#start = at;
    if (at - end >= 2) {
      this.#append(new Inline('break'));
      this.#start = at + 1;
    }
    this.#at = at + 1;
    let next = this.#at;
    while (this.#text[next] === ' ') next++;
    if (next === this.#at) return;
    this.#takeText(this.#at);
    this.#advanceTo(next);
  }

  #backslash(): void {
    const next = this.#text[this.#at + 1];
    if (next === undefined && !this.#final) return this.#hold(this.#text.length);
    if ((next === '(' || next === '[') && this.#math()) return;
    this.#takeText(this.#at);
    if (next === '\n') {
      this.#append(new Inline('break'));
      this.#advanceTo(this.#at + 2);
      while (this.#text[this.#at] === ' ') this.#advanceTo(this.#at + 1);
    } else if (next !== undefined && ESCAPABLE.test(next)) {
      this.#appendText(next);
      this.#advanceTo(this.#at + 2);
    } else {
      this.#at++;
    }
  }

  #dollar(): void {
    let end = this.#at;
    while (this.#text[end] === '$') end++;
    if (!this.#final && end === this.#text.length) return this.#hold(end);
    // Three and more are no mark.
    if (end - this.#at > 2 || !this.#math()) this.#at = end;
  }

  /** Reads a formula. Returns whether there is one, or what may become one. */
  #math(): boolean {
    const from = this.#at;
    const formula = scanMath(this.#text, from, this.#final);
    if (formula === NO_MATCH) return false;
    const isMore = formula === NEED_MORE;
    if (isMore && !isMathShown(this.#text, from)) {
      this.#isUnsettled = true;
      return false;
    }
    this.#takeText(from);
    const node = this.#append(new Inline('math'));
    const end = isMore ? this.#text.length : formula.end;
    node.text = this.#text.slice(from, end);
    if (isMore) this.#isOpen = true;
    else node.tex = formula.tex;
    this.#advanceTo(end);
    return true;
  }

  #code(): void {
    const text = this.#text;
    let open = this.#at;
    while (text[open] === '`') open++;
    const length = open - this.#at;
    if (!this.#final && open === text.length) return this.#hold(open);
    const close = this.#findClosingBackticks(open, length);
    if (close < 0 && this.#final) {
      this.#at = open;
      return;
    }
    this.#takeText(this.#at);
    const node = this.#append(new Inline('code'));
    let content = text.slice(open, close < 0 ? undefined : close);
    if (close < 0) {
      content = content.slice(0, endBefore(content, '`'));
      this.#isOpen = true;
      this.#advanceTo(text.length);
    } else this.#advanceTo(close + length);
    content = content.replaceAll('\n', ' ');
    const isPadded = content.startsWith(' ') && content.endsWith(' ') && /[^ ]/.test(content);
    node.text = isPadded ? content.slice(1, -1) : close < 0 && content.startsWith(' ') ? content.slice(1) : content;
  }

  /** Returns where the run that closes a code span begins. */
  #findClosingBackticks(from: number, length: number): number {
    this.#lastBackticks ??= this.#indexBackticks(from);
    if ((this.#lastBackticks.get(length) ?? -1) < from) return NO_MATCH;
    backticks.lastIndex = from;
    for (let match = backticks.exec(this.#text); match; match = backticks.exec(this.#text))
      if (match[0].length === length) return match.index;
    return NO_MATCH;
  }

  /** The last position of each length of a run: without it, runs of 1, 2, 3 … backticks take quadratic time. */
  #indexBackticks(from: number): Map<number, number> {
    const last = new Map<number, number>();
    backticks.lastIndex = from;
    for (let match = backticks.exec(this.#text); match; match = backticks.exec(this.#text))
      last.set(match[0].length, match.index);
    return last;
  }

  #delimiterRun(char: string): void {
    const text = this.#text;
    const at = this.#at;
    let end = at;
    while (text[end] === char) end++;
    if (!this.#final && end === text.length) return this.#hold(end);
    this.#takeText(at);
    const length = end - at;
    const node = this.#appendText(text.slice(at, end));
    this.#advanceTo(end);
    if (char === '~' && length > 2) return;

    const before = characterBefore(text, at);
    const after = String.fromCodePoint(text.codePointAt(end) ?? 10);
    const spaceBefore = whitespace.test(before);
    const spaceAfter = whitespace.test(after);
    const markBefore = punctuation.test(before);
    const markAfter = punctuation.test(after);
    const isLeft = !spaceAfter && (!markAfter || spaceBefore || markBefore);
    const isRight = !spaceBefore && (!markBefore || spaceAfter || markAfter);
    const canOpen = char === '_' ? isLeft && (!isRight || markBefore) : isLeft;
    const canClose = char === '_' ? isRight && (!isLeft || markAfter) : isRight;
    if (canOpen || canClose) this.#delimiters.push({char, node, at, length, canOpen, canClose});
  }

  #openBracket(length: number): void {
    this.#takeText(this.#at);
    if (this.#bracket) this.#bracket.isLabel = false;
    this.#bracket = {
      node: this.#appendText(length === 2 ? '![' : '['),
      at: this.#at + length,
      isImage: length === 2,
      below: this.#bracket,
      delimiter: this.#delimiters.top,
      isActive: true,
      isLabel: true,
    };
    this.#advanceTo(this.#at + length);
  }

  #closeBracket(): void {
    const bracket = this.#bracket;
    const text = this.#text;
    if (!bracket?.isActive) {
      this.#bracket = bracket?.below;
      this.#at++;
      return;
    }
    const close = this.#at;
    const {isImage} = bracket;
    const link = this.#readTarget(bracket, close);
    if (link === NEED_MORE) {
      this.#takeText(close);
      this.#bracket = bracket.below;
      this.#isOpen = true;
      this.#advanceTo(text.length);
      this.#speculateOnTarget(bracket);
      return;
    }
    if (link) {
      const node = new Inline(isImage ? 'image' : 'link');
      node.at = bracket.at;
      node.url = link.url;
      node.title = link.title;
      this.#takeText(close);
      this.#enclose(bracket, node);
      this.#bracket = bracket.below;
      // No link inside a link.
      if (!isImage)
        for (let outer = this.#bracket; outer; outer = outer.below) {
          if (outer.isImage) continue;
          if (!outer.isActive) break;
          outer.isActive = false;
        }
      this.#advanceTo(link.end);
      return;
    }
    this.#bracket = bracket.below;
    const label = text.slice(bracket.at, close);
    if (
      bracket.isLabel &&
      /^\^[^\s\]]{1,200}$/.test(label) &&
      this.#labels.hasFootnote(normalizeLabel(label.slice(1)))
    ) {
      this.#takeText(close);
      const footnote = new Inline('footnote');
      footnote.at = bracket.at;
      footnote.text = normalizeLabel(label.slice(1));
      this.#delimiters.settleAbove(bracket.delimiter);
      bracket.node.next = undefined;
      bracket.node.text = isImage ? '!' : '';
      this.#last = bracket.node;
      this.#append(footnote);
      this.#advanceTo(close + 1);
      return;
    }
    this.#at++;
  }

  /** Makes all behind the opening bracket the content of `node`. */
  #enclose(bracket: Bracket, node: Inline, isSpeculative = false): void {
    this.#delimiters.settleAbove(bracket.delimiter, isSpeculative);
    bracket.node.text = '';
    bracket.node.wrap(node);
    this.#last = node;
  }

  #readTarget(bracket: Bracket, close: number): (Target & {readonly end: number}) | typeof NEED_MORE | undefined {
    const text = this.#text;
    const next = text[close + 1];
    if (next === undefined && !this.#final) return NEED_MORE;
    if (next === '(') {
      const inline = this.#readInlineTarget(close + 2);
      if (inline === NEED_MORE && !this.#final && text.length - close < MAX_HELD) return NEED_MORE;
      if (typeof inline === 'object') return inline;
    }
    let end = close + 1;
    let label: string | undefined;
    if (next === '[') {
      const labelEnd = scanLabel(text, end);
      if (labelEnd === NEED_MORE && !this.#final) return NEED_MORE;
      if (labelEnd > 0) {
        label = text.slice(end + 1, labelEnd - 1);
        end = labelEnd;
      } else if (text[end + 1] === ']') end += 2;
    }
    if (label === undefined) {
      if (!bracket.isLabel || close - bracket.at > 999) return undefined;
      label = text.slice(bracket.at, close);
    }
    const name = normalizeLabel(label);
    const target = name ? this.#labels.target(name) : undefined;
    return target && {url: target.url, title: target.title, end};
  }

  #readInlineTarget(from: number): (Target & {readonly end: number}) | typeof NO_MATCH | typeof NEED_MORE {
    const text = this.#text;
    const start = skipSpacesAndBreak(text, from);
    const end = scanDestination(text, start);
    if (end < 0) return end === NEED_MORE ? NEED_MORE : NO_MATCH;
    const isInAngleBrackets = text[start] === '<';
    const url = unescapeText(isInAngleBrackets ? text.slice(start + 1, end - 1) : text.slice(start, end));
    let at = skipSpacesAndBreak(text, end);
    let title = '';
    if (at > end && /["'(]/.test(text[at] ?? '')) {
      const titleEnd = scanTitle(text, at);
      if (titleEnd < 0) return titleEnd === NEED_MORE ? NEED_MORE : NO_MATCH;
      title = unescapeText(text.slice(at + 1, titleEnd - 1));
      at = skipSpacesAndBreak(text, titleEnd);
    }
    if (at === text.length) return NEED_MORE;
    return text[at] === ')' ? {url, title, end: at + 1} : NO_MATCH;
  }

  /** What is in an open bracket at the end is drawn as the text of a link, whose URL is still to come. */
  #speculateOnBracket(): void {
    const bracket = this.#bracket;
    if (!this.#final && bracket?.isActive && this.#text.length - bracket.at < MAX_HELD)
      this.#speculateOnTarget(bracket);
  }

  /** An image or a footnote is not shown before it is whole. */
  #speculateOnTarget(bracket: Bracket): void {
    const isHidden = bracket.isImage || this.#text[bracket.at] === '^';
    if (!isHidden) return this.#enclose(bracket, new Inline('link'), true);
    this.#delimiters.settleAbove(bracket.delimiter);
    bracket.node.text = '';
    bracket.node.next = undefined;
    this.#last = bracket.node;
  }

  #angleBracket(): void {
    const link = readAutolink(this.#source, this.#at);
    if (link) return this.#link(link);
    const end = scanHtml(this.#source, this.#at);
    if (end > 0) {
      this.#takeText(this.#at);
      this.#appendText(this.#text.slice(this.#at, end));
      return this.#advanceTo(end);
    }
    if (!this.#final && (end === NEED_MORE || isPartialAutolink(this.#source, this.#at))) {
      if (this.#isCut(1)) return this.#hold(this.#text.length);
      return this.#showRest();
    }
    this.#at++;
  }

  #link(link: Autolink): void {
    this.#takeText(this.#at);
    const node = this.#append(new Inline('link'));
    const text = new Inline('text');
    text.text = link.text;
    node.first = text;
    node.url = link.url;
    this.#advanceTo(link.end);
  }

  #entity(): void {
    const end = matchEnd(entity, this.#text, this.#at);
    if (end > 0) {
      this.#takeText(this.#at);
      this.#appendText(decodeEntity(this.#text.slice(this.#at, end)));
      return this.#advanceTo(end);
    }
    if (!this.#final && /^&(?:#x?[0-9a-f]{0,7}|[a-z0-9]{0,31})$/i.test(this.#text.slice(this.#at, this.#at + 34)))
      return this.#hold(this.#text.length);
    this.#at++;
  }

  /** Finds `www.…` at a `w`, and `http://…` at its colon. */
  #bareUrl(c: string): boolean {
    const text = this.#text;
    const from = c === 'w' ? this.#at : schemeStart(text, this.#at, this.#start);
    if (from < 0 || (c === 'w' && !(text.startsWith('www.', from) && /^[\s*_~(]?$/.test(text[from - 1] ?? ''))))
      return false;
    this.#at = from;
    const link = readBareUrl(text, from, this.#bracket !== undefined);
    if (!this.#final && isBareUrlCut(text, from)) {
      this.#settle();
      this.#takeText(from);
      const node = this.#append(new Inline('link'));
      node.first = new Inline('text');
      node.first.text = text.slice(from);
      this.#isOpen = true;
      this.#advanceTo(text.length);
      return true;
    }
    if (!link) {
      this.#at = c === 'w' ? from : text.indexOf(':', from);
      return false;
    }
    this.#settle();
    this.#link(link);
    return true;
  }
}

function schemeStart(text: string, colon: number, from: number): number {
  if (!text.startsWith('://', colon)) return NO_MATCH;
  for (const scheme of ['https', 'http']) {
    const start = colon - scheme.length;
    if (start >= from && text.slice(start, colon).toLowerCase() === scheme)
      return /[A-Za-z0-9]/.test(text[start - 1] ?? '') ? NO_MATCH : start;
  }
  return NO_MATCH;
}

function characterBefore(text: string, at: number): string {
  if (at === 0) return '\n';
  const code = text.charCodeAt(at - 1);
  const isLow = code >= 0xdc00 && code < 0xe000 && at > 1;
  return isLow ? text.slice(at - 2, at) : text.slice(at - 1, at);
}
