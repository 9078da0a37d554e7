import {Inline} from './inline.js';

/** The state of a parse of inline content: the text, the position in it, and the list of nodes built so far. */
export class InlineState {
  /** The sentinel before the first node. */
  readonly head = new Inline('text');
  last = this.head;
  /** The position of the parser. */
  at = 0;
  /** The start of the text that is in no node yet. */
  start = 0;
  /** Whether something at the end is incomplete: the parse ends, and nothing after it is settled. */
  isOpen = false;

  /** Unless `final`, more text will follow. */
  constructor(
    readonly text: string,
    readonly final: boolean,
  ) {}

  /** Ends the parse here and hides the text up to `end` until more of it is known. */
  hold(end: number): void {
    this.takeText(this.at);
    this.isOpen = true;
    this.at = this.start = end;
  }

  /** Ends the parse here and shows the rest as it was written. */
  showRest(): void {
    this.takeText(this.text.length);
    this.isOpen = true;
    this.at = this.text.length;
  }

  append(node: Inline): Inline {
    node.prev = this.last;
    this.last.next = node;
    this.last = node;
    node.at = this.at;
    return node;
  }

  appendText(text: string): Inline {
    const node = new Inline('text');
    node.text = text;
    return this.append(node);
  }

  /** Appends the plain text up to `end` as a node. */
  takeText(end: number): void {
    if (end > this.start) this.appendText(this.text.slice(this.start, end));
    this.start = end;
  }

  /** Moves to `to`; the text before it is in nodes already, or hidden. */
  advanceTo(to: number): void {
    this.at = this.start = to;
  }
}
