/** Lengths that have a class, in em. */
const paddings = [0, 0.25, 0.5, 1, 2];
const kerns = [0.1, 0.17, 0.22, 0.28, 0.5, 1];

const fixed: Readonly<Record<string, string>> = {
  'width:100%': 'full',
  'width:50%': 'half',
  'width:7.5%': 'edge',
  'fontWeight:bold': 'bold',
  'textAlign:left': 'tml-left',
  'mathDepth:0': 'depth-0',
  'math-depth:0': 'depth-0',
  'mathDepth:2': 'depth-2',
  'position:relative': 'box',
  'position:absolute': 'end',
  'justifyContent:center': 'centre',
  'transform:scaleX(-1)': 'mirror',
  'font-style:italic': 'italic',
};

/** All classes that can replace an inline style. */
export const styleClassNames: readonly string[] = [
  ...Object.values(fixed),
  ...['', 'Top', 'Bottom', 'Left', 'Right'].flatMap((side) => [
    ...paddings.map((_, index) => `padding${side}-${index}`),
    ...['solid', 'dashed', 'double'].map((kind) => `border${side}-${kind}`),
  ]),
  ...kerns.map((_, index) => `kern-${index}`),
];

/** The rules of the classes for lengths. */
export const lengthRules = [
  ...['', 'Top', 'Bottom', 'Left', 'Right'].flatMap((side) => {
    const suffix = side && `-${side.toLowerCase()}`;
    return [
      ...paddings.map((length, index) => `.padding${side}-${index} { padding${suffix}: ${length}em; }`),
      ...['solid', 'dashed'].map((kind) => `.border${side}-${kind} { border${suffix}: 0.06em ${kind}; }`),
      `.border${side}-double { border${suffix}: 0.15em double; }`,
    ];
  }),
  ...kerns.map((length, index) => `.kern-${index} { margin-left: -${length}em; }`),
].join('\n');

/**
 * Returns the classes that replace the inline styles of Temml, which a strict content security policy does not allow.
 * Lengths are rounded to the nearest that has a class; other styles are omitted.
 */
export function styleClasses(style: Readonly<Record<string, string | number>>, attribute: string): string[] {
  const names = attribute === 'font-weight:bold' ? ['bold'] : attribute.startsWith('text-align') ? ['tml-left'] : [];
  for (const [property, written] of Object.entries(style)) {
    const name = fixed[`${property}:${written}`] ?? sideClass(property, `${written}`);
    if (name) names.push(name);
  }
  return names;
}

function sideClass(property: string, value: string): string | undefined {
  if (property.startsWith('border')) {
    const kind = /solid|dashed|double/.exec(value)?.[0];
    return kind && `${property}-${kind}`;
  }
  const [, number, unit] = /^-?(\d*\.?\d+)(em|ex|pt|px|)$/.exec(value) ?? [];
  if (number === undefined) return undefined;
  const length = Number(number) / (unit === 'pt' ? 12 : unit === 'px' ? 16 : unit === 'ex' ? 2 : 1);
  if (property.startsWith('padding')) return `${property}-${nearest(paddings, length)}`;
  return property === 'marginLeft' ? `kern-${nearest(kerns, length)}` : undefined;
}

function nearest(lengths: readonly number[], wanted: number): number {
  const distances = lengths.map((length) => Math.abs(length - wanted));
  return distances.indexOf(Math.min(...distances));
}
