import {copyToClipboard} from '../../lib/clipboard.js';
import {plainName} from '../../lib/strip-invisible.js';
import type {DrawCodeBlock} from '../renderer.js';
import type {DocumentContext} from './document-context.js';
import {createElement} from './elements.js';
import type {ColourLine} from './highlight-code.js';

/** Time budget for highlighting waiting blocks in one task, in milliseconds. */
const COLOUR_MS = 8;

/** Blocks that wait for highlighting. */
const uncoloured: (() => void)[] = [];

/**
 * Highlights some of the waiting blocks, and the rest in further tasks. Several blocks per task, because each task is
 * followed by an animation frame.
 */
function colourSome(): void {
  const end = performance.now() + COLOUR_MS;
  try {
    while (uncoloured.length > 0 && performance.now() < end) uncoloured.shift()!();
  } finally {
    if (uncoloured.length > 0) setTimeout(colourSome);
  }
}

/**
 * A text node ends with the first line end after this many characters, because browsers shape a text node as a whole.
 */
const MAX_TEXT = 4096;

/** How long the copy button confirms that it copied, in milliseconds. */
const COPIED_MS = 2000;
/** How long it says that it could not, in milliseconds. */
const FAILED_MS = 6000;

/** Draws a code block. Growing code is appended to the last text node, and nothing else is touched. */
export class CodeView {
  readonly element: HTMLElement;
  readonly #documentContext: DocumentContext;
  readonly #code: HTMLElement;
  readonly #language: string;
  #colour: ColourLine | undefined;
  #node: Text | undefined;
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
    let text = this.#pending;
    this.#pending = '';
    if (this.#colour) return this.#drawLines(text, this.#colour);
    while (text) {
      const length = this.#node?.length ?? 0;
      const end = text.indexOf('\n', Math.max(0, MAX_TEXT - length - 1)) + 1;
      const part = end > 0 ? text.slice(0, end) : text;
      text = text.slice(part.length);
      this.#appendText(part);
      if (end > 0) this.#node = undefined;
    }
  }

  close(): void {
    this.draw();
    this.#isClosed = true;
    if (this.#colour) this.#endLine(this.#colour);
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

  #appendText(text: string): void {
    this.#documentContext.stats.nodesTouched++;
    if (this.#node) this.#node.appendData(text);
    else this.#code.append((this.#node = document.createTextNode(text)));
  }

  /** Draws complete lines highlighted, and an incomplete one plain. */
  #drawLines(text: string, colour: ColourLine): void {
    const end = text.lastIndexOf('\n') + 1;
    if (end > 0) {
      const lines = (this.#line + text.slice(0, end)).split('\n');
      lines.pop();
      this.#node?.remove();
      this.#node = undefined;
      this.#line = '';
      for (const line of lines) this.#drawLine(line, colour, '\n');
      // The last text node is complete: later text is not appended to it.
      this.#node = undefined;
    }
    const rest = text.slice(end);
    if (!rest) return;
    this.#line += rest;
    this.#appendText(rest);
  }

  #endLine(colour: ColourLine): void {
    if (!this.#line) return;
    this.#node?.remove();
    this.#node = undefined;
    this.#drawLine(this.#line, colour, '');
    this.#line = '';
  }

  #drawLine(line: string, colour: ColourLine, end: string): void {
    let plain = '';
    const pieces: Node[] = [];
    const flush = () => {
      if (plain) pieces.push(document.createTextNode(plain));
      plain = '';
    };
    for (const [text, kind] of colour(line)) {
      if (!kind) {
        plain += text;
        continue;
      }
      flush();
      const piece = createElement(this.#documentContext.stats, 'span', {class: kind});
      piece.textContent = text;
      pieces.push(piece);
    }
    plain += end;
    flush();
    this.#documentContext.stats.nodesTouched += pieces.length;
    this.#code.append(...pieces);
  }

  /** Highlights, once the highlighter is loaded, what is drawn already, and later text as it arrives. */
  async #colourLater(loading: Promise<ColourLine | undefined>): Promise<void> {
    const colour = await loading.catch(() => undefined);
    if (colour && uncoloured.push(() => this.#colourAll(colour)) === 1) setTimeout(colourSome);
  }

  #colourAll(colour: ColourLine): void {
    const text = this.#code.textContent;
    this.#code.replaceChildren();
    this.#node = undefined;
    this.#colour = colour;
    this.#drawLines(text, colour);
    if (this.#isClosed) this.#endLine(colour);
  }

  #createCopy(): HTMLElement {
    const {stats, context} = this.#documentContext;
    const {copyCode, copied, copyFailed} = context.strings;
    const button = createElement(stats, 'button', {type: 'button', part: 'code-copy'});
    button.textContent = copyCode;
    const copy = async () => {
      // The line end before the closing fence belongs to Markdown: a shell would run the last line.
      const text = this.#code.textContent.replace(/\n$/, '');
      const isCopied = await copyToClipboard({text}, button.getRootNode());
      if (isCopied) context.onCopy?.(text);
      else getSelection()?.selectAllChildren(this.#code);
      button.textContent = isCopied ? copied : copyFailed;
      setTimeout(() => (button.textContent = copyCode), isCopied ? COPIED_MS : FAILED_MS);
    };
    button.addEventListener('click', () => void copy());
    return button;
  }
}
