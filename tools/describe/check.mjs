// What is wrong with dist/custom-elements.json: something public without a description, or one of the two without the other.
import {existsSync} from 'node:fs';
import {join} from 'node:path';

import {readElement} from './manifest.mjs';
import {customProperties, eventNames, isUsed, partNames, slotNames} from './sources.mjs';

/** Returns what is wrong, a sentence each. */
export function checkManifest(root) {
  const element = readElement(root);
  const problems = [];
  const kinds = {
    attribute: element.attributes,
    property: element.properties,
    'static member': element.statics,
    method: element.methods,
    event: element.events,
    slot: element.slots,
    part: element.cssParts,
    'custom property': element.cssProperties,
    state: element.cssStates,
  };
  for (const [kind, things] of Object.entries(kinds)) {
    if (!things?.length) problems.push(`There is no ${kind}.`);
    for (const {name, description} of things ?? []) {
      if (!description?.trim()) problems.push(`The ${kind} "${name}" has no description.`);
      if (things.filter((thing) => thing.name === name).length > 1)
        problems.push(`The ${kind} "${name}" is described twice.`);
    }
  }
  for (const {name, type} of [...element.attributes, ...element.properties, ...element.events]) {
    if (!type?.text) problems.push(`"${name}" has no type.`);
  }
  for (const {name, detail} of element.events)
    if (!detail) problems.push(`The detail of the event "${name}" is not known.`);
  for (const {name, parameters = []} of element.methods) {
    for (const parameter of parameters) if (!parameter.type) problems.push(`A parameter of ${name}() has no type.`);
  }

  const compare = (kind, described, used, isThere = (name) => used.has(name)) => {
    const names = new Set(described.map(({name}) => name));
    for (const name of used) if (!names.has(name)) problems.push(`The ${kind} "${name}" is used, and not described.`);
    for (const name of names) if (!isThere(name)) problems.push(`The ${kind} "${name}" is described, and not used.`);
  };
  compare('event', element.events, new Set(eventNames(root)));
  const slots = slotNames(root);
  compare('slot', element.slots, slots, (name) => slots.has(name) || isUsed(root)(name));
  compare('part', element.cssParts, partNames(root), isUsed(root));
  const fallbacks = customProperties(root);
  const prefixes = [...fallbacks.keys()].filter((name) => name.endsWith('-'));
  const isComposed = (name) => prefixes.some((prefix) => name.startsWith(prefix) && !fallbacks.has(name));
  const written = new Set([...fallbacks.keys()].filter((name) => !prefixes.includes(name)));
  compare('custom property', element.cssProperties, written, (name) => written.has(name) || isComposed(name));

  for (const {path, exports = []} of element.manifest.modules) {
    if (!existsSync(join(root, path))) problems.push(`There is no ${path}.`);
    for (const {declaration} of exports) {
      if (!existsSync(join(root, declaration.module))) problems.push(`There is no ${declaration.module}.`);
    }
  }
  return [...new Set(problems)];
}
