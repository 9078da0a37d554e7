import temml from 'temml';

import {allowedAttribute, allowedClass, allowedElements} from './allowed.js';
import {styleClasses} from './style-classes.js';

/** A node of the tree that Temml builds. Nodes for HTML have no `type`. */
interface Built {
  readonly type?: string;
  readonly text?: string;
  readonly attributes?: Readonly<Record<string, string | number>>;
  readonly classes?: readonly string[];
  readonly style?: Readonly<Record<string, string | number>>;
  readonly children?: readonly Built[];
}

const NAMESPACE = 'http://www.w3.org/1998/Math/MathML';

/** Maximum number of TeX characters, of MathML elements, and of their nesting depth. */
const MAX_TEX = 2000;
const MAX_ELEMENTS = 5000;
const MAX_DEPTH = 100;
const MAX_EXPANSIONS = 500;

/** Maximum size of what a formula draws, in em and in points. */
const MAX_SIZE: [number, number] = [20, 200];

/** Commands that define macros, which could make the formula grow without limit. */
const definition = /\\(?:[gex]?def|global|long|let|futurelet|(?:re)?newcommand|providecommand|definecolor)(?![a-zA-Z])/;

/** Temml builds the content of these commands at least twice: nested, each doubles the time. */
const doubling = /\\(?:cancelto|(?:math)?llap|equilibrium)/g;
const MAX_DOUBLINGS = 4;

/** Temml fills all rows of a table up to the longest one. Maximum product of cells and rows. */
const MAX_FILLED = 20_000;

/** Bidi overrides, isolates and tag characters: a formula can insert any character by its code. */
const invisible = /[\u202a-\u202e\u2066-\u2069\ufeff]|\udb40[\udc00-\udc7f]/g;

/**
 * Converts TeX to MathML, element by element, from the allowlists only: nothing that links, loads or runs, no IDs, no
 * inline styles. Throws an error with the reason if that is not possible.
 */
export function toMathml(tex: string, isDisplay: boolean): Element {
  if (tex.length > MAX_TEX) throw new Error(`it has more than ${MAX_TEX} characters`);
  if (definition.test(tex)) throw new Error('it defines macros');
  if (count(tex, doubling) > MAX_DOUBLINGS) throw new Error('it is too deep');
  if (count(tex, /&/g) * count(tex, /\\(?:\\|cr|newline)/g) > MAX_FILLED) throw new Error('it has too many cells');
  // GitHub's syntax: $`x`$.
  const plain = tex.replace(/^`([^`]*)`$/, '$1');
  const tree = temml.__renderToMathMLTree(plain, {
    displayMode: isDisplay,
    throwOnError: true,
    trust: false,
    maxExpand: MAX_EXPANSIONS,
    maxSize: MAX_SIZE,
  }) as Built;
  const builder = new Builder();
  const root = document.createDocumentFragment();
  builder.add(root, tree, 0);
  const math = root.firstElementChild;
  if (math?.localName !== 'math') throw new Error('it refers to something outside');
  return math;
}

function count(tex: string, what: RegExp): number {
  return tex.match(what)?.length ?? 0;
}

class Builder {
  #count = 0;

  add(parent: Node, node: Built, depth: number): void {
    if (depth > MAX_DEPTH) throw new Error('it is too deep');
    if (++this.#count > MAX_ELEMENTS) throw new Error('it is too large');
    if (node.text !== undefined && !node.children) {
      parent.appendChild(document.createTextNode(node.text.replace(invisible, '')));
      return;
    }
    const to = node.type === undefined ? parent : parent.appendChild(this.#create(node.type, node));
    for (const child of node.children ?? []) this.add(to, child, depth + 1);
  }

  #create(type: string, {attributes = {}, classes = [], style = {}}: Built): Element {
    if (!allowedElements.has(type)) throw new Error(`<${type}> is not allowed`);
    const element = document.createElementNS(NAMESPACE, type);
    for (const [name, value] of Object.entries(attributes))
      if (allowedAttribute(name, `${value}`)) element.setAttribute(name, `${value}`);
    const {color} = style;
    if (color !== undefined && allowedAttribute('mathcolor', `${color}`)) element.setAttribute('mathcolor', `${color}`);
    const names = [...classes.filter(allowedClass), ...styleClasses(style, `${attributes['style'] ?? ''}`)];
    if (names.length > 0) element.setAttribute('class', names.join(' '));
    return element;
  }
}
