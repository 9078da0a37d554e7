// What editors read: custom data of VS Code, and web-types for those of JetBrains.
import {oneLine} from './manifest.mjs';

/** https://github.com/microsoft/vscode-html-languageservice/blob/main/docs/customData.md */
export function htmlData(element) {
  const list = (title, things) => `**${title}**: ${things.map(({name}) => `\`${name || '(default)'}\``).join(', ')}`;
  return {
    version: 1.1,
    tags: [
      {
        name: element.tagName,
        description: {
          kind: 'markdown',
          value: [element.description, list('Events', element.events), list('Slots', element.slots)].join('\n\n'),
        },
        attributes: element.attributes.map(({name, description, type, values}) => ({
          name,
          description: {kind: 'markdown', value: description},
          ...(values && {values: values.map((value) => ({name: value}))}),
          // `v` is the editor's word for an attribute that needs no value.
          ...(type.text === 'boolean' && {valueSet: 'v'}),
        })),
      },
      {
        name: `${element.tagName}-message`,
        description: 'One of the first messages of the `<stream-chat>` around it.',
        attributes: [
          {name: 'role', description: 'Who says it.', values: ['assistant', 'user', 'system'].map((name) => ({name}))},
        ],
      },
    ],
  };
}

/** https://github.com/microsoft/vscode-css-languageservice/blob/main/docs/customData.md */
export function cssData(element) {
  return {
    version: 1.1,
    properties: element.cssProperties.map(({name, description, default: value}) => ({
      name,
      description: `${oneLine(description)} Default: ${value}`,
    })),
    pseudoElements: element.cssParts.map(({name, description}) => ({
      name: `::part(${name})`,
      description: oneLine(description),
    })),
    pseudoClasses: element.cssStates.map(({name, description}) => ({
      name: `:state(${name})`,
      description: oneLine(description),
    })),
  };
}

/** https://plugins.jetbrains.com/docs/intellij/websymbols-web-types.html */
export function webTypes(element, {name, version}) {
  const described = ({name, description}) => ({name, description: oneLine(description)});
  return {
    $schema: 'https://raw.githubusercontent.com/JetBrains/web-types/master/schema/web-types.json',
    name,
    version,
    'js-types-syntax': 'typescript',
    'description-markup': 'markdown',
    contributions: {
      html: {
        elements: [
          {
            name: element.tagName,
            description: element.description,
            attributes: element.attributes.map((attribute) => ({
              ...described(attribute),
              required: false,
              ...(attribute.default && {default: attribute.default}),
              value:
                attribute.type.text === 'boolean'
                  ? {kind: 'no-value', type: 'boolean'}
                  : {kind: 'plain', type: attribute.type.text},
            })),
            slots: element.slots.map(described),
            js: {
              properties: element.properties.map((property) => ({...described(property), type: property.type.text})),
              events: element.events.map(described),
            },
            css: {
              properties: element.cssProperties.map((property) => ({
                ...described(property),
                default: property.default,
              })),
              parts: element.cssParts.map(described),
            },
          },
        ],
      },
    },
  };
}
