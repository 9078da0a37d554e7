// Over 300 lines because one cursor reads all inline markup: delimiters, brackets, code, formulas and tags depend on each other.
import {type Autolink, isBareUrlCut, isPartialAutolink, readAutolink, readBareUrl} from './autolink.js';
import {Brackets, type Labels} from './brackets.js';
import {CodeSpans} from './code-spans.js';
import {Delimiters} from './delimiters.js';
import {decodeEntity, entity} from './entities.js';
import {flankingOf} from './flanking.js';
import {Inline} from './inline.js';
import {InlineState} from './inline-state.js';
import {isTagCut, lineBreakTag, readTagSpan} from './inline-tags.js';
import {ESCAPABLE, matchEnd, NEED_MORE, NO_MATCH, SearchMemo} from './scan.js';
import {scanHtml} from './scan-html.js';
import {isMathShown, scanMath} from './scan-math.js';

// One idea: what each special character in inline content means. Brackets, code spans, delimiter runs and the scanners
// of single constructs have files of their own; here is the loop that decides among them, and where the text settles.

/** Parsed content, and how much of it is settled: no later text can change it. */
export interface Parsed {
  /** The first node; the others are linked to it. */
  readonly first: Inline | undefined;
  /** Length of the settled text. */
  readonly settled: number;
  /** The last node of the settled text. */
  readonly settledEnd: Inline | undefined;
}

