import {copyToClipboard} from '../../lib/clipboard.js';
import {plainName} from '../../lib/strip-invisible.js';
import type {DrawCodeBlock} from '../renderer.js';
import {CodeLines, MAX_LINE} from './code-lines.js';
import type {DocumentContext} from './document-context.js';
import {createElement} from './elements.js';
import type {ColourLine} from './highlight-code.js';

/** Time budget for highlighting waiting blocks in one task, in milliseconds. */
const COLOUR_MS = 8;

/** Blocks that wait for highlighting. Each function highlights one group of lines, and returns whether it was the last. */
const uncoloured: (() => boolean)[] = [];

/**
 * Highlights some of the waiting blocks, and the rest in further tasks. Several blocks per task, because each task is
 * followed by an animation frame.
 */
function colourSome(): void {
  const end = performance.now() + COLOUR_MS;
  try {
    while (uncoloured.length > 0 && performance.now() < end) {
      const colourGroup = uncoloured.shift()!;
      if (!colourGroup()) uncoloured.unshift(colourGroup);
    }
  } finally {
    if (uncoloured.length > 0) setTimeout(colourSome);
  }
}

/** How long the copy button confirms that it copied, in milliseconds. */
const COPIED_MS = 2000;
/** How long it says that it could not, in milliseconds. */
const FAILED_MS = 6000;

/**
 * Draws a code block in groups of lines. Growing code is appended to the last text node, and nothing else is touched.
 */
export class CodeView {
  readonly element: HTMLElement;
  readonly #documentContext: DocumentContext;
  readonly #code: HTMLElement;
  readonly #language: string;
  #colour: ColourLine | undefined;
  /** The group of lines that grows. */
  #lines: CodeLines;
  #pending = '';
  /** The incomplete last line, if lines are highlighted. */
  #line = '';
  #isClosed = false;

