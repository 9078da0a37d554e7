import type {Delimiter, Delimiters} from './delimiters.js';
import {unescapeText} from './entities.js';
import {Inline} from './inline.js';
import type {InlineState} from './inline-state.js';
import type {Target} from './references.js';
import {
  NEED_MORE,
  NO_MATCH,
  normalizeLabel,
  scanDestination,
  scanLabel,
  scanTitle,
  skipSpacesAndBreak,
} from './scan.js';

/** Resolves the labels of references. */
export interface Labels {
  /** Returns the target of `[label]`. Remembers a label that is not defined yet. */
  target(label: string): Target | undefined;
  /** Returns whether the footnote is defined. Remembers one that is not. */
  hasFootnote(label: string): boolean;
}

interface Bracket {
  readonly node: Inline;
  readonly at: number;
  readonly isImage: boolean;
  readonly below: Bracket | undefined;
  readonly delimiter: Delimiter | undefined;
  isActive: boolean;
  /** Whether no other bracket was opened inside: otherwise the text is no label. */
  isLabel: boolean;
}

/** Maximum length of an unclosed construct that is held back; a longer one is shown as it was written. */
const MAX_HELD = 1000;

/** The label of a numbered source: `1`, `S2`, `doc 3`. */
const citation = /^(\D{0,20})\d{1,4}$/;

type TargetWithEnd = Target & {readonly end: number};

/** The stack of open brackets, and what becomes of them: links, images and footnote references. */
export class Brackets {
  readonly #state: InlineState;
  readonly #delimiters: Delimiters;
  readonly #labels: Labels;
  #top: Bracket | undefined;

  constructor(state: InlineState, delimiters: Delimiters, labels: Labels) {
    this.#state = state;
    this.#delimiters = delimiters;
    this.#labels = labels;
  }

  get isOpen(): boolean {
    return this.#top !== undefined;
  }

  /** Opens the bracket at the position of the parser, whose marker has `length` characters: `[` or `![`. */
  open(length: number): void {
    this.#state.takeText(this.#state.at);
    if (this.#top) this.#top.isLabel = false;
    this.#top = {
      node: this.#state.appendText(length === 2 ? '![' : '['),
      at: this.#state.at + length,
      isImage: length === 2,
      below: this.#top,
      delimiter: this.#delimiters.top,
      isActive: true,
      isLabel: true,
    };
    this.#state.advanceTo(this.#state.at + length);
  }

  /** Closes the innermost bracket at the `]` at the position of the parser. */
  close(): void {
    const bracket = this.#top;
    const text = this.#state.text;
    if (!bracket?.isActive) {
      this.#top = bracket?.below;
      this.#state.at++;
      return;
    }
    const close = this.#state.at;
    const {isImage} = bracket;
    const link = this.#readTarget(bracket, close);
    if (link === NEED_MORE) {
      this.#state.takeText(close);
      this.#top = bracket.below;
      this.#state.isOpen = true;
      this.#state.advanceTo(text.length);
      this.#speculateOnTarget(bracket);
      return;
    }
    if (link) {
      const node = new Inline(isImage ? 'image' : 'link');
      node.at = bracket.at;
      node.url = link.url;
      node.title = link.title;
      this.#state.takeText(close);
      this.#enclose(bracket, node);
      this.#top = bracket.below;
      // Links do not contain links.
      if (!isImage)
        for (let outer = this.#top; outer; outer = outer.below) {
          if (outer.isImage) continue;
          if (!outer.isActive) break;
          outer.isActive = false;
        }
      this.#state.advanceTo(link.end);
      return;
    }
    this.#top = bracket.below;
    const label = text.slice(bracket.at, close);
    if (
      bracket.isLabel &&
      /^\^[^\s\]]{1,200}$/.test(label) &&
      this.#labels.hasFootnote(normalizeLabel(label.slice(1)))
    ) {
      this.#state.takeText(close);
      const footnote = new Inline('footnote');
      footnote.at = bracket.at;
      footnote.text = normalizeLabel(label.slice(1));
      this.#delimiters.settleAbove(bracket.delimiter);
      bracket.node.next = undefined;
      bracket.node.text = isImage ? '!' : '';
      this.#state.last = bracket.node;
      this.#state.append(footnote);
      this.#state.advanceTo(close + 1);
      return;
    }
    this.#state.at++;
  }

  /** Wraps all content after the opening bracket in `node`. */
  #enclose(bracket: Bracket, node: Inline, isSpeculative = false): void {
    this.#delimiters.settleAbove(bracket.delimiter, isSpeculative);
    bracket.node.text = '';
    bracket.node.wrap(node);
    this.#state.last = node;
  }

  #readTarget(bracket: Bracket, close: number): TargetWithEnd | typeof NEED_MORE | undefined {
    const text = this.#state.text;
    const next = text[close + 1];
    if (next === undefined && !this.#state.final) return NEED_MORE;
    if (next === '(') {
      const inline = this.#readInlineTarget(close + 2);
      const mayGrow = text.length - close < MAX_HELD || text.startsWith('data:image/', close + 2);
      if (inline === NEED_MORE && !this.#state.final && mayGrow) return NEED_MORE;
      if (typeof inline === 'object') return inline;
    }
    let end = close + 1;
    let label: string | undefined;
    if (next === '[') {
      const labelEnd = scanLabel(text, end);
      if (labelEnd === NEED_MORE && !this.#state.final) return NEED_MORE;
      if (labelEnd > 0) {
        const second = text.slice(end + 1, labelEnd - 1);
        if (!this.#areCitations(bracket, text.slice(bracket.at, close), second)) {
          label = second;
          end = labelEnd;
        }
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

  /** Returns whether `[first][second]` are two references and not one: both are numbered, and both are defined. */
  #areCitations(bracket: Bracket, first: string, second: string): boolean {
    if (bracket.isImage || !bracket.isLabel) return false;
    const name = citation.exec(first)?.[1];
    if (name === undefined || name !== citation.exec(second)?.[1]) return false;
    const target = this.#labels.target(normalizeLabel(first));
    return Boolean(this.#labels.target(normalizeLabel(second)) && target);
  }

  #readInlineTarget(from: number): TargetWithEnd | typeof NO_MATCH | typeof NEED_MORE {
    const text = this.#state.text;
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

  /** Renders the content of a bracket that is open at the end as the text of a link, whose URL is still to come. */
  speculate(): void {
    const bracket = this.#top;
    if (!this.#state.final && bracket?.isActive && this.#state.text.length - bracket.at < MAX_HELD)
      this.#speculateOnTarget(bracket);
  }

  /**
   * Renders the incomplete `bracket` speculatively. An image or a footnote reference is hidden until it is complete.
   */
  #speculateOnTarget(bracket: Bracket): void {
    const isHidden = bracket.isImage || this.#state.text[bracket.at] === '^';
    if (!isHidden) return this.#enclose(bracket, new Inline('link'), true);
    this.#delimiters.settleAbove(bracket.delimiter);
    bracket.node.text = '';
    bracket.node.next = undefined;
    this.#state.last = bracket.node;
  }
}
