import type {Canvas} from './canvas.js';
import {createElement} from './elements.js';

/** Colours one code block. It is told of each line once. */
export interface CodeHighlighter {
  /** `text`, one or more whole lines, was appended: it stands in `node` from `offset` on and never changes. */
  lines(text: string, node: Text, offset: number): void;
  /** The block is complete. */
  close(): void;
}

/** Makes the highlighter of a code block in `language`, as its fence names it, or nothing if there is none for it. */
export type HighlightCode = (code: HTMLElement, language: string) => CodeHighlighter | undefined;

/** A text node ends with the first line behind so many characters: browsers shape a node as a whole. */
const MAX_TEXT = 4096;

/** For how long the copy button says that it copied. */
const COPIED_MS = 2000;

/** Draws a code block. Code that grows is appended to the end of a text node, and nothing else is touched. */
export class CodeView {
  readonly element: HTMLElement;
  readonly #canvas: Canvas;
  readonly #code: HTMLElement;
  readonly #highlighter: CodeHighlighter | undefined;
  #node: Text | undefined;
  #pending = '';
  /** How much of the node the highlighter was told of. */
  #told = 0;

  constructor(canvas: Canvas, language: string) {
    const {stats, context} = canvas;
    const label = context.strings.codeBlock(language);
    this.#canvas = canvas;
    this.element = createElement(stats, 'div', {part: 'code-block'});
    const header = createElement(stats, 'div', {part: 'code-header'});
    const name = createElement(stats, 'span', {part: 'code-language'});
    name.textContent = language;
    // Code reads from left to right in every language.
    const pre = createElement(stats, 'pre', {dir: 'ltr', tabindex: '0', role: 'region', 'aria-label': label});
    this.#code = createElement(stats, 'code');
    header.append(name, this.#createCopy());
    pre.append(this.#code);
    this.element.append(header, pre);
    this.#highlighter = canvas.highlight?.(this.#code, language);
  }

  append(text: string): void {
    this.#pending += text;
  }

  draw(): void {
    let text = this.#pending;
    this.#pending = '';
    while (text) {
      const length = this.#node?.length ?? 0;
      const end = text.indexOf('\n', Math.max(0, MAX_TEXT - length - 1)) + 1;
      const part = end > 0 ? text.slice(0, end) : text;
      text = text.slice(part.length);
      this.#appendToNode(part);
      if (end === 0) continue;
      this.#node = undefined;
      this.#told = 0;
    }
  }

  close(): void {
    this.draw();
    this.#highlighter?.close();
  }

  #appendToNode(text: string): void {
    this.#canvas.stats.nodesTouched++;
    if (this.#node) this.#node.appendData(text);
    else this.#code.append((this.#node = document.createTextNode(text)));
    if (!this.#highlighter) return;
    const {data} = this.#node;
    const end = data.lastIndexOf('\n') + 1;
    if (end <= this.#told) return;
    this.#highlighter.lines(data.slice(this.#told, end), this.#node, this.#told);
    this.#told = end;
  }

  #createCopy(): HTMLElement {
    const {stats, context} = this.#canvas;
    const {copyCode, copied} = context.strings;
    const button = createElement(stats, 'button', {type: 'button', part: 'code-copy'});
    button.textContent = copyCode;
    button.addEventListener('click', () => {
      const text = this.#code.textContent;
      void navigator.clipboard?.writeText(text).then(
        () => {
          button.textContent = copied;
          setTimeout(() => (button.textContent = copyCode), COPIED_MS);
        },
        // Not allowed: selected, it can be copied by hand.
        () => getSelection()?.selectAllChildren(this.#code),
      );
    });
    return button;
  }
}
