import {unescapeText} from './entities.js';
import {
  NEED_MORE,
  NO_MATCH,
  normalizeLabel,
  scanDestination,
  scanLabel,
  scanTitle,
  skipSpaces,
  skipSpacesAndBreak,
} from './scan.js';

/** The target of a reference such as `[label]`. */
export interface Target {
  readonly url: string;
  readonly title: string;
}

/** A drawn text that changes when one of the labels in it is defined. */
export interface ReferenceUser {
  /** Renders it again. Returns `false` if that is deferred to the end of the document. */
  rerender(isEnd: boolean): boolean;
}

/**
 * The link reference definitions of a document, and the texts that wait for one. A definition may come long after its
 * use: then only the texts that use its label are re-rendered, once.
 */
export class References {
  readonly #targets = new Map<string, Target>();
  readonly #waiting = new Map<string, Set<ReferenceUser>>();
  readonly #stale = new Set<ReferenceUser>();

  get(label: string): Target | undefined {
    return this.#targets.get(label);
  }

  /** The first definition of a label wins. */
  define(label: string, target: Target): void {
    if (this.#targets.has(label)) return;
    this.#targets.set(label, target);
    this.markStale(label);
  }

  /** Registers `user` for re-rendering when `label` is defined. The labels of footnotes are stored as `^label`. */
  wait(label: string, user: ReferenceUser): void {
    const users = this.#waiting.get(label);
    if (users) users.add(user);
    else this.#waiting.set(label, new Set([user]));
  }

  markStale(label: string): void {
    for (const user of this.#waiting.get(label) ?? []) this.#stale.add(user);
    this.#waiting.delete(label);
  }

  /** Re-renders the texts that new definitions affect. */
  rerenderStale(isEnd: boolean): void {
    for (const user of this.#stale) if (user.rerender(isEnd)) this.#stale.delete(user);
  }
}

/** A parsed definition, and the start of the text after it. */
export interface Definition extends Target {
  readonly label: string;
  readonly end: number;
}

/**
 * Parses the link reference definition at `from`, the start of a line. Unless `final`, returns `NEED_MORE` until no
 * further text can change the result.
 */
export function scanDefinition(
  text: string,
  from: number,
  final: boolean,
): Definition | typeof NO_MATCH | typeof NEED_MORE {
  const more = final ? NO_MATCH : NEED_MORE;
  const labelEnd = scanLabel(text, from);
  if (labelEnd < 0) return labelEnd === NEED_MORE ? more : NO_MATCH;
  if (text[labelEnd] !== ':') return labelEnd === text.length ? more : NO_MATCH;

  const start = skipSpacesAndBreak(text, labelEnd + 1);
  if (start === text.length) return more;
  const end = scanDestination(text, start);
  if (end < 0) return end === NEED_MORE ? more : NO_MATCH;
  if (end === start) return NO_MATCH;
  if (end === text.length && !final) return NEED_MORE;

  const label = normalizeLabel(text.slice(from + 1, labelEnd - 1));
  const isInAngleBrackets = text[start] === '<';
  const url = unescapeText(isInAngleBrackets ? text.slice(start + 1, end - 1) : text.slice(start, end));

  const titleStart = skipSpacesAndBreak(text, end);
  if (titleStart === text.length && !final) return NEED_MORE;
  if (titleStart > end && /["'(]/.test(text[titleStart] ?? '')) {
    const titleEnd = scanTitle(text, titleStart);
    if (titleEnd === NEED_MORE && !final) return NEED_MORE;
    if (titleEnd > 0) {
      const lineEnd = skipSpaces(text, titleEnd);
      if (lineEnd === text.length && !final) return NEED_MORE;
      if (lineEnd === text.length || text[lineEnd] === '\n')
        return {label, url, title: unescapeText(text.slice(titleStart + 1, titleEnd - 1)), end: lineEnd + 1};
    }
  }
  const lineEnd = skipSpaces(text, end);
  return lineEnd >= text.length || text[lineEnd] === '\n' ? {label, url, title: '', end: lineEnd + 1} : NO_MATCH;
}
