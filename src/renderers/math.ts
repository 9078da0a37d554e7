import {messageOf} from '../model/thrown.js';
import type {DrawFormula} from './markdown/formula.js';
import {adoptStyles} from './math/styles.js';
import {toMathml} from './math/to-mathml.js';

/** Time budget for drawing formulas in one task, in milliseconds. */
const SLICE = 8;

/**
 * Draws a formula as MathML in place of its source. The source stays next to it, hidden, for copying. If the formula
 * cannot be drawn, the source is shown, and its title gives the reason.
 */
export const drawFormula: DrawFormula = (element, {source, tex, isDisplay}, strings) => {
  if (isDisplay) element.className = 'display';
  adoptStyles(element);
  try {
    const math = toMathml(tex, isDisplay);
    const hidden = document.createElement('span');
    hidden.hidden = true;
    hidden.textContent = source;
    element.replaceChildren(math, hidden);
  } catch (error) {
    element.classList.add('failed');
    element.title = strings.formulaFailed(messageOf(error).split('\n')[0] ?? '');
    return;
  }
  if (!isDisplay) return;
  // A wide formula scrolls in its box. The keyboard can scroll it only if it is focusable.
  element.tabIndex = 0;
  element.setAttribute('role', 'group');
  element.setAttribute('aria-label', strings.formula);
};

/** Draws formulas and removes them from the list, some in each task, so that no task is long. */
export function drawAll(formulas: Parameters<DrawFormula>[]): void {
  const end = performance.now() + SLICE;
  for (let next = formulas.shift(); next; next = formulas.shift()) {
    drawFormula(...next);
    if (performance.now() > end) return void setTimeout(drawAll, 0, formulas);
  }
}
