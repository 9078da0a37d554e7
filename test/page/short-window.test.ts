import {expect} from '@open-wc/testing';

import {blocks} from '../../demo/looks-content.js';
import {part} from '../helpers/chat.js';
import {closePages, openPage, type PageOptions} from './frame.js';

const footer = '<p slot="footer">Answers are made by a machine and can be wrong. Check what matters to you, and never send secrets.</p>';
const empty = '<h2 slot="empty">Ask about tides, berths and fees of the harbour</h2>';
const body = (attributes = '') => `<stream-chat heading="The harbour office of the city" attach="" ${attributes}>${empty}${footer}</stream-chat>`;

const large = '<style>body { margin: 0; } stream-chat { --stream-chat-font-size: 32px; font-size: 32px; }</style>';
const flush = '<style>body { margin: 0; }</style>';

const windows: readonly (PageOptions & {name: string; width: number; height: number})[] = [
  {name: '667 × 320', width: 667, height: 320, head: flush},
  {name: '360 × 500', width: 360, height: 500, head: flush},
  {name: '320 × 568 with text of 200 %', width: 320, height: 568, head: large},
  {name: '320 × 256', width: 320, height: 256, head: flush},
];

describe('in a short window', () => {
  afterEach(closePages);

  for (const {name, ...page} of windows) {
    for (const mode of ['inline', 'launcher']) {
      for (const count of [0, 3, 200]) {
        it(`${name}, ${mode}, ${count} suggestions: the composer is in view`, async () => {
          const {chat, view} = await openPage({...page, body: body(mode === 'launcher' ? 'mode="launcher" open' : '')});
          chat.suggestions = Array.from({length: count}, (_, index) => `How does number ${index} of the questions work?`);
          await chat.updateComplete;

          const composer = part(chat, 'composer').getBoundingClientRect();
          expect(composer.bottom, 'its end').to.be.at.most(view.innerHeight);
          expect(composer.right, 'its right edge').to.be.at.most(view.innerWidth);
          for (const control of ['input', 'send']) {
            const {top, bottom, width} = part(chat, control).getBoundingClientRect();
            expect(top, control).to.be.at.least(composer.top - 1);
            expect(bottom, control).to.be.at.most(view.innerHeight);
            expect(width, control).to.be.above(30);
          }
          if (count === 0) return;
          const suggestions = part(chat, 'suggestions');
          const isReachable = suggestions.clientHeight > 20 || suggestions.scrollHeight <= suggestions.clientHeight;
          expect(isReachable, `${suggestions.clientHeight} of ${suggestions.scrollHeight}`).to.equal(true);
        });
      }

      it(`${name}, ${mode}, with a conversation: there is room for the text`, async () => {
        const {chat, view} = await openPage({...page, messages: blocks, body: body(mode === 'launcher' ? 'mode="launcher" open' : '')});

        expect(part(chat, 'composer').getBoundingClientRect().bottom).to.be.at.most(view.innerHeight);
        expect(part(chat, 'log').clientHeight).to.be.above(40);
      });
    }
  }
});
