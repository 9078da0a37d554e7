import {expect} from '@open-wc/testing';
import {executeServerCommand} from '@web/test-runner-commands';

import type {StreamChat} from '../src/stream-chat.js';
import {createChat, ended, part, shownAnswer, until} from './helpers/chat.js';
import {openai, openaiChunk, script} from './helpers/server.js';
import {leave, states} from './helpers/states.js';

/** Collects garbage. Returns whether the browser can. */
const collect = async () => (await executeServerCommand('engine-collect', {})) === true;

/** Resolves when what `ref` refers to was collected. Rejects after some seconds. */
async function collected(ref: WeakRef<object>): Promise<void> {
  for (let attempt = 0; attempt < 40; attempt++) {
    await collect();
    if (!ref.deref()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('It is still in the memory.');
}

/** Creates an element, and removes it once `act` has run. Keeps only a weak reference. */
async function remove(show: () => Promise<StreamChat>, act?: (chat: StreamChat) => unknown): Promise<WeakRef<StreamChat>> {
  const chat = await show();
  chat.remove();
  await act?.(chat);
  return new WeakRef(chat);
}

const streaming = async () => {
  const {url} = await script({steps: [{write: `data: ${openaiChunk('It is **warm**')}\n\n`}, {until: 'end'}]});
  const chat = await createChat({endpoint: url});
  void chat.send('How warm is it?');
  await until(() => shownAnswer(chat) === 'It is warm');
  return chat;
};

/** What a page may do with an element that it has removed. */
const acts: Readonly<Record<string, (chat: StreamChat) => unknown>> = {
  'a property is set': (chat) => {
    chat.heading = 'Later';
    return chat.updateComplete;
  },
  'its language is set': async (chat) => {
    chat.lang = 'de';
    chat.requestUpdate();
    await chat.updateComplete;
  },
  'announcements are turned on': async (chat) => {
    chat.announce = 'off';
    await chat.updateComplete;
    chat.announce = 'turns';
    await chat.updateComplete;
  },
  'it becomes a launcher and opens': async (chat) => {
    chat.mode = 'launcher';
    chat.open = true;
    await chat.updateComplete;
  },
  'files and dictation are turned on': async (chat) => {
    chat.attach = '';
    chat.voice = 'dictate';
    await chat.updateComplete;
  },
  'messages are set': async (chat) => {
    chat.messages = [{text: 'One'}, {role: 'assistant', text: 'Two'}];
    await chat.updateComplete;
  },
  'it answers': async (chat) => {
    const {url} = await script(openai('Answered'));
    chat.endpoint = url;
    await chat.send('Another question');
  },
};

describe('an element that was removed', function () {
  this.timeout(20_000);

  describe('is collected', () => {
    before(async function () {
      if (!(await collect())) this.skip();
    });

    for (const {name, show} of states) {
      it(`when it was ${name}`, async () => {
        const ref = await remove(() => show({}));
        leave(undefined);

        await collected(ref);
      });
    }

    for (const [name, act] of Object.entries(acts)) {
      it(`when ${name} afterwards`, async () => {
        await collected(await remove(streaming, act));
      });
    }

    it('when it was removed before its first update', async () => {
      const create = async () => {
        const chat = document.createElement('stream-chat');
        document.body.append(chat);
        return chat;
      };
      await collected(await remove(create, (chat) => chat.updateComplete));
    });

    it('when it was never added', async () => {
      const create = async () => document.createElement('stream-chat');
      await collected(await remove(create, async (chat) => {
        const {url} = await script(openai('Answered'));
        chat.endpoint = url;
        await chat.send('A question');
      }));
    });
  });

  describe('works when it is added again', () => {
    for (const {name, show} of states) {
      it(`after it was ${name}`, async () => {
        const chat = await show({});
        const parent = chat.parentNode!;
        chat.remove();
        leave(undefined);
        chat.heading = 'While removed';
        await chat.updateComplete;
        await until(() => chat.state === 'idle');
        const {url} = await script(openai('Answered ', 'again'));
        chat.tools = [];
        chat.endpoint = url;
        parent.appendChild(chat);

        const end = ended(chat);
        await chat.send('Another question');
        await end;

        expect(shownAnswer(chat)).to.equal('Answered again');
        expect(part(chat, 'heading').textContent).to.equal('While removed');
        leave(chat);
      });
    }

    it('and follows the language of the page', async () => {
      const {lang} = document.documentElement;
      const chat = await streaming();
      const parent = chat.parentNode!;
      try {
        chat.remove();
        chat.heading = 'While removed';
        await chat.updateComplete;
        parent.append(chat);
        document.documentElement.lang = 'de';

        await until(() => part(chat, 'input').ariaLabel === 'Frage eingeben …', 'it is in German');
      } finally {
        document.documentElement.lang = lang;
      }
    });

    it('and counts down to the next attempt', async () => {
      const {url} = await script({status: 503, headers: {'retry-after': '50'}});
      const chat = await createChat({endpoint: url});
      void chat.send('How warm is it?');
      const status = () => part(chat, 'status').textContent.trim();
      await until(() => /\d/.test(status()), 'it counts');
      const parent = chat.parentNode!;
      const before = status();
      parent.append(chat);

      await until(() => status() !== before, 'it still counts');
      leave(chat);
    });
  });
});
