import {expect} from '@open-wc/testing';

import {createPosition, type Position} from '../../src/wire/position.js';

/** Accepts frames given as [id, name]; returns the names of the new ones. */
function read(position: Position, frames: readonly (readonly [string | undefined, string])[], resumed = true): string[] {
  position.connect(resumed);
  return frames.flatMap(([id, name]) => {
    if (!position.accept(id)) return [];
    position.commit();
    return [name];
  });
}

describe('position', () => {
  it('skips frames that a server with IDs resends', () => {
    const position = createPosition();

    const first = read(position, [['1', 'a'], ['2', 'b'], ['3', 'c']], false);
    const second = read(position, [['2', 'b'], ['3', 'c'], ['4', 'd']]);

    expect([...first, ...second]).to.deep.equal(['a', 'b', 'c', 'd']);
    expect(position.lastId).to.equal('4');
  });

  it('counts the frames without an ID after one that has it', () => {
    const position = createPosition();

    read(position, [['1', 'a'], [undefined, 'b'], [undefined, 'c'], ['4', 'd'], [undefined, 'e']], false);

    expect(read(position, [['4', 'd'], [undefined, 'e'], [undefined, 'f'], ['7', 'g']])).to.deep.equal(['f', 'g']);
  });

  it('trusts a server that resumes after the requested ID', () => {
    const position = createPosition();

    read(position, [['1', 'a'], [undefined, 'b']], false);

    expect(read(position, [[undefined, 'b'], [undefined, 'c'], ['4', 'd']])).to.deep.equal(['c', 'd']);
  });

  it('counts the frames of a server that sends one ID for all', () => {
    const position = createPosition();

    read(position, [['x', 'a'], ['x', 'b']], false);

    expect(read(position, [['x', 'a'], ['x', 'b'], ['x', 'c']])).to.deep.equal(['c']);
    expect(read(position, [['x', 'a'], ['x', 'b'], ['x', 'c'], [undefined, 'd']])).to.deep.equal(['d']);
  });

  it('counts the frames of a server without IDs that replays from the start', () => {
    const position = createPosition();

    read(position, [[undefined, 'a'], [undefined, 'b']], false);

    expect(read(position, [[undefined, 'a'], [undefined, 'b'], [undefined, 'c']], false)).to.deep.equal(['c']);
  });

  it('does not record an unapplied frame as seen', () => {
    const position = createPosition();
    read(position, [['1', 'a']], false);

    expect(position.accept('2')).to.be.true;

    expect(position.lastId).to.equal('1');
    expect(read(position, [['2', 'b']])).to.deep.equal(['b']);
  });
});
