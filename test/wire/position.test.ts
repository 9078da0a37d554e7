import {expect} from '@open-wc/testing';
import fc from 'fast-check';

import {createPosition, type FrameStatus, type Position, type SavedPosition} from '../../src/wire/position.js';

type Entry = readonly [id: string | undefined, content: string];

/** Reads a connection. Returns the contents that were new, and `foreign` where the server sent another answer. */
function read(position: Position, frames: readonly Entry[], resumed = true): string[] {
  position.connect(resumed);
  const fresh: string[] = [];
  for (const [id, content] of frames) {
    const status = position.accept(id, content);
    if (status === 'foreign') return [...fresh, 'foreign'];
    if (status === 'replayed') continue;
    position.commit();
    fresh.push(content);
  }
  return fresh;
}

/** Reads a first connection with these frames, then what a resumed one brings. */
function resume(first: readonly Entry[], second: readonly Entry[]): string[] {
  const position = createPosition();
  read(position, first, false);
  return read(position, second);
}

describe('position', () => {
  describe('on the first connection', () => {
    const patterns: Record<string, readonly string[]> = {
      'the ID of the agent': ['a', 'b', 'a', 'b'],
      'the kind of the event': ['token', 'token', 'tool', 'token'],
      'a number per step': ['1', '2', '1', '2', '3', '1'],
      'one ID for all': ['x', 'x', 'x'],
      'falling numbers': ['3', '2', '1'],
    };
    for (const [name, ids] of Object.entries(patterns)) {
      it(`applies every frame whose ID is ${name}`, () => {
        const contents = ids.map((id, index) => `${id} ${index}`);

        expect(read(createPosition(), ids.map((id, index) => [id, contents[index]!]), false)).to.deep.equal(contents);
      });
    }

    it('applies the same frame as often as it comes', () => {
      expect(read(createPosition(), [['1', 'ha'], ['1', 'ha'], [undefined, 'ha'], [undefined, 'ha']], false)).to.have.length(4);
    });
  });

  describe('after a resume', () => {
    it('skips what a server with IDs resends', () => {
      const position = createPosition();

      const first = read(position, [['1', 'a'], ['2', 'b'], ['3', 'c']], false);
      const second = read(position, [['2', 'b'], ['3', 'c'], ['4', 'd']]);

      expect([...first, ...second]).to.deep.equal(['a', 'b', 'c', 'd']);
      expect(position.lastId).to.equal('4');
    });

    it('continues after the last ID without an overlap', () => {
      expect(resume([['1', 'ha'], ['2', 'ha']], [['3', 'ha'], ['4', 'ha']])).to.deep.equal(['ha', 'ha']);
    });

    it('counts the frames without an ID after one that has it', () => {
      const first: Entry[] = [['1', 'a'], [undefined, 'b'], [undefined, 'c'], ['4', 'd'], [undefined, 'e']];

      expect(resume(first, [['4', 'd'], [undefined, 'e'], [undefined, 'f'], ['7', 'g']])).to.deep.equal(['f', 'g']);
    });

    it('trusts a server that continues after the ID that it was given', () => {
      expect(resume([['1', 'a'], [undefined, 'b']], [[undefined, 'b'], [undefined, 'c'], ['4', 'd']])).to.deep.equal(['c', 'd']);
    });

    it('accepts that frames without an ID are not resent', () => {
      const first: Entry[] = [['1', 'a'], [undefined, 'ping'], ['2', 'b'], [undefined, 'ping']];

      expect(resume(first, [['1', 'a'], ['2', 'b'], ['3', 'c']])).to.deep.equal(['c']);
      expect(resume(first, [['3', 'c']])).to.deep.equal(['c']);
    });

    it('counts the frames of a server that gives all of them one ID', () => {
      const position = createPosition();

      read(position, [['x', 'a'], ['x', 'b']], false);

      expect(read(position, [['x', 'a'], ['x', 'b'], ['x', 'c']])).to.deep.equal(['c']);
      expect(read(position, [['x', 'a'], ['x', 'b'], ['x', 'c'], [undefined, 'd']])).to.deep.equal(['d']);
    });

    it('skips a replay from the very start, also where its first frames have no ID', () => {
      const first: Entry[] = [[undefined, 'a'], ['1', 'b'], ['2', 'c']];

      expect(resume([...first, [undefined, 'd']], [...first, [undefined, 'd'], ['3', 'e']])).to.deep.equal(['e']);
    });

    it('applies every frame after the first new one, whatever its ID', () => {
      expect(resume([['1', 'a'], ['2', 'b']], [['3', 'c'], ['1', 'a'], ['2', 'x']])).to.deep.equal(['c', 'a', 'x']);
    });

    it('does not count a space that its framer may have left in the text', () => {
      expect(resume([['1', 'Hello'], ['2', 'world']], [['1', ' Hello'], ['2', ' world'], ['3', '!']])).to.deep.equal(['!']);
    });
  });

  describe('with another answer', () => {
    const first: Entry[] = [['1', 'The capital'], ['2', ' is'], ['3', ' Canberra']];

    it('notices that the numbering begins again with other content', () => {
      expect(resume(first, [['1', 'A capital'], ['2', ' is'], ['3', ' moved'], ['4', ' in 1927']])).to.deep.equal(['foreign']);
    });

    it('notices the first frame that differs after some that agree', () => {
      expect(resume(first, [['1', 'The capital'], ['2', ' was'], ['3', ' Melbourne'], ['4', '.']])).to.deep.equal(['foreign']);
    });

    it('notices an end before the place that was reached', () => {
      expect(resume(first, [['1', 'The capital'], ['2', ' is'], [undefined, '[DONE]']])).to.deep.equal(['foreign']);
      expect(resume(first, [['1', 'The capital'], ['2', ' is'], ['3', '[DONE]']])).to.deep.equal(['foreign']);
    });

    it('notices a number below the last one that was never applied', () => {
      const later: Entry[] = [['101', 'a'], ['102', 'b']];

      expect(resume(later, [['1', 'c']])).to.deep.equal(['foreign']);
    });

    it('notices an ID that jumps over frames that were applied', () => {
      expect(resume(first, [['1', 'The capital'], ['7', ' of']])).to.deep.equal(['foreign']);
    });
  });

  describe('with a frame that has no ID, after the last one that has', () => {
    const status = (first: readonly Entry[], second: readonly Entry[]) => {
      const position = createPosition();
      read(position, first, false);
      position.connect(true);
      return second.map(([id, content]) => position.accept(id, content));
    };
    const first: Entry[] = [['1', 'a'], [undefined, 'b'], ['3', 'c']];

    it('waits for the next ID: a new one proves that the answer continues', () => {
      expect(status(first, [[undefined, 'd'], ['5', 'e'], [undefined, 'f']])).to.deep.equal(['unproven', 'new', 'new']);
    });

    it('notices another answer by an ID that was applied, or that comes before', () => {
      expect(status(first, [[undefined, 'x'], ['1', 'y']])).to.deep.equal(['unproven', 'foreign']);
      expect(status(first, [[undefined, 'x'], ['2', 'y']])).to.deep.equal(['unproven', 'foreign']);
      expect(status(first, [[undefined, 'x'], ['1', 'a']]), 'also with the same content').to.deep.equal(['unproven', 'foreign']);
    });

    it('takes no frame without an ID for a proof, also where it was applied', () => {
      const last: Entry[] = [['1', 'a'], [undefined, 'ha']];

      expect(status(last, [[undefined, 'ha'], [undefined, 'b'], ['1', 'c']])).to.deep.equal(['replayed', 'unproven', 'foreign']);
    });

    it('records the frames that waited in their order', () => {
      const position = createPosition();
      read(position, first, false);
      expect(read(position, [[undefined, 'd'], ['5', 'e']])).to.deep.equal(['d', 'e']);

      expect(read(position, [['3', 'c'], [undefined, 'd'], ['5', 'e'], [undefined, 'f']])).to.deep.equal(['f']);
    });
  });

  describe('with IDs that are used again', () => {
    it('does not take the first word of another answer for the last one of this', () => {
      const first: Entry[] = [['x', 'One'], ['x', 'ha']];
      const kinds: Entry[] = [['token', 'One'], ['token', 'two'], ['tool', '{}'], ['token', 'ha']];

      expect(resume(first, [['x', 'ha'], ['x', 'other']])).to.deep.equal(['foreign']);
      expect(resume(kinds, [['token', 'ha'], ['token', 'other']])).to.deep.equal(['foreign']);
    });

    it('continues behind an ID that the server searched for, and from the start', () => {
      const first: Entry[] = [['a', '1'], ['b', '2'], ['a', '3'], ['b', '4']];

      expect(resume(first, [['a', '3'], ['b', '4'], ['a', '5']])).to.deep.equal(['5']);
      expect(resume(first, [...first, ['a', '5']])).to.deep.equal(['5']);
    });
  });

  it('is proven by a frame that is resent, and by a new ID', () => {
    const position = createPosition();
    read(position, [['1', 'a'], ['2', 'b']], false);

    read(position, [[undefined, '[DONE]']]);
    expect(position.isProven).to.be.false;
    read(position, [['3', 'c']]);
    expect(position.isProven).to.be.true;
    read(position, [['3', 'c'], [undefined, '[DONE]']]);
    expect(position.isProven).to.be.true;
  });

  it('does not record a frame that was not applied', () => {
    const position = createPosition();
    read(position, [['1', 'a']], false);

    expect(position.accept('2', 'b')).to.equal('new' satisfies FrameStatus);

    expect(position.lastId).to.equal('1');
    expect(read(position, [['2', 'b']])).to.deep.equal(['b']);
  });

  it('continues from a stored position', () => {
    const before = createPosition();
    read(before, [['1', 'a'], ['2', 'b'], [undefined, 'c']], false);
    const stored = JSON.parse(JSON.stringify(before.save())) as SavedPosition;

    expect(read(createPosition(stored), [['2', 'b'], [undefined, 'c'], ['3', 'd']])).to.deep.equal(['d']);
    expect(read(createPosition(stored), [['2', 'x']])).to.deep.equal(['foreign']);
    expect(createPosition(stored).lastId).to.equal('2');
  });

  it('reads a position that was stored without hashes', () => {
    const stored: SavedPosition = {run: '2', ordinal: 1, seen: ['', '1']};

    expect(read(createPosition(stored), [['2', 'b'], [undefined, 'c'], [undefined, 'd']])).to.deep.equal(['d']);
    expect(read(createPosition(stored), [[undefined, 'c'], ['3', 'd']])).to.deep.equal(['d']);
  });

  it('stores 256 frames at most, and remembers the IDs of the last 32,768 at least', () => {
    const position = createPosition();
    position.connect(false);
    for (let i = 1; i <= 70_000; i++) {
      position.accept(String(i), `text ${i}`);
      position.commit();
    }

    expect(position.save().seen).to.have.length(256);
    expect(position.count).to.equal(70_000);
    const overlap = Array.from({length: 32_768}, (_, i): Entry => [String(37_233 + i), `text ${37_233 + i}`]);
    expect(read(position, [...overlap, ['70001', 'new']])).to.deep.equal(['new']);
  });

  it('yields every frame once over any cuts and overlaps of a server that resumes', () => {
    const style = fc.constantFrom('every', 'third', 'constant');
    const cuts = fc.array(fc.tuple(fc.nat(20), fc.nat(12)), {minLength: 1, maxLength: 6});
    fc.assert(
      fc.property(style, fc.array(fc.constantFrom('a', 'b', 'ha'), {minLength: 1, maxLength: 40}), cuts, (ids, texts, attempts) => {
        const idOf = (i: number) => (ids === 'constant' ? 'x' : ids === 'every' || i % 3 === 0 ? String(i) : undefined);
        const frames = texts.map((text, i): Entry => [idOf(i), text]);
        const position = createPosition();
        let given: string[] = [];
        for (const [advance, overlap] of [...attempts, [texts.length, 3] as const]) {
          // A server resumes at an event that has an ID; one with a single ID has to begin again.
          let from = ids === 'constant' ? 0 : Math.max(0, given.length - overlap);
          while (idOf(from) === undefined) from--;
          const isFirst = given.length === 0;
          const fresh = read(position, frames.slice(isFirst ? 0 : from, given.length + advance), !isFirst);
          given = [...given, ...fresh];
        }

        expect(given).to.deep.equal(texts);
      }),
    );
  });

  it('never appends a frame of a second answer that begins its numbering again', () => {
    const answer = fc.array(fc.constantFrom('a', 'b', 'c'), {minLength: 1, maxLength: 12});
    fc.assert(
      fc.property(answer, answer, fc.nat(12), (one, other, cut) => {
        const frames = (texts: readonly string[]) => [...texts, '[DONE]'].map((text, i): Entry => [String(i + 1), text]);
        const shown = one.slice(0, Math.max(1, cut));
        const fresh = resume(frames(one).slice(0, shown.length), frames(other));

        const agrees = shown.every((text, i) => other[i] === text);
        if (!agrees) expect(fresh).to.deep.equal(['foreign']);
        else expect(fresh.slice(0, -1)).to.deep.equal(other.slice(shown.length));
      }),
    );
  });
});
