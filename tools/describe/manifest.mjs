import {readFileSync} from 'node:fs';
import {join} from 'node:path';

/** The element as dist/custom-elements.json describes it, with its members sorted by what they are to the page. */
export function readElement(root) {
  const manifest = JSON.parse(readFileSync(join(root, 'dist/custom-elements.json'), 'utf8'));
  const element = manifest.modules
    .flatMap(({declarations}) => declarations)
    .find(({tagName}) => tagName === 'stream-chat');
  const {members} = element;
  const fields = members.filter(({kind, static: isStatic}) => kind === 'field' && !isStatic);
  return {
    ...element,
    manifest,
    properties: fields,
    settable: fields.filter(({readonly}) => !readonly),
    methods: members.filter(({kind, static: isStatic}) => kind === 'method' && !isStatic),
    statics: members.filter(({static: isStatic}) => isStatic),
  };
}

/** A description in one line. */
export const oneLine = (text = '') => text.replace(/\s+/g, ' ').trim();

/** A method as it is called. */
export function signature({name, parameters = [], return: result}) {
  const taken = parameters
    .map((parameter) => `${parameter.name}${parameter.optional || parameter.default ? '?' : ''}`)
    .join(', ');
  const type = result?.type.text ?? 'void';
  return `${name}(${taken})${type === 'void' ? '' : `: ${type}`}`;
}
