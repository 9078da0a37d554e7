// Loaded into each test page before its tests. A failed assertion is sent to the runner as JSON, and the page never ends if
// that is impossible, as for an element. So what was compared is described instead.
// Not from `@open-wc/testing`, which would look for Mocha's hooks before Mocha is loaded, and never remove what tests add.
import {Assertion, AssertionError} from '@esm-bundle/chai';

const maxLength = 2000;

/** Returns a value that JSON can hold, or a description of it. */
export function describeValue(value: unknown): unknown {
  if (value instanceof Node) return describeNode(value);
  if (typeof value === 'function') return `function ${value.name}`;
  try {
    const json = JSON.stringify(value) as string | undefined;
    return json === undefined || json.length <= maxLength * 50 ? value : `${json.slice(0, maxLength)}…`;
  } catch {
    if (Array.isArray(value)) return value.map(describeValue);
    return Object.prototype.toString.call(value);
  }
}

function describeNode(node: Node): string {
  if (!(node instanceof Element)) return `${node.nodeName} ${JSON.stringify(node.textContent?.slice(0, 80) ?? '')}`;
  const attributes = [...node.attributes].map(({name, value}) => ` ${name}="${value.slice(0, 80)}"`).join('');
  return `<${node.localName}${attributes}> ${JSON.stringify(node.textContent?.trim().slice(0, 80) ?? '')}`;
}

type Assert = (this: unknown, ...args: unknown[]) => void;
const prototype = Assertion.prototype as unknown as {assert: Assert};
const {assert} = prototype;
prototype.assert = function (...args) {
  try {
    assert.apply(this, args);
  } catch (error) {
    if (error instanceof AssertionError) {
      const failed = error as Error & {actual?: unknown; expected?: unknown};
      for (const key of ['actual', 'expected'] as const) if (key in failed) failed[key] = describeValue(failed[key]);
    }
    throw error;
  }
};
