import {expect} from '@open-wc/testing';

import {createFramer} from '../../src/wire/create-framer.js';
import type {Frame, Framing} from '../../src/wire/framing.js';
import {createRandom, cuts, decoded, pieces, randomPieces} from '../helpers/cuts.js';
import {shared} from '../helpers/shared.js';

const encoder = new TextEncoder();

function frames(framing: Framing, parts: Iterable<Uint8Array>, clean = true): Frame[] {
  const found: Frame[] = [];
  const framer = createFramer(framing, (frame) => found.push(frame));
  for (const text of decoded(parts)) framer.push(text);
  framer.end(clean);
  return found;
}

/** Expects the same frames however the body is split into chunks. */
function expectFrames(framing: Framing, body: string, expected: readonly (readonly [string, string])[], clean = true) {
  for (const parts of cuts(encoder.encode(body))) {
    const found = frames(framing, parts, clean).map(({data, event}) => [data, event]);
    expect(found, `cut into ${parts.map(({length}) => length)}`).to.deep.equal(expected);
  }
}

describe('framing/sse', () => {
  interface Generated {
    unit: string;
    count: number;
    head?: string;
    tail?: string;
    trim_last?: number;
  }
  interface Expected {
    event: string;
    data: string;
    data_gen?: Generated;
  }
  interface ConformanceCase {
    name: string;
    bytes_base64?: string;
    gen?: Generated;
    expected: Expected[];
    expected_repeat?: Expected & {count: number};
  }

  const generate = ({head = '', unit, count, tail = '', trim_last: trim = 0}: Generated) => {
    const text = head + unit.repeat(count) + tail;
    return text.slice(0, text.length - trim);
  };
  const bytesOf = ({bytes_base64: base64, gen}: ConformanceCase) =>
    base64 === undefined ? encoder.encode(generate(gen!)) : Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
  const expectedOf = ({expected, expected_repeat: repeat}: ConformanceCase): Expected[] =>
    repeat
      ? Array.from({length: repeat.count}, () => repeat)
      : expected.map(({event, data, data_gen}) => ({event, data: data_gen ? generate(data_gen) : data}));

  it('parses the conformance corpus, in one chunk and in many', async function () {
    this.timeout(60_000);
    const corpus = (await (await shared(this, 'sse-conformance.json')).json()) as ConformanceCase[];
    const random = createRandom(7);

    for (const one of corpus) {
      const bytes = bytesOf(one);
      const expected = expectedOf(one);
      const ways =
        bytes.length > 100_000
          ? [[bytes], [...pieces(bytes, 65_536)], [...pieces(bytes, 1000)]]
          : [...cuts(bytes, 400), ...Array.from({length: 20}, () => randomPieces(bytes, random))];
      for (const parts of ways) {
        // Not clean, so that an event which the standard discards at the end stays discarded.
        const found = frames('sse', parts, false).filter(({data, event}) => data !== '' || !isNamedOnly(event, expected));
        const told = found.map(({data, event}) => ({event: event || 'message', data}));
        const wanted = expected.map(({event, data}) => ({event, data}));
        if (JSON.stringify(told) !== JSON.stringify(wanted)) {
          expect(told, `${one.name}, cut into ${parts.map(({length}) => length)}`).to.deep.equal(wanted);
        }
      }
    }

    expect(corpus.length).to.equal(64);
  });

  /** Events that have a name and no data are emitted here, and ignored by the standard. */
  function isNamedOnly(event: string, expected: {event: string; data: string}[]): boolean {
    return event !== '' && !expected.some((one) => one.event === event && one.data === '');
  }

  it('emits an event that has a name and no data', () => {
    expectFrames('sse', 'data: a\n\nevent: end\n\ndata: b\n\n', [['a', ''], ['', 'end'], ['b', '']]);
    expectFrames('sse', 'event: end\r\n\r\n', [['', 'end']]);
    expectFrames('sse', 'event: end\r\rdata: c\r\r', [['', 'end'], ['c', '']]);
  });

  it('emits an event that has both only once', () => {
    expectFrames('sse', 'data: a\nevent: end\n\nevent: end\ndata: b\n\n', [['a', 'end'], ['b', 'end']]);
  });

  it('emits a last event without its blank line if it is complete JSON', () => {
    expectFrames('sse', 'data: {"a":1}\n\ndata: {"b":2}', [['{"a":1}', ''], ['{"b":2}', '']]);
    expectFrames('sse', 'data: {"a":1}\n\ndata: {"b":', [['{"a":1}', '']]);
    expectFrames('sse', 'data: [DONE]', [['[DONE]', '']]);
    expectFrames('sse', 'data: {"a":1}', [], false);
  });

  it('emits errors outside of data fields in their place', () => {
    const error = '{"code":500,"message":"out of memory"}';
    const crash = '{"errorType":"Runtime.ExitError","errorMessage":"timed out"}';

    expectFrames('sse', `data: a\n\nerror: ${error}\n\ndata: b\n\n`, [['a', ''], [error, 'bare'], ['b', '']]);
    expectFrames('sse', `data: a\n\n\n${crash}\n`, [['a', ''], [crash, 'bare']]);
    expectFrames('sse', `data: a\n\n\n${crash}`, [['a', ''], [crash, 'bare']]);
    expectFrames('sse', `data: a\n\nnote: {"b":1}\n\n`, [['a', '']]);
  });

  it('reports the ID of the event itself', () => {
    const found = frames('sse', [encoder.encode('id: 1\ndata: a\n\ndata: b\n\nid: 2\ndata: c\n\n')]);

    expect(found.map(({id}) => id)).to.deep.equal(['1', undefined, '2']);
  });

  it('reports the reconnection time', () => {
    const framer = createFramer('sse', () => {});

    framer.push('retry: 12x\n\nretry: 2500\n\n');

    expect(framer.retry).to.equal(2500);
  });

  it('drops an incomplete event that the server will resend', () => {
    const found: string[] = [];
    const framer = createFramer('sse', ({data}) => found.push(data));

    framer.push('data: {"a":1}\n\ndata: {"b":2}');

    expect(framer.end(true, true)).to.be.false;
    expect(found).to.deep.equal(['{"a":1}']);
  });

  it('rejects an event of more than 16 million characters', () => {
    const framer = createFramer('sse', () => {});
    const piece = 'x'.repeat(1_000_000);
    framer.push('data: ');

    expect(() => {
      for (let i = 0; i < 17; i++) framer.push(piece);
    }).to.throw('16 million').with.property('code', 'too-large');
  });
});

