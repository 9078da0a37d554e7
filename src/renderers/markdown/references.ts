import {unescapeText} from './entities.js';
import {
  MORE,
  NO,
  normalizeLabel,
  scanDestination,
  scanLabel,
  scanTitle,
  skipSpaces,
  skipSpacesAndBreak,
} from './scan.js';

/** Where a reference such as `[label]` leads. */
export interface Target {
  readonly url: string;
  readonly title: string;
}

/** Something drawn that changes when one of the labels it names gets defined. */
export interface Mendable {
  /** Draws it again. Returns false if that waits for the end of the document. */
  mend(isEnd: boolean): boolean;
}

/**
 * The link reference definitions of a document, and who waits for one. A definition may come long after its
 * use: then just the blocks that use its label are drawn again, once.
 */
export class References {
  readonly #targets = new Map<string, Target>();
  readonly #waiting = new Map<string, Set<Mendable>>();
  readonly #toMend = new Set<Mendable>();

  get(label: string): Target | undefined {
    return this.#targets.get(label);
  }

  /** The first definition of a label wins. */
  define(label: string, target: Target): void {
    if (this.#targets.has(label)) return;
    this.#targets.set(label, target);
    this.wake(label);
  }

  /** Remembers that `user` names `label`, which is not defined yet. Footnotes wait under `^label`. */
  wait(label: string, user: Mendable): void {
    const users = this.#waiting.get(label);
    if (users) users.add(user);
    else this.#waiting.set(label, new Set([user]));
  }

  wake(label: string): void {
    for (const user of this.#waiting.get(label) ?? []) this.#toMend.add(user);
    this.#waiting.delete(label);
  }

  /** Draws again what new definitions concern. */
  mend(isEnd: boolean): void {
    for (const user of this.#toMend) if (user.mend(isEnd)) this.#toMend.delete(user);
  }
}

/** A definition that was read, and where the text after it begins. */
export interface Definition extends Target {
  readonly label: string;
  readonly end: number;
}

/**
 * Reads the link reference definition at `from`, which is the begin of a line. While the text is not `final`
 * it answers `MORE` until no further text can change what it says.
 */
export function scanDefinition(text: string, from: number, final: boolean): Definition | typeof NO | typeof MORE {
  const more = final ? NO : MORE;
  const labelEnd = scanLabel(text, from);
  if (labelEnd < 0) return labelEnd === MORE ? more : NO;
  if (text[labelEnd] !== ':') return labelEnd === text.length ? more : NO;

  const start = skipSpacesAndBreak(text, labelEnd + 1);
  if (start === text.length) return more;
  const end = scanDestination(text, start);
  if (end < 0) return end === MORE ? more : NO;
  if (end === start) return NO;
  if (end === text.length && !final) return MORE;

  const label = normalizeLabel(text.slice(from + 1, labelEnd - 1));
  const pointed = text[start] === '<';
  const url = unescapeText(pointed ? text.slice(start + 1, end - 1) : text.slice(start, end));

  const titleStart = skipSpacesAndBreak(text, end);
  if (titleStart === text.length && !final) return MORE;
  if (titleStart > end && /["'(]/.test(text[titleStart] ?? '')) {
    const titleEnd = scanTitle(text, titleStart);
    if (titleEnd === MORE && !final) return MORE;
    if (titleEnd > 0) {
      const lineEnd = skipSpaces(text, titleEnd);
      if (lineEnd === text.length && !final) return MORE;
      if (lineEnd === text.length || text[lineEnd] === '\n')
        return {label, url, title: unescapeText(text.slice(titleStart + 1, titleEnd - 1)), end: lineEnd + 1};
    }
  }
  const lineEnd = skipSpaces(text, end);
  return lineEnd >= text.length || text[lineEnd] === '\n' ? {label, url, title: '', end: lineEnd + 1} : NO;
}