const special = /[\n`[\]\\!<&*_~:w$]/g;
/** Maximum number of tags in each other. */
const MAX_TAGS = 3;

const whitespace = /\s/;

/**
 * Parses the inline content `text`. Unless `final`, more text will follow: incomplete syntax at the end is then
 * rendered speculatively, and `settled` is the position from which the text has to be parsed again.
 */
export function parseInline(text: string, final: boolean, labels: Labels): Parsed {
  return new InlineParser(text, final, labels).parse();
}

class InlineParser extends InlineState {
  readonly #source: SearchMemo;
  readonly #delimiters = new Delimiters();
  readonly #brackets: Brackets;
  readonly #codeSpans: CodeSpans;
  #settled = 0;
  #settledEnd: Inline | undefined;
  /** The text up to here contains no place to settle. */
  #searchedTo = 0;
  /** Whether the text that follows may still become a formula. */
  #mayBeMath = false;

  readonly #labels: Labels;
  /** Number of tags that contain the text. */
  readonly #depth: number;

  constructor(text: string, final: boolean, labels: Labels, depth = 0) {
    super(text, final);
    this.#labels = labels;
    this.#depth = depth;
    this.#source = new SearchMemo(text);
    this.#brackets = new Brackets(this, this.#delimiters, labels);
    this.#codeSpans = new CodeSpans(this);
  }

  parse(): Parsed {
    const text = this.text;
    while (!this.isOpen) {
      special.lastIndex = this.at;
      if (!special.test(text)) break;
      this.at = special.lastIndex - 1;
      this.#special(text[this.at] ?? '');
    }
    if (!this.isOpen) this.at = text.length;
    this.#settle();
    this.takeText(this.at);
    this.#brackets.speculate();
    this.#delimiters.settle();
    if (!this.final) this.#delimiters.speculate();
    return {first: this.head.next, settled: this.#settled, settledEnd: this.#settledEnd};
  }

  #special(c: string): void {
    if (c === 'w' || c === ':') {
      if (!this.#bareUrl(c)) this.at++;
      return;
    }
    this.#settle();
    if (c === '\n') this.#lineBreak();
    else if (c === '\\') this.#backslash();
    else if (c === '`') this.#codeSpans.parse();
    else if (c === '$') this.#dollar();
    else if (c === '*' || c === '_' || c === '~') this.#delimiterRun(c);
    else if (c === '[') this.#brackets.open(1);
    else if (c === ']') this.#brackets.close();
    else if (c === '<') this.#angleBracket();
    else if (c === '&') this.#entity();
    else if (this.text[this.at + 1] === '[') this.#brackets.open(2);
    else this.at++;
  }

  /** Returns whether the text ends within `length` characters from here, and more may follow. */
  #isCut(length: number): boolean {
    return !this.final && this.at + length >= this.text.length;
  }

  /**
   * Settles the text up to the last space before the position, if nothing is open: no later text can change what is
   * before a space. Text without spaces can be cut before any letter of Chinese or Japanese.
   */
  #settle(): void {
    if (this.final || this.#brackets.isOpen || this.isOpen || this.#mayBeMath) return;
    this.#delimiters.settle();
    if (this.#delimiters.top) return;
    const from = Math.max(this.start, this.#searchedTo);
    this.#searchedTo = this.at;
    for (let at = this.at - 1; at >= from && at > 0; at--) {
      const code = this.text.charCodeAt(at);
      if (code !== 32 && (code < 0x2e80 || (code >= 0xdc00 && code < 0xe000))) continue;
      // Before the first of several spaces: trailing spaces are removed at the end of the text.
      if (whitespace.test(this.text[at - 1] ?? '')) continue;
      this.takeText(at);
      this.#settled = at;
      this.#settledEnd = this.last;
      return;
    }
  }

  #lineBreak(): void {
    const at = this.at;
    let end = at;
    while (end > this.start && this.text[end - 1] === ' ') end--;
    this.takeText(end);
    this.start = at;
    if (at - end >= 2) {
      this.append(new Inline('break'));
      this.start = at + 1;
    }
    this.at = at + 1;
    let next = this.at;
    while (this.text[next] === ' ') next++;
    if (next === this.at) return;
    this.takeText(this.at);
    this.advanceTo(next);
  }

  #backslash(): void {
    const next = this.text[this.at + 1];
    if (next === undefined && !this.final) return this.hold(this.text.length);
    if ((next === '(' || next === '[' || (next === 'b' && this.text.startsWith('\\b', this.at))) && this.#math()) return;
    this.takeText(this.at);
    if (next === '\n') {
      this.append(new Inline('break'));
      this.advanceTo(this.at + 2);
      while (this.text[this.at] === ' ') this.advanceTo(this.at + 1);
    } else if (next !== undefined && ESCAPABLE.test(next)) {
      this.appendText(next);
      this.advanceTo(this.at + 2);
    } else {
      this.at++;
    }
  }

  #dollar(): void {
    let end = this.at;
    while (this.text[end] === '$') end++;
    if (!this.final && end === this.text.length) return this.hold(end);
    // Three and more dollar signs are no delimiter.
    if (end - this.at > 2 || !this.#math()) this.at = end;
  }

  /** Parses a formula. Returns whether there is one, or something that may become one. */
  #math(): boolean {
    const from = this.at;
    const formula = scanMath(this.text, from, this.final);
    if (formula === NO_MATCH) return false;
    const isMore = formula === NEED_MORE;
    if (isMore && !isMathShown(this.text, from)) {
      this.#mayBeMath = true;
      return false;
    }
    this.takeText(from);
    const node = this.append(new Inline('math'));
    const end = isMore ? this.text.length : formula.end;
    node.text = this.text.slice(from, end);
    if (isMore) this.isOpen = true;
    else node.tex = formula.tex;
    this.advanceTo(end);
    return true;
  }

  #delimiterRun(char: string): void {
    const text = this.text;
    const at = this.at;
    let end = at;
    while (text[end] === char) end++;
    if (!this.final && end === text.length) return this.hold(end);
    this.takeText(at);
    const length = end - at;
    const node = this.appendText(text.slice(at, end));
    this.advanceTo(end);
    // A single tilde means "about" or a range: `1~10, 11~20`.
    if (char === '~' && length !== 2) return;

    const {isLeft, isRight, isAfterPunctuation, isBeforePunctuation} = flankingOf(text, at, end);
    const canOpen = char === '_' ? isLeft && (!isRight || isAfterPunctuation) : isLeft;
    const canClose = char === '_' ? isRight && (!isLeft || isBeforePunctuation) : isRight;
    if (canOpen || canClose) this.#delimiters.push({char, node, at, length, canOpen, canClose});
  }

  #angleBracket(): void {
    if (this.#tag()) return;
    const link = readAutolink(this.#source, this.at);
    if (link) return this.#link(link);
    const end = scanHtml(this.#source, this.at);
    if (end > 0) {
      this.takeText(this.at);
      this.appendText(this.text.slice(this.at, end));
      return this.advanceTo(end);
    }
    if (!this.final && (end === NEED_MORE || isPartialAutolink(this.#source, this.at))) {
      if (this.#isCut(1) || isTagCut(this.text, this.at)) return this.hold(this.text.length);
      return this.showRest();
    }
    this.at++;
  }

  /** Parses a tag that is drawn, with its content. */
  #tag(): boolean {
    const {text, at} = this;
    const breakEnd = matchEnd(lineBreakTag, text, at);
    if (breakEnd > 0) {
      this.takeText(at);
      this.append(new Inline('break'));
      // Not a second line break.
      const isLineEnd = text[breakEnd] === '\n';
      this.advanceTo(breakEnd + (isLineEnd ? 1 : 0));
      while (isLineEnd && text[this.at] === ' ') this.advanceTo(this.at + 1);
      return true;
    }
    const span = this.#depth < MAX_TAGS ? readTagSpan(text, at, this.final) : undefined;
    if (!span) return false;
    this.takeText(at);
    const {name, start, close} = span;
    const isOpen = close < 0;
    const node = this.append(new Inline(name));
    node.first = new InlineParser(text.slice(start, isOpen ? undefined : close), !isOpen, this.#labels, this.#depth + 1).parse().first;
    if (node.first) node.first.prev = undefined;
    this.isOpen = isOpen;
    this.advanceTo(isOpen ? text.length : close + name.length + 3);
    return true;
  }

  #link(link: Autolink): void {
    this.takeText(this.at);
    const node = this.append(new Inline('link'));
    const text = new Inline('text');
    text.text = link.text;
    node.first = text;
    node.url = link.url;
    this.advanceTo(link.end);
  }

  #entity(): void {
    const end = matchEnd(entity, this.text, this.at);
    if (end > 0) {
      this.takeText(this.at);
      this.appendText(decodeEntity(this.text.slice(this.at, end)));
      return this.advanceTo(end);
    }
    if (!this.final && /^&(?:#x?[0-9a-f]{0,7}|[a-z0-9]{0,31})$/i.test(this.text.slice(this.at, this.at + 34)))
      return this.hold(this.text.length);
    this.at++;
  }

  /** Parses a bare URL: `www.…` at a `w`, and `http://…` at its colon. */
  #bareUrl(c: string): boolean {
    const text = this.text;
    const from = c === 'w' ? this.at : schemeStart(text, this.at, this.start);
    if (from < 0 || (c === 'w' && !(text.startsWith('www.', from) && /^[\s*_~(]?$/.test(text[from - 1] ?? ''))))
      return false;
    this.at = from;
    const link = readBareUrl(text, from, this.#brackets.isOpen);
    if (!this.final && isBareUrlCut(text, from)) {
      this.#settle();
      this.takeText(from);
      const node = this.append(new Inline('link'));
      node.first = new Inline('text');
      node.first.text = text.slice(from);
      this.isOpen = true;
      this.advanceTo(text.length);
      return true;
    }
    if (!link) {
      this.at = c === 'w' ? from : text.indexOf(':', from);
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
