import {expect} from '@open-wc/testing';
import {sendKeys} from '@web/test-runner-commands';

import {en} from '../../src/locales/en.js';
import type {StreamChat} from '../../src/stream-chat.js';
import {canDictate} from '../../src/composer/voice.js';
import {createChat, part, parts, shownAnswer, until} from '../helpers/chat.js';
import {openai, script} from '../helpers/server.js';

const input = (chat: StreamChat) => part<HTMLTextAreaElement>(chat, 'input');
const label = (chat: StreamChat) => part(chat, 'dictate').getAttribute('aria-label');
const names = ['SpeechRecognition', 'webkitSpeechRecognition'] as const;

async function createDictating(attributes: Record<string, string> = {}): Promise<StreamChat> {
  const chat = await createChat({endpoint: '/nowhere', voice: 'dictate', ...attributes});
  await until(() => parts(chat, 'dictate').length === 1, 'the part is loaded');
  return chat;
}

/** Puts another class, or none, in the place of the browser's, until the test is over. */
function replaceRecognition(recognition: unknown) {
  for (const name of names) Object.defineProperty(window, name, {value: recognition, configurable: true, writable: true});
}

describe('voice', () => {
  const before = names.map((name) => Object.getOwnPropertyDescriptor(window, name));
  afterEach(() => {
    for (const [index, name] of names.entries()) {
      Reflect.deleteProperty(window, name);
      if (before[index]) Object.defineProperty(window, name, before[index]);
    }
  });

  describe('dictation', () => {
    it('is off by default', async () => {
      const chat = await createChat({endpoint: '/nowhere'});

      expect(parts(chat, 'dictate')).to.be.empty;
    });

    it('is offered only if the browser supports it', async () => {
      const chat = await createDictating();

      expect(canDictate()).to.equal(names.some((name) => name in window));
      expect(part(chat, 'dictate').checkVisibility()).to.equal(canDictate());
      replaceRecognition(undefined);
      chat.requestUpdate();
      await until(() => !part(chat, 'dictate').checkVisibility());
    });

    it('shows where the audio may be sent before it starts, and needs a second press', async () => {
      let count = 0;
      class Counted extends Recognition {
        constructor() {
          super();
          count++;
        }
      }
      replaceRecognition(Counted);
      const chat = await createDictating();
      const button = part<HTMLButtonElement>(chat, 'dictate');
      expect(Math.min(button.offsetWidth, button.offsetHeight)).to.be.at.least(24);
      expect(label(chat)).to.equal('Dictate');

      button.click();
      expect(part(chat, 'voice-note').textContent).to.equal(en.audioLeaves);
      expect(chat.shadowRoot!.getElementById(button.getAttribute('aria-describedby')!)!.checkVisibility()).to.be.true;
      expect(count).to.equal(0);
      button.click();
      expect(count).to.equal(1);
      expect(label(chat)).to.equal('Stop dictating');
      expect(part(chat, 'voice-note').checkVisibility()).to.be.false;

      button.click();
      button.click();
      expect(count).to.equal(2);
    });

    // The browser's own: without a microphone or its service it ends with an error, or says nothing.
    it('of this browser is stopped with Escape, or fails with a message', async () => {
      const chat = await createDictating();
      if (!canDictate()) return expect(part(chat, 'dictate').checkVisibility()).to.be.false;
      part(chat, 'dictate').focus();
      await sendKeys({press: 'Enter'});
      await sendKeys({press: 'Enter'});

      if (label(chat) === 'Stop dictating') await sendKeys({press: 'Escape'});

      await until(() => label(chat) === 'Dictate');
      if (part(chat, 'voice-note').checkVisibility()) expect(part(chat, 'voice-note').textContent).to.equal(en.dictationFailed);
    });

    // No browser of a test hears anything: what is heard is made up, as are the failures.
    describe('with recognised speech', () => {
      let recognition: Recognition;

      async function dictate(attributes: Record<string, string> = {}): Promise<StreamChat> {
        replaceRecognition(
          class extends Recognition {
            constructor() {
              super();
              // eslint-disable-next-line @typescript-eslint/no-this-alias
              recognition = this;
            }
          },
        );
        const chat = await createDictating(attributes);
        for (let press = 0; press < 2; press++) part(chat, 'dictate').click();
        return chat;
      }

      it('inserts into the draft, and corrects interim results', async () => {
        const chat = await dictate();
        part(chat, 'dictate').click();
        input(chat).value = 'Say. Now.';
        input(chat).setSelectionRange(3, 4);
        part(chat, 'dictate').click();

        recognition.hear(['hello word', false]);
        expect(input(chat).value).to.equal('Say hello word Now.');
        recognition.hear(['hello world', true], [' again', false]);

        expect(input(chat).value).to.equal('Say hello world again Now.');
        expect(recognition.lang).to.equal(document.documentElement.lang || navigator.language);
      });

      it('stops when the user types', async () => {
        const chat = await dictate();
        recognition.hear(['hello', false]);
        chat.focus();
        await sendKeys({type: '!'});

        recognition.hear(['hello there', true]);

        expect(input(chat).value).to.equal('hello!');
        expect(label(chat)).to.equal('Dictate');
      });

      it('stops when the element is removed', async () => {
        const chat = await dictate();
        recognition.hear(['hello', false]);
        const parent = chat.parentNode!;

        chat.remove();
        recognition.hear(['hello there', true]);

        expect(input(chat).value).to.equal('hello');
        parent.append(chat);
        await chat.updateComplete;
        expect(label(chat)).to.equal('Dictate');
      });

      it('stops when the message is sent', async () => {
        const server = await script(openai('ok'));
        const chat = await dictate({endpoint: server.url});
        recognition.hear(['hello', false]);

        part(chat, 'send').click();
        recognition.hear(['hello there', true]);
        await until(() => shownAnswer(chat) === 'ok');

        expect(chat.messages[0]!.text).to.equal('hello');
        expect(input(chat).value).to.equal('');
        expect(recognition.aborts).to.equal(1);
      });

      for (const error of ['not-allowed', 'network', 'service-not-allowed', 'audio-capture', 'language-not-supported']) {
        it(`reports a failure: ${error}`, async () => {
          const chat = await dictate();

          recognition.fail(error);

          expect(part(chat, 'voice-note').textContent).to.equal(en.dictationFailed);
          expect(label(chat)).to.equal('Dictate');
        });
      }

      it('does not report silence as a failure', async () => {
        const chat = await dictate();

        recognition.fail('no-speech');

        expect(part(chat, 'voice-note').checkVisibility()).to.be.false;
        expect(label(chat)).to.equal('Dictate');
      });
    });
  });
});

/** What a browser offers, without ears. */
class Recognition extends EventTarget {
  lang = '';
  continuous = false;
  interimResults = false;
  aborts = 0;

  start() {}

  abort() {
    this.aborts++;
  }

  hear(...results: [text: string, isFinal: boolean][]) {
    const event = Object.assign(new Event('result'), {
      results: results.map(([transcript, isFinal]) => Object.assign([{transcript}], {isFinal})),
    });
    this.dispatchEvent(event);
  }

  fail(error: string) {
    this.dispatchEvent(Object.assign(new Event('error'), {error}));
    this.dispatchEvent(new Event('end'));
  }
}
