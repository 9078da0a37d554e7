import type {Strings} from '../../locales/en.js';

/** A formula that is complete. */
export interface Formula {
  /** As it was written, with its marks. */
  readonly source: string;
  /** What stands between the marks. */
  readonly tex: string;
  /** Whether it stands on lines of its own. */
  readonly isDisplay: boolean;
}

/** Draws a formula into the element that shows its source, at once or when what draws it is loaded. */
export type DrawFormula = (element: HTMLElement, formula: Formula, strings: Strings) => void;