  constructor(documentContext: DocumentContext, language: string) {
    const {stats, context} = documentContext;
    const shown = plainName(language);
    const label = context.strings.codeBlock(shown);
    this.#documentContext = documentContext;
    this.#language = language;
    this.element = createElement(stats, 'div', {part: 'code-block'});
    const header = createElement(stats, 'div', {part: 'code-header'});
    const name = createElement(stats, 'span', {part: 'code-language'});
    name.textContent = shown;
    // Code is left-to-right in every language.
    const pre = createElement(stats, 'pre', {dir: 'ltr', tabindex: '0', role: 'group', 'aria-label': label});
    this.#code = createElement(stats, 'code');
    this.#lines = new CodeLines(stats, this.#code);
    header.append(name, this.#createCopy());
    pre.append(this.#code);
    this.element.append(header, pre);
    const colour = language ? documentContext.highlight?.(language) : undefined;
    if (typeof colour === 'function') this.#colour = colour;
    else if (colour) void this.#colourLater(colour);
  }

  append(text: string): void {
    this.#pending += text;
  }

  draw(): void {
    const text = this.#pending;
    this.#pending = '';
    if (this.#colour) this.#drawLines(text, this.#colour);
    else this.#drawPlain(text);
  }

  close(): void {
    this.draw();
    this.#isClosed = true;
    if (this.#colour) this.#endLine('', this.#colour);
    const draw = this.#documentContext.context.codeBlocks?.get(this.#language.toLowerCase());
    if (draw) void this.#drawBy(draw);
  }

  /** Lets the host page draw the block. The source stays for copying, and for the case that drawing fails. */
  async #drawBy(draw: DrawCodeBlock): Promise<void> {
    const {stats, context} = this.#documentContext;
    const box = createElement(stats, 'div', {part: 'code-drawing'});
    const source = this.#code.parentElement;
    source?.before(box);
    // After this, the block is in its page and has a size.
    await Promise.resolve();
    try {
      await draw(this.#code.textContent, box, context);
      if (source) source.hidden = true;
    } catch (error) {
      box.remove();
      console.error(`A code block in "${this.#language}" could not be drawn. Its source is shown.`, error);
    }
  }

  #drawPlain(text: string): void {
    for (let rest = text; rest; ) rest = this.#openLines().append(rest);
  }

  /** Returns the group to which text is added: a new one if the last one is full. */
  #openLines(): CodeLines {
    if (this.#lines.isFull) {
      const group = createElement(this.#documentContext.stats, 'span', {class: 'lines'});
      this.#code.append(group);
      this.#lines = new CodeLines(this.#documentContext.stats, group);
    }
    return this.#lines;
  }

  /** Draws complete lines highlighted, and an incomplete one plain. */
  #drawLines(text: string, colour: ColourLine): void {
    let start = 0;
    for (let end = text.indexOf('\n') + 1; end > 0; end = text.indexOf('\n', start) + 1) {
      this.#endLine(text.slice(start, end), colour);
      start = end;
    }
    const rest = text.slice(start);
    this.#line += rest;
    this.#drawPlain(rest);
  }

  /** Replaces the incomplete line by the highlighted one. `end` is the text up to its end. */
  #endLine(end: string, colour: ColourLine): void {
    const line = this.#line + end;
    if (line.length > MAX_LINE) {
      this.#drawPlain(end);
      this.#lines.endText();
    } else if (line) {
      if (this.#line) this.#lines.removeLine();
      this.#openLines().addLine(this.#colourLine(line, colour), line.length);
    }
    this.#line = '';
  }

  #colourLine(line: string, colour: ColourLine): Node[] {
    const text = line.endsWith('\n') ? line.slice(0, -1) : line;
    const nodes: Node[] = [];
    let plain = '';
    const flush = () => {
      if (plain) nodes.push(document.createTextNode(plain));
      plain = '';
    };
    for (const [part, kind] of colour(text)) {
      if (!kind) {
        plain += part;
        continue;
      }
      flush();
      const piece = createElement(this.#documentContext.stats, 'span', {class: kind});
      piece.textContent = part;
      nodes.push(piece);
    }
    plain += line.slice(text.length);
    flush();
    return nodes;
  }

  /** Highlights, once the highlighter is loaded, what is drawn already, and later text as it arrives. */
  async #colourLater(loading: Promise<ColourLine | undefined>): Promise<void> {
    const colour = await loading.catch(() => undefined);
    let next: Element | null | undefined;
    // Lines before the first group are children of the code itself.
    const colourGroup = () => {
      const group = next === undefined ? this.#code : (next ?? this.#code);
      next = next ? next.nextElementSibling : this.#code.querySelector('.lines');
      return this.#colourGroup(group, next, colour!);
    };
    if (colour && uncoloured.push(colourGroup) === 1) setTimeout(colourSome);
  }

  /** Highlights the lines in `group`, which end before `next` if this is not the last group. */
  #colourGroup(group: Element, next: Element | null, colour: ColourLine): boolean {
    const range = document.createRange();
    range.selectNodeContents(group);
    if (next?.parentNode === group) range.setEndBefore(next);
    const text = range.toString();
    range.deleteContents();
    const {stats} = this.#documentContext;
    const last = this.#lines;
    this.#lines = new CodeLines(stats, group as HTMLElement, next?.parentNode === group ? next : null);
    if (next) {
      this.#drawLines(text, colour);
      this.#lines = last;
      return false;
    }
    this.#colour = colour;
    this.#drawLines(text, colour);
    if (this.#isClosed) this.#endLine('', colour);
    return true;
  }

  #createCopy(): HTMLElement {
    const {stats, context} = this.#documentContext;
    const {copyCode, copied, copyFailed} = context.strings;
    const button = createElement(stats, 'button', {type: 'button', part: 'code-copy'});
    button.textContent = copyCode;
    const copy = async () => {
      // The line end before the closing fence belongs to Markdown: a shell would run the last line.
      const text = this.#code.textContent.replace(/\n$/, '');
      const isCopied = await copyToClipboard(text, undefined, button.getRootNode());
      if (isCopied) context.onCopy?.(text);
      else getSelection()?.selectAllChildren(this.#code);
      button.textContent = isCopied ? copied : copyFailed;
      setTimeout(() => (button.textContent = copyCode), isCopied ? COPIED_MS : FAILED_MS);
    };
    button.addEventListener('click', () => void copy());
    return button;
  }
}
