import {expect} from '@open-wc/testing';

import type {Message} from '../src/model/conversation.js';
import {createChat} from './helpers/chat.js';
import {bytes, script, type ScriptedResponse} from './helpers/server.js';
import {shared} from './helpers/shared.js';

// Answers of other servers: as bytes, with what a chat has to show of them. They lie beside the project and are not part
// of it. Each is sent in one piece and in chunks of 7 bytes.

interface Case {
  readonly id: string;
  readonly title?: string;
  readonly format?: string;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly contentType?: string;
  /** Files: one per request. */
  readonly body: string | readonly string[];
  /** The attributes to set, in words. */
  readonly steps?: string;
  readonly expected: Expected;
}

interface Expected {
  readonly text?: string;
  readonly reasoning?: string;
  readonly end?: 'done' | 'error';
  readonly code?: string;
  readonly error?: string;
  readonly reason?: string;
  readonly hits?: number;
  readonly toolcalls?: readonly {readonly name: string; readonly a?: string; readonly state?: string}[];
}

/** Cases that fail, by set and ID, and why. */
const failing: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  wire: {
    '03d': 'The pieces have eleven times “ha”, the expected text ten.',
  },
};

const toolNames = ['weather', 'clock', 'now'];

function attributesOf(steps: string): Record<string, string> {
  const found = [...steps.matchAll(/\b(protocol|retries)="([^"]*)"/g)].map(([, name, value]) => [name, value]);
  return {retries: '1', renderer: 'plain', ...(Object.fromEntries(found) as Record<string, string>)};
}

/** Returns what differs from what is expected. */
function differences({expected, steps = ''}: Case, message: Message, hits: number): string[] {
  const {parts, status, error, reason} = message;
  const found: string[] = [];
  const compare = (name: string, wanted: unknown, actual: unknown) => {
    if (wanted !== undefined && wanted !== actual) found.push(`${name}: ${JSON.stringify(actual)} instead of ${JSON.stringify(wanted)}`);
  };
  // Where tools ran, the text of the answer behind them is not always given.
  compare('text', expected.text, message.text);
  const reasoning = parts.map((part) => (part.type === 'reasoning' ? part.text : '')).join('');
  compare('reasoning', expected.reasoning?.trim(), reasoning.trim());
  // Of the formats only text and reasoning are given: all of them are whole.
  const end = expected.end ?? (expected.error === undefined ? 'done' : 'error');
  compare('end', end, status === 'done' ? 'done' : 'error');
  compare('code', expected.code, error?.code);
  compare('reason', expected.reason, reason);
  compare('requests', expected.hits, hits);
  if (expected.error !== undefined && !error?.message.includes(expected.error)) compare('error', expected.error, error?.message);
  if (expected.toolcalls) {
    const calls = parts.filter((part) => part.type === 'tool-call');
    compare('calls', normalize(expected.toolcalls.map(({name}) => name)), normalize(calls.map(({name}) => name)));
    expected.toolcalls.forEach(({a, state}, index) => {
      if (a !== undefined) compare(`arguments ${index}`, normalize(a), normalize(calls[index]?.arguments));
      if (steps.includes('Tools')) compare(`state ${index}`, state, calls[index]?.state);
    });
  }
  return found;
}

function normalize(value: unknown): string | undefined {
  if (typeof value !== 'string') return JSON.stringify(value);
  try {
    return JSON.stringify(JSON.parse(value));
  } catch {
    return value;
  }
}

async function play(one: Case, bodies: readonly Uint8Array[], chunk: number | undefined): Promise<string[]> {
  const {status = 200, headers = {'content-type': one.contentType ?? ''}, steps = ''} = one;
  const responses = bodies.map((body): ScriptedResponse => ({
    status,
    headers,
    steps: body.length === 0 ? [] : [bytes(body, chunk === undefined ? {} : {chunk})],
  }));
  const server = await script(responses);
  const chat = await createChat({endpoint: server.url, ...attributesOf(steps)});
  if (steps.includes('Tools')) chat.tools = toolNames.map((name) => ({name, execute: () => 'ok'}));
  const message = await chat.send('Hello');
  const {requests} = await server.log();
  await server.remove();
  chat.remove();
  return differences(one, message!, requests.length);
}

describe('answers of other servers', () => {
  const {random} = Math;
  // Repeats come at once.
  before(() => (Math.random = () => random() * 0.02));
  after(() => (Math.random = random));

  for (const set of ['wire', 'formats']) {
    for (const chunk of [undefined, 7]) {
      it(`come as expected: ${set}, ${chunk ? `in chunks of ${chunk} bytes` : 'in one piece'}`, async function () {
        this.timeout(180_000);
        const cases = (await (await shared(this, `cases/${set}/index.json`)).json()) as Case[];
        const read = async (file: string) => new Uint8Array(await (await shared(this, `cases/${set}/${file}`)).arrayBuffer());
        const wrong: string[] = [];

        const queue = [...cases];
        const work = async () => {
          for (let one = queue.shift(); one; one = queue.shift()) {
            const found = await play(one, await Promise.all([one.body].flat().map(read)), chunk);
            const reason = failing[set]?.[one.id];
            const name = `${set}/${one.id} (${one.title ?? one.format ?? ''})`;
            if (found.length > 0 && reason === undefined) wrong.push(`${name}\n    ${found.join('\n    ')}`);
            if (found.length === 0 && reason !== undefined) wrong.push(`${name} passes: remove it from the list.`);
          }
        };
        await Promise.all(Array.from({length: 4}, work));

        expect(wrong, wrong.join('\n')).to.have.length(0);
      });
    }
  }
});
