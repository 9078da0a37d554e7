/** The allowed elements of a formula. */
export const allowedElements: ReadonlySet<string> = new Set(
  (
    'math menclose mfrac mi mmultiscripts mn mo mover mpadded mphantom mprescripts mroot mrow mspace msqrt mstyle ' +
    'msub msubsup msup mtable mtd mtext mtr munder munderover none'
  ).split(' '),
);

const truth = /^(?:true|false)$/;
const color = /^(?:#[\da-f]{3,8}|[a-z]{1,30})$/i;

/** The allowed attributes, with the pattern of their values; `undefined` stands for a length. */
const attributes: Readonly<Record<string, RegExp | undefined>> = {
  accent: truth,
  columnalign: /^left$/,
  depth: undefined,
  display: /^block$/,
  displaystyle: truth,
  fence: truth,
  form: /^(?:prefix|infix|postfix)$/,
  height: undefined,
  largeop: truth,
  linebreak: /^(?:newline|nobreak)$/,
  linethickness: undefined,
  lspace: undefined,
  mathbackground: color,
  mathcolor: color,
  mathsize: undefined,
  mathvariant: /^(?:normal|italic|monospace)$/,
  maxsize: undefined,
  minsize: undefined,
  movablelimits: truth,
  notation: /^(?:[a-z]+ ?)+$/,
  rowspacing: undefined,
  rspace: undefined,
  scriptlevel: /^[0-3]$/,
  separator: truth,
  stretchy: truth,
  symmetric: truth,
  voffset: undefined,
  width: undefined,
};

/** The names of the allowed attributes. */
export const allowedAttributes: readonly string[] = [...Object.keys(attributes), 'class'];

/** Number of each unit in about one em. */
const units: Readonly<Record<string, number>> = {
  em: 1,
  ex: 2,
  pt: 10,
  px: 16,
  mm: 4,
  cm: 0.4,
  in: 0.16,
  pc: 0.8,
  '%': 100,
  width: 1,
};

/** Maximum length in em: a longer one could make a formula cover what is next to it. */
const MAX_EM = 20;

/** Returns whether an element may have the attribute with that value. */
export function allowedAttribute(name: string, value: string): boolean {
  if (!Object.hasOwn(attributes, name)) return false;
  const values = attributes[name];
  if (values) return values.test(value);
  const [, number, unit = 'em'] = /^[+-]?(\d*\.?\d+)(em|ex|pt|px|mm|cm|in|pc|%|width)?$/.exec(value) ?? [];
  return number !== undefined && Number(number) / (units[unit] ?? 1) <= MAX_EM;
}

/** The classes of Temml that the style sheet has rules for. */
const classes = new Set(
  (
    'tml-display tml-left tml-right tml-jot tml-small tml-overline tml-underline tml-cancel tml-xcancel tml-fbox upstrike ' +
    'downstrike sout longdiv-top longdiv-arc phasor-bottom phasor-angle circle-pad textcircle actuarial tml-vec mathscr ' +
    'tml-sml-pad tml-med-pad tml-lrg-pad tml-tilde-2 tml-tilde-3 tml-tilde-4 tml-hat-1 tml-hat-2 tml-hat-3 tml-hat-4 ' +
    'chr-sml chr-med chr-lrg wbk-acc wbk-sml wbk-sml-acc wbk-sml-vec wbk-med wbk-med-acc wbk-med-vec wbk-lrg wbk-lrg-acc wbk-lrg-vec'
  ).split(' '),
);

/** Returns whether the style sheet has rules for the class of Temml. */
export function allowedClass(name: string): boolean {
  return classes.has(name);
}
