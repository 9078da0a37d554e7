import type {MessageInit, StreamChat} from '../../src/index.js';

type Scheme = 'light' | 'dark';

interface Colour {
  readonly name: string;
  readonly label: string;
  readonly light: string;
  readonly dark: string;
}

/** The three that the others are made of. */
const colours: readonly Colour[] = [
  {name: 'accent', label: 'Accent', light: '#3d52c5', dark: '#9aaaf6'},
  {name: 'background', label: 'Surface', light: '#ffffff', dark: '#17181c'},
  {name: 'color', label: 'Text', light: '#1b1c20', dark: '#e7e8ec'},
];

const ranges = [
  {name: 'radius', label: 'Rounding', min: 0, max: 24, step: 1, value: 12, unit: 'px'},
  {name: 'density', label: 'Space', min: 0.7, max: 1.4, step: 0.05, value: 1, unit: ''},
] as const;

const fonts = {
  System: '',
  Serif: 'Charter, Georgia, serif',
  Monospaced: 'ui-monospace, Menlo, Consolas, monospace',
};

const conversation: readonly MessageInit[] = [
  {role: 'user', text: 'What does it look like?'},
  {
    role: 'assistant',
    text: 'Like **your page**: colours, rounding and space are yours.\n\n- [A link](https://example.org/) and `code`\n- A list\n\n```js\nconst answer = await chat.send(question); // as it is written\n```\n\n> A quote, for good measure.\n',
  },
];

/** WCAG's contrast of two colours, written as `#rrggbb`. */
export function contrast(a: string, b: string): number {
  const luminance = (hex: string) => {
    const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
      const part = parseInt(hex.slice(at, at + 2), 16) / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

function make<K extends keyof HTMLElementTagNameMap>(
  name: K,
  properties: Partial<HTMLElementTagNameMap[K]> = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
}

/** Builds the editor into `place`: its controls, a chat that they change, and the CSS to copy. Returns the chat. */
export function createThemeEditor(place: HTMLElement): StreamChat {
  const chosen: Record<Scheme, Map<string, string>> = {light: new Map(), dark: new Map()};
  const others = new Map<string, string>();
  let scheme: Scheme = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
  const pageTheme = document.documentElement.dataset['theme'];
  if (pageTheme === 'light' || pageTheme === 'dark') scheme = pageTheme;

  const chat = make('stream-chat', {endpoint: '/api/chat', heading: 'Your colours'});
  chat.messages = conversation;
  const code = make('code');
  const note = make('p', {className: 'hint'});
  note.setAttribute('role', 'status');

  const valueOf = (side: Scheme, {name, ...defaults}: Colour) => chosen[side].get(name) ?? defaults[side];
  const inputs = colours.map((colour) => {
    const input = make('input', {type: 'color', name: colour.name});
    input.addEventListener('input', () => {
      chosen[scheme].set(colour.name, input.value);
      apply();
    });
    return {colour, input};
  });

  function declarations(): [string, string][] {
    const changed = colours.filter(({name}) => chosen.light.has(name) || chosen.dark.has(name));
    return [
      ...changed.map((colour): [string, string] => [
        `--stream-chat-${colour.name}`,
        `light-dark(${valueOf('light', colour)}, ${valueOf('dark', colour)})`,
      ]),
      ...[...others].map(([name, value]): [string, string] => [`--stream-chat-${name}`, value]),
    ];
  }

  function apply() {
    chat.theme = scheme;
    for (const {colour, input} of inputs) input.value = valueOf(scheme, colour);
    const wanted = declarations();
    for (const name of [...chat.style]) chat.style.removeProperty(name);
    for (const [name, value] of wanted) chat.style.setProperty(name, value);
    const lines = wanted.map(([name, value]) => `  ${name}: ${value};`);
    code.textContent = lines.length > 0 ? `stream-chat {\n${lines.join('\n')}\n}` : '/* Change something. */';
    const [, surface, text] = colours as [Colour, Colour, Colour];
    const ratio = contrast(valueOf(scheme, surface), valueOf(scheme, text));
    const verdict = ratio < 4.5 ? 'That is too little to be read well: 4.5 is the least.' : 'That can be read well.';
    note.textContent = `Text on its surface: contrast ${ratio.toFixed(1)} to 1. ${verdict}`;
  }

  const schemes = make('fieldset', {className: 'switch'}, make('legend', {className: 'hidden'}, 'Colours for'));
  for (const side of ['light', 'dark'] as const) {
    const input = make('input', {type: 'radio', name: 'scheme', value: side, checked: side === scheme});
    input.addEventListener('change', () => {
      scheme = side;
      apply();
    });
    schemes.append(make('label', {}, input, make('span', {}, side === 'light' ? 'Light' : 'Dark')));
  }

  const controls = make('form', {className: 'controls', autocomplete: 'off'}, schemes);
  for (const {colour, input} of inputs) controls.append(make('label', {}, make('span', {}, colour.label), input));
  for (const {name, label, value, unit, ...limits} of ranges) {
    const input = make('input', {type: 'range', ...mapToText(limits), value: String(value)});
    input.addEventListener('input', () => {
      others.set(name, `${input.value}${unit}`);
      apply();
    });
    controls.append(make('label', {}, make('span', {}, label), input));
  }
  const font = make('select', {}, ...Object.keys(fonts).map((name) => make('option', {}, name)));
  font.addEventListener('change', () => {
    const family = fonts[font.value as keyof typeof fonts];
    if (family) others.set('font', family);
    else others.delete('font');
    apply();
  });
  const reset = make('button', {type: 'reset', className: 'button'}, 'As it was');
  controls.append(make('label', {}, make('span', {}, 'Font'), font), reset);
  controls.addEventListener('reset', () => {
    chosen.light.clear();
    chosen.dark.clear();
    others.clear();
    // The fields are reset after this event.
    queueMicrotask(apply);
  });
  controls.addEventListener('submit', (event) => event.preventDefault());

  const copy = make('button', {type: 'button'}, 'Copy');
  copy.dataset['copy'] = '';
  const head = make('div', {className: 'code-head'}, make('span', {}, 'css'), copy);
  const css = make('div', {className: 'code'}, head, make('pre', {tabIndex: 0}, code));
  place.classList.add('theme-editor');
  place.replaceChildren(controls, note, chat, css);
  apply();
  return chat;
}

const mapToText = (values: Readonly<Record<'min' | 'max' | 'step', number>>) => ({
  min: String(values.min),
  max: String(values.max),
  step: String(values.step),
});
