import {createElement, type MarkdownStats} from './elements.js';

/** A text node ends with the first line end after this many characters, because browsers shape a text node as a whole. */
const MAX_TEXT = 4096;

/** Length from which on a group of lines ends with the line, and from which on a line is drawn in pieces, without colours. */
const MAX_GROUP = 8192;
export const MAX_LINE = 8192;

/**
 * A group of lines of a code block. A browser lays out a block of text as a whole when something is added to it, so a
 * long code block consists of groups. Where they end depends on the code only.
 */
export class CodeLines {
  readonly #stats: MarkdownStats;
  readonly #parent: HTMLElement;
  /** The node before which the lines are added. */
  readonly #end: Node | null;
  #length = 0;
  /** The text node that is appended to. */
  #node: Text | undefined;
  #isLineEnd = false;
  /** Whether the line is drawn in pieces. */
  #isLong = false;

  constructor(stats: MarkdownStats, parent: HTMLElement, end: Node | null = null) {
    this.#stats = stats;
    this.#parent = parent;
    this.#end = end;
  }

  /** Whether the lines that follow belong to another group. */
  get isFull(): boolean {
    return this.#isLineEnd && this.#length >= MAX_GROUP;
  }

  /** Appends uncoloured text, until the group is full. Returns the rest. */
  append(text: string): string {
    let rest = text;
    while (rest && !this.isFull) {
      const part = this.#isLong ? this.#appendLong(rest) : this.#appendShort(rest);
      rest = rest.slice(part.length);
      this.#length += part.length;
      this.#isLineEnd = part.endsWith('\n');
    }
    return rest;
  }

  /** Adds a complete line, of `length` characters. */
  addLine(nodes: readonly Node[], length: number): void {
    this.endText();
    this.#stats.nodesTouched += nodes.length;
    for (const node of nodes) this.#parent.insertBefore(node, this.#end);
    this.#length += length;
    this.#isLineEnd = true;
  }

  /** Removes the incomplete line, which was appended after complete ones. */
  removeLine(): void {
    this.#length -= this.#node?.length ?? 0;
    this.#node?.remove();
    this.endText();
  }

  /** Appends what follows to another text node. */
  endText(): void {
    this.#node = undefined;
  }

  #appendShort(text: string): string {
    const length = this.#node?.length ?? 0;
    const lineEnd = text.indexOf('\n', Math.max(0, Math.min(MAX_TEXT - length, MAX_GROUP - this.#length) - 1)) + 1;
    let end = lineEnd || text.length;
    this.#isLong = length + end > MAX_LINE;
    if (this.#isLong) end = wholeLength(text, MAX_LINE - length);
    const part = text.slice(0, end);
    if (part) this.#appendText(part);
    if (lineEnd > 0 || this.#isLong) this.endText();
    return part;
  }

  /** Appends to a line that is longer than a text node may be: to pieces that are laid out one by one. */
  #appendLong(text: string): string {
    const lineEnd = text.indexOf('\n');
    this.#isLong = lineEnd !== 0;
    if (lineEnd === 0) {
      this.endText();
      return '';
    }
    const left = MAX_TEXT - (this.#node?.length ?? 0);
    let end = lineEnd < 0 ? text.length : lineEnd;
    if (end > left) end = wholeLength(text, left);
    const part = text.slice(0, end);
    if (!this.#node) {
      const piece = createElement(this.#stats, 'span', {class: 'piece'});
      piece.append((this.#node = document.createTextNode(part)));
      this.#parent.insertBefore(piece, this.#end);
    } else if (part) this.#node.appendData(part);
    if (end >= left && end < text.length) this.endText();
    return part;
  }

  #appendText(text: string): void {
    this.#stats.nodesTouched++;
    if (this.#node) this.#node.appendData(text);
    else this.#parent.insertBefore((this.#node = document.createTextNode(text)), this.#end);
  }
}

/** Returns `end`, or the end of the surrogate pair that it is in. */
function wholeLength(text: string, end: number): number {
  const from = Math.max(0, end);
  const last = text.charCodeAt(from - 1);
  return last >= 0xd800 && last <= 0xdbff ? from + 1 : from;
}
