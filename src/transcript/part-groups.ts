import {html, noChange, type nothing, render, type TemplateResult} from 'lit';
import {directive, Directive, type ElementPart} from 'lit/directive.js';

import type {Part} from '../model/conversation.js';

/** Number of parts that are not in a group, and in each group after them; number of groups in each outer group. */
const maxParts = 32;
const maxGroups = 16;

/** How parts are rendered. All parts are rendered again if one of its values changes. */
export interface PartsOptions {
  readonly parts: readonly Part[];
  /** Index of the part that grows, or -1. */
  readonly openIndex: number;
  /** Other values that the rendered parts depend on. */
  readonly dependencies: readonly unknown[];
  readonly renderPart: (part: Part, index: number) => TemplateResult | typeof nothing;
}

/**
 * Renders the parts of a message. After the first ones they are put in groups, and these in outer groups: out of view
 * they are not laid out, and a group whose parts are the same objects as before is skipped.
 */
export function renderParts(options: PartsOptions): unknown {
  const {parts, renderPart} = options;
  if (parts.length <= maxParts) return parts.map(renderPart);
  return [...parts.slice(0, maxParts).map(renderPart), renderGroups(maxParts, parts.length, maxParts * maxGroups, options)];
}

function renderGroups(from: number, to: number, size: number, options: PartsOptions): TemplateResult[] {
  const groups: TemplateResult[] = [];
  for (let start = from; start < to; start += size) groups.push(html`<div class="parts" ${group(start, Math.min(to, start + size), size, options)}></div>`);
  return groups;
}

class GroupDirective extends Directive {
  #options: PartsOptions | undefined;
  #to = 0;

  render(_from: number, _to: number, _size: number, _options: PartsOptions) {
    return noChange;
  }

  override update({element}: ElementPart, [from, to, size, options]: Parameters<this['render']>) {
    const before = this.#options;
    const isSame = before && to === this.#to && isUnchanged(from, to, before, options);
    this.#options = options;
    this.#to = to;
    if (isSame) return noChange;
    const {parts, renderPart} = options;
    const isInner = size === maxParts;
    render(isInner ? parts.slice(from, to).map((part, index) => renderPart(part, from + index)) : renderGroups(from, to, maxParts, options), element as HTMLElement);
    return noChange;
  }
}

const group = directive(GroupDirective);

/** Returns whether the parts from `from` to `to` are rendered as before. */
function isUnchanged(from: number, to: number, before: PartsOptions, after: PartsOptions): boolean {
  if (before.dependencies.some((value, index) => value !== after.dependencies[index])) return false;
  const isOpenMoved = before.openIndex !== after.openIndex;
  if (isOpenMoved && [before.openIndex, after.openIndex].some((index) => index >= from && index < to)) return false;
  for (let index = from; index < to; index++) if (before.parts[index] !== after.parts[index]) return false;
  return true;
}
