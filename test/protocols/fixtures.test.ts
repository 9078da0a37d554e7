import {expect} from '@open-wc/testing';

import {AnswerReader} from '../../src/chat/answer-reader.js';
import type {Collected} from '../helpers/streams.js';
import {StreamChatError} from '../../src/model/errors.js';
import '../../src/chat/answering.js';
import '../../src/index.js';
import {pieces} from '../helpers/cuts.js';
import {formats} from '../helpers/formats.js';
import {shared} from '../helpers/shared.js';
import {createCollector, readStream} from '../helpers/streams.js';

// Streams of others, recorded or made after their code. They lie beside the project and are not part of it.

interface Said {
  readonly first80: string;
  readonly length: number;
  readonly sha256: string;
}

interface ExpectedCall {
  readonly id: string | null;
  readonly name: string;
  readonly arguments: unknown;
}

interface Fixture {
  readonly file: string;
  readonly format: string;
  readonly contentType: string | null;
  readonly text: Said;
  readonly reasoning?: Said;
  readonly refusal?: Said;
  readonly transcript?: Said;
  readonly finish: string | null;
  readonly toolCalls: readonly ExpectedCall[];
  readonly serverToolCalls?: readonly ExpectedCall[];
  readonly usage: unknown;
  readonly error: string | null;
}

type Field = 'text' | 'reasoning' | 'refusal' | 'finish' | 'toolCalls' | 'serverToolCalls' | 'usage' | 'error' | 'end';

/** What differs from what is written beside the streams, and why. */
const differences: Readonly<Record<string, Partial<Record<Field, string>>>> = {
  'home-made/openai-no-space.txt': {
    finish: 'The last chunk says `"finish_reason": "length"`; expected.json has none for all that is home-made.',
  },
  'other/watsonx-text-stream.txt': {
    usage: 'The stream tells `input_token_count` and `generated_token_count`; expected.json has no usage.',
  },
  'dify/chat-messages.txt': {
    usage: '`message_end` carries `metadata.usage`; expected.json has no usage.',
  },
  'home-made/raw-data-newline-escaped.txt': {
    text: 'Cannot be told from a real backslash and n: needs `decodeToken`.',
  },
  'home-made/raw-data-newline-placeholder.txt': {text: 'A word for the line break: needs `decodeToken`.'},
  'home-made/raw-data-newline-br.txt': {text: 'Cannot be told from HTML in the text: needs `decodeToken`.'},
};

/** Streams without proof of their end: interrupted, or failed, with the text kept. */
const endless: Readonly<Record<string, string>> = {
  'openai-chat/groq-error-tool-use-failed.txt': 'failed',
  'openai-chat/groq-error-after-text.txt': 'failed',
  'gemini/http-error.txt': 'failed',
  'gemini/quotes-escaped.txt': 'no chunk has a finishReason',
  'ai-sdk-data-v4/data-annotations.txt': 'neither `e:` nor `d:`',
  'ndjson/concatenated-json.txt': 'chunks of Chat Completions with neither a finish_reason nor [DONE]',
  'langgraph/error.txt': 'failed',
  'langserve/error.txt': 'failed',
  'dify/error.txt': 'failed',
  'openai-realtime/client-secret-http.txt': 'no stream',
};

const sizes = [1, 2, 3, 7, 64, Infinity];

async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

function parseArguments(text: string): unknown {
  if (text === '') return {};
  try {
    return JSON.parse(text);
  } catch {
    return {_unparsed: text};
  }
}

function callsOf(collected: Collected, server: boolean | undefined): ExpectedCall[] {
  return collected.toolCalls
    .filter((call) => server === undefined || call.server === server)
    .map(({id, name, arguments: text}) => ({id, name, arguments: parseArguments(text)}));
}

