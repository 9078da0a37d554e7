import type {DrawFormula} from './markdown/formula.js';
import {adoptStyles} from './math/styles.js';
import {toMathml} from './math/to-mathml.js';

/** For how long, in milliseconds, many formulas are drawn in one task. */
const SLICE = 8;

/**
 * Draws a formula as MathML in the place of its source. The source stays beside it, hidden, to be copied. Where it
 * cannot be drawn, the source is what is shown, and its title says why.
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
    element.title = strings.formulaFailed(
      error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error),
    );
    return;
  }
  if (!isDisplay) return;
  // A wide formula scrolls in its box, and by keyboard only if the box takes the focus.
  element.tabIndex = 0;
  element.setAttribute('role', 'group');
  element.setAttribute('aria-label', strings.formula);
};

/** Draws formulas and takes them off the list, some in each task: none is long. */
export function drawAll(formulas: Parameters<DrawFormula>[]): void {
  const end = performance.now() + SLICE;
  for (let next = formulas.shift(); next; next = formulas.shift()) {
    drawFormula(...next);
    if (performance.now() > end) return void setTimeout(drawAll, 0, formulas);
  }
}