describe('framing/sse-raw', () => {
  const tokens = [
    ['The', ' answer', ' is', '\n\n', '- **42**', '\n', '- `x  =  1`', '\n\n```py\n', 'def f():\n', '    return 1', '\n```'],
    ['one\n\ntwo', '\n\n\n', 'three\n', '', ' four'],
    ['a', '\n', '\n', '\n\n\n\n', 'b\n\n'],
    ['data', ' is', '\ndata sets', '\n\nretry', ' later'],
  ];
  const joined = (found: readonly Frame[]) => found.map(({data}) => data).join('');

  for (const list of tokens) {
    it(`recovers ${JSON.stringify(list).slice(0, 40)} from a naive writer`, () => {
      const body = list.map((token) => `data: ${token}\n\n`).join('') + 'data: [DONE]\n\n';
      for (const parts of cuts(encoder.encode(body))) {
        expect(joined(frames('sse-raw', parts))).to.equal(`${list.join('')}[DONE]`);
      }
    });

    it(`recovers ${JSON.stringify(list).slice(0, 40)} with IDs, one frame per ID`, () => {
      const body = list.map((token, i) => `id: ${i}\ndata: ${token}\n\n`).join('') + 'data: [DONE]\n\n';
      for (const parts of cuts(encoder.encode(body))) {
        const found = frames('sse-raw', parts);
        expect(found.map(({data}) => data)).to.deep.equal([...list, '[DONE]']);
      }
    });
  }

  it('parses a correct server per the standard', () => {
    const body = 'data: one\ndata: two\n\ndata: \ndata: three\n\n';
    for (const parts of cuts(encoder.encode(body))) {
      expect(joined(frames('sse-raw', parts))).to.equal('one\ntwo\nthree');
    }
  });

  it('parses CRLF and a byte order mark', () => {
    const body = '\ufeffdata: one\r\n\r\ndata:  two\r\n\r\n: ping\r\n\r\nevent: end\r\n\r\n';
    expectJoined(body, 'one two', ['', '', 'end']);
  });

  function expectJoined(body: string, text: string, events: string[]) {
    for (const parts of cuts(encoder.encode(body))) {
      const found = frames('sse-raw', parts);
      expect(joined(found)).to.equal(text);
      expect(found.map(({event}) => event)).to.deep.equal(events);
    }
  }

  it('notes that the server writes no space after a token without one', () => {
    const found = frames('sse-raw', [encoder.encode('data: La\n\ndata:frase\n\ndata: fin\n\n')]);

    expect(found.map(({data, note}) => [data, note])).to.deep.equal([
      ['La', 'spaced'],
      ['frase', 'tight'],
      [' fin', undefined],
    ]);
  });

  it('emits a token at its blank line, not at the next one', () => {
    const found: string[] = [];
    const framer = createFramer('sse-raw', ({data}) => found.push(data));

    framer.push('data: now\n\n');

    expect(found).to.deep.equal(['now']);
  });
});

