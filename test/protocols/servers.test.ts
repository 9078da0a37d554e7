import {expect} from '@open-wc/testing';

import '../../src/index.js';
import {readAnswer} from '../helpers/read-answer.js';
import {chinese} from './servers/chinese.js';
import {frameworks} from './servers/frameworks.js';
import {homeMade} from './servers/home-made.js';
import {platforms} from './servers/platforms.js';
import type {ServerStream} from './servers/server-stream.js';

// Streams in the shapes of servers of others, found from their bytes: whole, and in pieces of 1 and 7 bytes.

const tables: Readonly<Record<string, readonly ServerStream[]>> = {
  'frameworks with which servers are written': frameworks,
  'clouds, local servers and agent platforms': platforms,
  'Chinese models and platforms': chinese,
  'servers without a documented format': homeMade,
};

for (const [title, table] of Object.entries(tables)) {
  describe(`streams of ${title}`, () => {
    for (const {name, body, contentType, protocol, text, reasoning = '', calls = [], sources = [], usage, reason, error} of table) {
      it(name, async () => {
        for (const size of [Infinity, 1, 7]) {
          const {error: failure, ...seen} = await readAnswer(body, size, {contentType});

          expect(seen, `in pieces of ${size}`).to.deep.include({protocol, text, reasoning, calls, sources});
          expect(seen.end, failure?.message).to.equal(error === undefined ? 'done' : 'error');
          if (error !== undefined) expect(failure?.message).to.include(error);
          if (usage !== undefined) expect(seen.usage).to.equal(usage);
          if (reason !== undefined) expect(seen.reason).to.equal(reason);
        }
      });
    }
  });
}
