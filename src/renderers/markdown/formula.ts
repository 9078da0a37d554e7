import type {Strings} from '../../locales/en.js';

/** A complete formula. */
export interface Formula {
  /** The formula as it was written, with its delimiters. */
  readonly source: string;
  /** The TeX between the delimiters. */
  readonly tex: string;
  /** Whether it is a block of its own. */
  readonly isDisplay: boolean;
}

/** Draws a formula into the element that shows its source, at once or when the lazy module is loaded. */
export type DrawFormula = (element: HTMLElement, formula: Formula, strings: Strings) => void;
