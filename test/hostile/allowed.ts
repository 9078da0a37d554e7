import type {Tag} from '../../src/renderers/markdown/elements.js';

// Allowlists for the shadow root. Written down a second time instead of imported: whoever allows more in the code has
// to do it here too.

const layout = ['part', 'class', 'dir', 'hidden'];
const named = [...layout, 'role', 'tabindex', 'title', 'aria-label', 'aria-live', 'aria-hidden', 'aria-busy', 'aria-describedby'];
const button = [...named, 'type', 'disabled', 'aria-pressed', 'aria-expanded', 'aria-haspopup', 'aria-controls'];

/** Allowed elements and attributes of the Markdown of an answer. */
export const markdownTable: Readonly<Record<Tag, readonly string[]>> = {
  a: ['href', 'target', 'rel', 'referrerpolicy', 'title', 'class', 'role', 'tabindex'],
  b: [],
  blockquote: ['dir', 'class'],
  br: [],
  button: ['type', 'part', 'aria-label'],
  code: [],
  del: [],
  details: ['dir', 'open'],
  div: ['part', 'class', 'role', 'tabindex', 'aria-label', 'dir'],
  em: [],
  h3: ['dir', 'aria-level'],
  h4: ['dir', 'aria-level'],
  h5: ['dir', 'aria-level'],
  h6: ['dir', 'aria-level'],
  hr: [],
  i: [],
  img: ['src', 'alt', 'title', 'referrerpolicy', 'loading', 'decoding'],
  input: ['type', 'disabled', 'checked', 'aria-label'],
  kbd: [],
  li: ['dir', 'class', 'role', 'tabindex', 'value'],
  mark: [],
  ol: ['dir', 'class', 'role', 'start'],
  p: ['dir', 'class'],
  pre: ['dir', 'role', 'tabindex', 'aria-label', 'hidden'],
  s: [],
  section: ['part', 'role', 'aria-label'],
  span: ['part', 'dir', 'class', 'role', 'tabindex', 'aria-label', 'title', 'hidden'],
  strong: [],
  sub: [],
  summary: [],
  sup: [],
  table: ['class', 'role'],
  tbody: ['role'],
  td: ['class', 'role', 'width'],
  th: ['class', 'role', 'scope', 'width'],
  thead: ['role'],
  tr: ['role'],
  u: [],
  ul: ['dir', 'class', 'role'],
};

const length = ['width', 'height', 'depth', 'voffset', 'lspace', 'rspace', 'minsize', 'maxsize', 'linethickness', 'rowspacing', 'mathsize'];
const formula = [
  ...['class', 'display', 'displaystyle', 'scriptlevel', 'mathcolor', 'mathbackground', 'mathvariant', 'columnalign', 'linebreak', 'notation'],
  ...['accent', 'fence', 'form', 'largeop', 'movablelimits', 'separator', 'stretchy', 'symmetric'],
  ...length,
];

/** Allowed elements and attributes of a formula, in the MathML namespace: none that links or acts. */
export const mathTable: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  (
    'math menclose mfrac mi mmultiscripts mn mo mover mpadded mphantom mprescripts mroot mrow mspace msqrt mstyle msub msubsup ' +
    'msup mtable mtd mtext mtr munder munderover none'
  )
    .split(' ')
    .map((name) => [name, formula]),
);

/** Allowed elements and attributes of the element itself: around an answer, and around all of them. */
export const elementTable: Readonly<Record<string, readonly string[]>> = {
  a: ['part', 'href', 'target', 'rel', 'referrerpolicy', 'title'],
  bdi: layout,
  button,
  code: layout,
  details: [...layout, 'open', 'data-toggled'],
  div: [...named, 'data-id', 'data-long'],
  footer: layout,
  form: layout,
  h2: layout,
  header: layout,
  i: [],
  li: layout,
  ol: named,
  path: ['d'],
  pre: [...layout, 'tabindex'],
  section: [...layout, 'aria-label'],
  slot: ['name', 'hidden'],
  span: named,
  summary: layout,
  svg: ['viewBox', 'aria-hidden'],
  textarea: [...layout, 'rows', 'autocomplete', 'enterkeyhint', 'aria-label', 'aria-describedby', 'aria-invalid', 'placeholder', 'disabled'],
  time: [...layout, 'datetime'],
  ul: named,
};

/** Attributes that are allowed outside of messages: set by the element's code, with fixed values. */
export const frameAttributes = ['id', 'style'];

/** Attributes that contain a URL, and the allowed schemes. Any other attribute with a URL is in no allowlist. */
export const schemes: Readonly<Record<string, readonly string[]>> = {
  href: ['http:', 'https:', 'mailto:'],
  src: ['http:', 'https:'],
};

/** Characters that must not occur: they hide or reorder text. */
export const invisible = /[\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\u{e0000}-\u{e007f}]/u;
