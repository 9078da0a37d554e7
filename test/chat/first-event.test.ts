import {expect} from '@open-wc/testing';

import {createChat} from '../helpers/chat.js';
import {openaiChunk, resumable} from '../helpers/server.js';

describe('a body that ends inside of its first event', () => {
  const events = ['one ', 'two ', 'three'].map((text) => `data: ${openaiChunk(text)}`).concat('data: [DONE]');

  /** Bytes up to the end of the first event, which has an ID. */
  const firstId = 120;

  for (const how of ['end', 'destroy'] as const) {
    for (const at of [1, 3, 8, 20, 60, 100, 130, 150, 171]) {
      it(`does not complete an answer: ${how} after ${at} bytes`, async () => {
        const server = await resumable({events, attempts: [{at, how}]});
        const chat = await createChat({endpoint: server.url});

        const message = await chat.send('Go.');

        const {length} = (await server.log()).requests;
        // Nothing can be resumed before the first ID, and something of the body came. Where the connection breaks, the
        // browser may have dropped that: then the request is repeated.
        if (length === 1) expect(message).to.include({text: '', status: 'failed'});
        else expect(message).to.include({text: 'one two three', status: 'done'});
        if (how === 'end') expect(length).to.equal(at < firstId ? 1 : 2);
        else expect(length).to.be.within(1, 2);
      });
    }
  }
});
