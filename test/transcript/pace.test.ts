import {expect} from '@open-wc/testing';

import {Pace} from '../../src/transcript/pace.js';
import {createChat, shownAnswer, until} from '../helpers/chat.js';
import {openaiChunk, script} from '../helpers/server.js';

/** Times of animation frames, in milliseconds. */
const frames = (from: number, to: number) => Array.from({length: Math.floor((to - from) / 16)}, (_, i) => from + i * 16);

/** Simulates text that arrives at these times, and returns how much is shown in each animation frame. */
function play(arrivals: readonly (readonly [time: number, length: number])[], until: number) {
  const pace = new Pace();
  return frames(0, until).map((now) => {
    const length = arrivals.findLast(([time]) => time <= now)?.[1] ?? 0;
    return {now, length, shown: pace.limit(length, now)};
  });
}

describe('pace', () => {
  const jerks = Array.from({length: 10}, (_, i) => [100 + i * 300, (i + 1) * 60] as const);

  it('reveals text that arrives in bursts a little in each frame', () => {
    const shown = play(jerks, 3500).map(({shown}) => shown);
    const steps = shown.map((length, i) => length - (shown[i - 1] ?? 0));

    expect(Math.min(...steps)).to.equal(0);
    // Without smoothing, 60.
    expect(Math.max(...steps)).to.be.lessThan(12);
    expect(shown.at(-1)).to.equal(600);
  });

  it('delays no text for more than 400 ms', () => {
    for (const {now, shown} of play([[0, 100], [50, 900], [60, 1400], [600, 1401]], 1500)) {
      const due = now >= 460 ? 1400 : now >= 450 ? 900 : now >= 400 ? 100 : 0;
      expect(shown, `${now} ms`).to.be.at.least(due);
    }
  });

  it('shows a burst, a replay or a shorter text at once', () => {
    const pace = new Pace();

    expect(pace.limit(20_000, 16)).to.equal(20_000);
    expect(pace.limit(10, 32)).to.equal(10);
  });

  it('renders all of an answer before done fires', async () => {
    const text = 'Now and then a few words. '.repeat(4);
    const server = await script({steps: [{repeat: 6, write: `data: ${openaiChunk(text)}\n\n`, wait: 120}, {write: 'data: [DONE]\n\n'}]});
    const chat = await createChat({endpoint: server.url, pace: 'smooth', renderer: 'plain'});
    await import('../../src/transcript/pace.js');
    let shown = '';
    const lengths = new Set<number>();
    const observer = new MutationObserver(() => lengths.add(shownAnswer(chat).length));
    observer.observe(chat.shadowRoot!, {subtree: true, characterData: true, childList: true});
    chat.addEventListener('done', () => (shown = shownAnswer(chat)));

    await chat.send('Go.');
    observer.disconnect();

    expect(shown).to.equal(text.repeat(6));
    // Frames may be slow; but six jerks would be six lengths.
    expect(lengths.size).to.be.greaterThan(7);
  });

  it('shows earlier messages at once', async () => {
    const chat = await createChat({pace: 'smooth'});

    chat.messages = [{role: 'assistant', text: 'An old answer.'}];
    await until(() => shownAnswer(chat) !== '');

    expect(shownAnswer(chat)).to.equal('An old answer.');
  });
});
