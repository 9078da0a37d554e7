/** The elements that a formula may become. */
export const allowedElements: ReadonlySet<string> = new Set(
  (
    'math menclose mfrac mi mmultiscripts mn mo mover mpadded mphantom mprescripts mroot mrow mspace msqrt mstyle ' +
    'msub msubsup msup mtable mtd mtext mtr munder munderover none'
  ).split(' '),
);

const truth = /^(?:true|false)$/;
const color = /^(?:#[\da-f]{3,8}|[a-z]{1,30})$/i;

/** The attributes that an element may have, with what they may say; undefined is a length. */
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

/** The names of the attributes that an element may have. */
export const allowedAttributes: readonly string[] = [...Object.keys(attributes), 'class'];

/** How many of a unit are about an em. */
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

/** No length is more than so many em: else a formula could paint over what is beside it. */
const MAX_EM = 20;

/** Whether an element may have the attribute, with that value. */
export function allowedAttribute(name: string, value: string): boolean {
  if (!Object.hasOwn(attributes, name)) return false;
  const values = attributes[name];
  if (values) return values.test(value);
  const [, number, unit = 'em'] = /^[+-]?(\d*\.?\d+)(em|ex|pt|px|mm|cm|in|pc|%|width)?$/.exec(value) ?? [];
  return number !== undefined && Number(number) / (units[unit] ?? 1) <= MAX_EM;
}

/** The classes of Temml that the sheet has rules for. */
const classes = new Set(
  (
    'tml-display tml-left tml-right tml-jot tml-small tml-overline tml-underline tml-cancel tml-xcancel tml-fbox upstrike ' +
    'downstrike sout longdiv-top longdiv-arc phasor-bottom phasor-angle circle-pad textcircle actuarial tml-vec mathscr ' +
    'tml-sml-pad tml-med-pad tml-lrg-pad tml-tilde-2 tml-tilde-3 tml-tilde-4 tml-hat-1 tml-hat-2 tml-hat-3 tml-hat-4 ' +
    'chr-sml chr-med chr-lrg wbk-acc wbk-sml wbk-sml-acc wbk-sml-vec wbk-med wbk-med-acc wbk-med-vec wbk-lrg wbk-lrg-acc wbk-lrg-vec'
  ).split(' '),
);

/** Whether the class is one of Temml that has rules. */
export function allowedClass(name: string): boolean {
  return classes.has(name);
}
