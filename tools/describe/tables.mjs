// The tables of the README, in Markdown.
import {oneLine, signature} from './manifest.mjs';

const code = (text) => `\`${text}\``;
const cell = (text) => text.replaceAll('|', '\\|');
const row = (cells) => `| ${cells.map((text) => cell(text)).join(' | ')} |`;

function table(head, rows) {
  return [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');
}

const isDefault = (value) => value !== undefined && value !== '' && value !== 'undefined';
const list = (title) => (things) =>
  table(
    [title, ''],
    things.map(({name, description}) => [name ? code(name) : 'without a name', oneLine(description)]),
  );

/** The tables by the names of their markers. */
export const tables = {
  attributes: ({attributes}) =>
    table(
      ['attribute', 'default', ''],
      attributes.map(({name, default: value, description}) => [
        code(name),
        isDefault(value) ? code(value) : '',
        oneLine(description),
      ]),
    ),
  properties: ({properties}) =>
    table(
      ['property', 'type', ''],
      properties
        .filter(({attribute}) => !attribute)
        .map(({name, type, readonly, accepts, description}) => [
          code(name),
          code(accepts ?? type.text),
          `${readonly ? 'Read only. ' : ''}${oneLine(description)}`,
        ]),
    ),
  methods: ({methods, statics}) =>
    table(
      ['method', ''],
      [
        ...methods.map((method) => [code(signature(method)), oneLine(method.description)]),
        ...statics.map((member) => [
          code(`StreamChat.${member.kind === 'method' ? signature(member) : member.name}`),
          oneLine(member.description),
        ]),
      ],
    ),
  events: ({events}) =>
    table(
      ['event', '`detail`', 'when'],
      events.map(({name, detail = [], description}) => [
        code(name),
        detail.length > 0 ? code(`{${detail.map((field) => field.name).join(', ')}}`) : '',
        oneLine(description),
      ]),
    ),
  slots: ({slots}) => list('slot')(slots),
  parts: ({cssParts}) => list('part')(cssParts),
  'custom-properties': ({cssProperties}) =>
    table(
      ['custom property', 'default', ''],
      cssProperties.map(({name, default: value, description}) => [code(name), code(value), oneLine(description)]),
    ),
  states: ({cssStates, tagName}) =>
    table(
      ['state', ''],
      cssStates.map(({name, description}) => [code(`${tagName}:state(${name})`), oneLine(description)]),
    ),
};

/** Returns the text with what stands between its markers made anew. Throws where a marker has no table or no end. */
export function fillTables(text, element) {
  const filled = new Set();
  const result = text.replace(/<!-- table: ([\w-]+) -->[^]*?<!-- end -->/g, (_, name) => {
    if (!tables[name]) throw new Error(`There is no table "${name}". There are ${Object.keys(tables).join(', ')}.`);
    filled.add(name);
    return `<!-- table: ${name} -->\n\n${tables[name](element)}\n\n<!-- end -->`;
  });
  for (const name of Object.keys(tables))
    if (!filled.has(name)) throw new Error(`The README has no <!-- table: ${name} -->.`);
  return result;
}
