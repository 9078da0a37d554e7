import {expect, fixtureCleanup} from '@open-wc/testing';

import '../../src/index.js';
import type {StreamChat} from '../../src/stream-chat.js';
import {createChat, shownAnswer, until} from '../helpers/chat.js';
import {installNetwork, type Network} from '../helpers/exchange.js';
import {expectNoLeftovers} from '../helpers/leftovers.js';
import {openaiChunk, openaiFinish} from '../helpers/server.js';
import {leave, states as shownStates} from '../helpers/states.js';

const chunk = (text: string) => `data: ${openaiChunk(text)}\n\n`;
const end = `data: ${openaiFinish}\n\ndata: [DONE]\n\n`;

describe('a chat that is removed leaves nothing behind', () => {
  let network: Network;
  const {random} = Math;
  beforeEach(() => (network = installNetwork()));
  afterEach(() => void (Math.random = random));

  const exchange = async (count: number) => {
    await until(() => network.exchanges.length >= count, `request ${count}`);
    return network.nth(count);
  };
  const begin = async (chat: StreamChat) => {
    void chat.send('Go.');
    return exchange(1);
  };
  const states: Record<string, (chat: StreamChat) => Promise<unknown>> = {
    'that was never used': async (chat) => chat.updateComplete,
    'that is connecting': (chat) => begin(chat),
    'that streams': async (chat) => {
      const request = await begin(chat);
      request.open();
      request.write(chunk('half'));
      await until(() => shownAnswer(chat) === 'half');
    },
    'that waits for its next attempt': async (chat) => {
      Math.random = () => 1;
      (await begin(chat)).respond(new Response('', {status: 429, headers: {'retry-after': '30'}}));
      await until(() => chat.state === 'waiting');
    },
    'whose answer is complete': async (chat) => {
      const sent = chat.send('Go.');
      const request = await exchange(1);
      request.open();
      request.write(chunk('whole') + end);
      await sent;
    },
    'whose answer failed': async (chat) => {
      const sent = chat.send('Go.');
      (await exchange(1)).respond(new Response('', {status: 400}));
      await sent;
    },
    'that was stopped': async (chat) => {
      const sent = chat.send('Go.');
      (await exchange(1)).open();
      chat.stop();
      await sent;
    },
    'that was cleared': async (chat) => {
      chat.messages = [
        {role: 'user', text: 'a'},
        {role: 'assistant', text: 'b'},
      ];
      await until(() => shownAnswer(chat) === 'b');
      chat.clear();
      await chat.updateComplete;
    },
    'that stores its conversation': async (chat) => {
      chat.setAttribute('persist', 'session');
      const request = await begin(chat);
      request.open();
      request.write(chunk('half'));
      await until(() => shownAnswer(chat) === 'half');
    },
  };
  for (const [name, reach] of Object.entries(states)) {
    it(name, async function () {
      this.timeout(30_000);
      // What is loaded or registered once for all chats comes before.
      (await createChat({endpoint: '/answers'})).remove();
      fixtureCleanup();
      await expectNoLeftovers(async () => {
        const chat = await createChat({endpoint: '/answers', renderer: 'plain'});
        await reach(chat);
        chat.remove();
        fixtureCleanup();
        await until(
          () => network.exchanges.every(({isReleased, isClosed}) => isReleased || isClosed),
          'no connection is open',
        );
      });
      sessionStorage.clear();
    });
  }
});

describe('a chat that is removed in each state that it can show leaves nothing behind', () => {
  for (const {name, show} of shownStates) {
    it(name, async function () {
      this.timeout(30_000);
      const visit = async () => {
        const chat = await show({});
        chat.remove();
        fixtureCleanup();
        leave(undefined);
      };
      await visit();
      await expectNoLeftovers(visit);
    });
  }
});

describe('the helper that finds leftovers', () => {
  const leftovers: Record<string, () => () => void> = {
    'a listener on the window': () => {
      const listener = () => undefined;
      window.addEventListener('online', listener);
      return () => window.removeEventListener('online', listener);
    },
    'a listener on a media query': () => {
      const query = matchMedia('print');
      const listener = () => undefined;
      query.addEventListener('change', listener);
      return () => query.removeEventListener('change', listener);
    },
    'a timer': () => {
      const id = setTimeout(() => undefined, 10_000);
      return () => clearTimeout(id);
    },
    'an interval': () => {
      const id = setInterval(() => undefined, 10_000);
      return () => clearInterval(id);
    },
    'an observer': () => {
      const observer = new ResizeObserver(() => undefined);
      observer.observe(document.body);
      return () => observer.disconnect();
    },
    'an element': () => {
      const element = document.createElement('i');
      document.body.append(element);
      return () => element.remove();
    },
    'a style sheet': () => {
      const before = [...document.adoptedStyleSheets];
      document.adoptedStyleSheets = [...before, new CSSStyleSheet()];
      return () => void (document.adoptedStyleSheets = before);
    },
  };
  for (const [name, leaveBehind] of Object.entries(leftovers)) {
    it(`finds ${name}, unless it is taken back`, async () => {
      let takeBack = () => undefined as void;
      const found = await expectNoLeftovers(async () => void (takeBack = leaveBehind()), 50).then(
        () => undefined,
        (error: unknown) => error,
      );
      takeBack();
      expect(found, 'left behind').to.be.instanceOf(Error);
      await expectNoLeftovers(async () => leaveBehind()());
    });
  }
});
