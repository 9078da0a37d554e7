import {expect} from '@open-wc/testing';

import {createChat} from '../helpers/chat.js';
import {openaiChunk, resumable} from '../helpers/server.js';

describe('a body that ends inside of its first event', () => {
  const events = ['one ', 'two ', 'three'].map((text) => `data: ${openaiChunk(text)}`).concat('data: [DONE]');

  for (const how of ['end', 'destroy'] as const) {
    for (const at of [1, 3, 8, 20, 60, 100, 130, 150, 171]) {
      it(`does not complete an answer: ${how} after ${at} bytes`, async () => {
        const server = await resumable({events, attempts: [{at, how}]});
        const chat = await createChat({endpoint: server.url});

        const message = await chat.send('Go.');

        expect(message).to.include({text: 'one two three', status: 'done'});
        expect((await server.log()).requests).to.have.length(2);
      });
    }
  }
});
