import {Inline} from './inline.js';
import type {InlineState} from './inline-state.js';
import {endBefore, NO_MATCH} from './scan.js';

const backticks = /`+/g;

/** Parses code spans. */
export class CodeSpans {
  readonly #state: InlineState;
  #lastBackticks: Map<number, number> | undefined;

  constructor(state: InlineState) {
    this.#state = state;
  }

  /** Parses the backtick string at the position of the parser, with the code span that it opens. */
  parse(): void {
    const text = this.#state.text;
    let open = this.#state.at;
    while (text[open] === '`') open++;
    const length = open - this.#state.at;
    if (!this.#state.final && open === text.length) return this.#state.hold(open);
    const close = this.#findClosingBackticks(open, length);
    if (close < 0 && this.#state.final) {
      this.#state.at = open;
      return;
    }
    this.#state.takeText(this.#state.at);
    const node = this.#state.append(new Inline('code'));
    let content = text.slice(open, close < 0 ? undefined : close);
    if (close < 0) {
      content = content.slice(0, endBefore(content, '`'));
      this.#state.isOpen = true;
      this.#state.advanceTo(text.length);
    } else this.#state.advanceTo(close + length);
    content = content.replaceAll('\n', ' ');
    const isPadded = content.startsWith(' ') && content.endsWith(' ') && /[^ ]/.test(content);
    node.text = isPadded ? content.slice(1, -1) : close < 0 && content.startsWith(' ') ? content.slice(1) : content;
  }

  /** Returns the start of the backtick string that closes a code span. */
  #findClosingBackticks(from: number, length: number): number {
    this.#lastBackticks ??= this.#indexBackticks(from);
    if ((this.#lastBackticks.get(length) ?? -1) < from) return NO_MATCH;
    backticks.lastIndex = from;
    for (let match = backticks.exec(this.#state.text); match; match = backticks.exec(this.#state.text))
      if (match[0].length === length) return match.index;
    return NO_MATCH;
  }

  /** Maps each length to its last backtick string: otherwise strings of 1, 2, 3 … backticks take quadratic time. */
  #indexBackticks(from: number): Map<number, number> {
    const last = new Map<number, number>();
    backticks.lastIndex = from;
    for (let match = backticks.exec(this.#state.text); match; match = backticks.exec(this.#state.text))
      last.set(match[0].length, match.index);
    return last;
  }
}