describe('framing/json', () => {
  const objects = ['{"a":"}{\\"["}', '{"b":[1,{"c":"\\\\"}]}', '{"d":"ü😀"}'];
  const expected = objects.map((data) => [data, ''] as const);

  it('parses one object per line', () => expectFrames('json', objects.join('\n'), expected));
  it('parses concatenated objects', () => expectFrames('json', objects.join(''), expected));
  it('parses the members of an array', () => expectFrames('json', `[${objects.join('\n,\r\n')}\n]`, expected));
  it('emits lines between objects as frames of their own', () => {
    expectFrames('json', '{"a":1}\nhello there\n{"b":2}\n"word"', [
      ['{"a":1}', ''],
      ['hello there', 'bare'],
      ['{"b":2}', ''],
      ['"word"', 'bare'],
    ]);
  });

  it('does not emit a truncated object, and reports it as partial', () => {
    const found: Frame[] = [];
    const framer = createFramer('json', (frame) => found.push(frame));
    framer.push('{"a":1}{"b":');

    expect(framer.end(true)).to.be.false;
    expect(found).to.have.length(1);
  });
});

describe('framing/lines and text', () => {
  it('emits one frame per line', () => expectFrames('lines', '0:"a"\r\n\n0:"b"\nd:{}', [['0:"a"', ''], ['0:"b"', ''], ['d:{}', '']]));

  it('emits text as it arrives', () => {
    const found = frames('text', [encoder.encode('\ufeffhé'), encoder.encode('llo')]);

    expect(found.map(({data}) => data)).to.deep.equal(['hé', 'llo']);
  });
});

describe('framing: the end of a body that is found twice', () => {
  const bodies: Readonly<Record<Framing, readonly string[]>> = {
    sse: ['data: {"a":1}', 'data: {"a":1}\n', 'data: {"a":1}\n\ndata: {"b":2}', 'event: end'],
    'sse-raw': ['data: one', 'data: one\n', 'data: one\n\ndata: two'],
    json: ['{"a":1}', '{"a":1}\nword', 'word'],
    lines: ['0:"a"', '0:"a"\n0:"b"'],
    text: ['one'],
  };
  for (const [framing, all] of Object.entries(bodies) as [Framing, readonly string[]][]) {
    it(`${framing}: emits its last frame once`, () => {
      for (const body of all) {
        const found: string[] = [];
        const framer = createFramer(framing, ({data, event}) => found.push(`${event}:${data}`));
        framer.push(body);
        const isWhole = framer.end(true);
        const once = [...found];
        expect(once, body).to.have.length.above(0);
        expect(framer.end(true), body).to.equal(isWhole);
        expect(found, body).to.deep.equal(once);
      }
    });
  }
});