/** Reads a body as the element does: everything is found from its bytes. */
async function readAuto(bytes: Uint8Array, contentType: string | null, size: number): Promise<Collected> {
  const {collected, add} = createCollector();
  const reader = new AnswerReader({protocol: 'auto', sink: add, expectsEndMarker: false});
  reader.open(new Headers(contentType === null ? {} : {'content-type': contentType}), 'initial');
  const decoder = new TextDecoder();
  try {
    for (const piece of pieces(bytes, Math.min(size, bytes.length))) {
      await reader.push(decoder.decode(piece, {stream: true}));
    }
    collected.ended = await reader.end(true);
  } catch (error) {
    add({type: 'error', error: StreamChatError.from(error, 'protocol')});
  }
  return collected;
}

/** The frames that came in over the recorded socket. */
function received(bytes: Uint8Array): string {
  return new TextDecoder()
    .decode(bytes)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as {direction: string; data: unknown})
    .filter(({direction}) => direction === 'received')
    .map(({data}) => JSON.stringify(data))
    .join('\n');
}

async function differing(fixture: Fixture, collected: Collected): Promise<Partial<Record<Field, unknown>>> {
  const found: Partial<Record<Field, unknown>> = {};
  const compare = async (field: 'text' | 'reasoning' | 'refusal', said: Said | undefined) => {
    const text = collected[field];
    if (said ? (await sha256(text)) !== said.sha256 : text !== '') found[field] = text.slice(0, 200);
  };
  // What a model said aloud is its text here.
  await compare('text', fixture.transcript ?? fixture.text);
  await compare('reasoning', fixture.reasoning);
  await compare('refusal', fixture.refusal);

  const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
  if (collected.finish !== fixture.finish) found.finish = collected.finish;
  if ((collected.error?.message ?? null) !== fixture.error) found.error = collected.error;
  if (!same(collected.usage, fixture.usage)) found.usage = collected.usage;
  const plain = (calls: readonly ExpectedCall[] = []) =>
    calls.map(({id, name, arguments: input}) => ({id, name, arguments: input}));
  // Here calls that the host ran are listed with the others.
  const calls = callsOf(collected, fixture.format === 'ai-sdk-ui' ? undefined : false);
  if (!same(calls, plain(fixture.toolCalls))) found.toolCalls = calls;
  const served = callsOf(collected, true);
  if (fixture.serverToolCalls && !same(served, plain(fixture.serverToolCalls))) found.serverToolCalls = served;
  if (collected.ended === fixture.file in endless && collected.error === null) found.end = collected.ended;
  return found;
}

describe('fixtures', () => {

  it('decodes each stream as expected, at every chunk size', async function () {
    this.timeout(300_000);
    const response = await shared(this, 'fixtures/expected.json');
    const {fixtures} = (await response.json()) as {fixtures: Fixture[]};
    const realtime = await formats['openai-realtime']!.load();

    const counts: Record<string, [right: number, all: number]> = {};
    const wrong: string[] = [];
    for (const fixture of fixtures) {
      const {file, format, contentType} = fixture;
      const count = (counts[format] ??= [0, 0]);
      count[1]++;
      const body = await fetch(`/__shared/fixtures/${file}`);
      const bytes = new Uint8Array(await body.arrayBuffer());
      if (file === 'openai-realtime/client-secret-http.txt') continue;

      const found = new Set<string>();
      for (const size of sizes) {
        const collected =
          format === 'openai-realtime'
            ? readStream(received(bytes), realtime, {pieceSize: size, all: true})
            : await readAuto(bytes, contentType, size);
        for (const [field, got] of Object.entries(await differing(fixture, collected))) {
          found.add(field);
          if (differences[file]?.[field as Field]) continue;
          wrong.push(`${file} in pieces of ${size}: ${field} is ${JSON.stringify(got)}`);
        }
      }
      for (const field of Object.keys(differences[file] ?? {})) {
        if (!found.has(field)) wrong.push(`${file}: ${field} is no longer different`);
      }
      if (found.size === 0) count[0]++;
    }

    const lines = Object.entries(counts).map(([format, [right, all]]) => `${format} ${right} of ${all}`);
    console.info(`fixtures: ${lines.join(', ')}`);
    expect(wrong.join('\n')).to.equal('');
  });
});
