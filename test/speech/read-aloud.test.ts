import {expect} from '@open-wc/testing';

import {en} from '../../src/locales/en.js';
import {canSpeak, speakText, stopSpeaking} from '../../src/speech/read-aloud.js';

describe('reading aloud', () => {
  it('is available if the browser supports speech synthesis', () => {
    expect(canSpeak()).to.equal('speechSynthesis' in window);
  });

  it('resolves when it is stopped, and can start again', async () => {
    // What a browser without voices says is looked at below.
    if (!canSpeak()) return expect('speechSynthesis' in window).to.be.false;
    const spoken: string[] = [];
    const speak = speechSynthesis.speak.bind(speechSynthesis);
    speechSynthesis.speak = (utterance) => {
      spoken.push(utterance.text);
      speak(utterance);
    };

    // Without a voice some browsers fail at once, and others wait: both end.
    const settled = speakText('**Hello**. How are [you](https://example.com)?\n\n```js\n1\n```', 'en', en).catch((error: Error) => error.message);
    stopSpeaking();
    const words = await settled;
    Reflect.deleteProperty(speechSynthesis, 'speak');

    expect(spoken.map((text) => text.trim())).to.deep.equal(['Hello.', 'How are you?', 'Code, js, 1 line.']);
    if (words !== undefined) expect(words).to.include('could not be read aloud');
    await speakText('', 'en', en);
  });

  it('rejects if the browser does not support it', async () => {
    const own = Object.getOwnPropertyDescriptor(window, 'speechSynthesis');
    if (own) Object.defineProperty(window, 'speechSynthesis', {value: undefined, configurable: true});

    const error = await speakText('Hello.', 'en', en).catch((error: Error) => error.message);

    if (own) Object.defineProperty(window, 'speechSynthesis', own);
    expect(error).to.equal('This browser cannot read aloud.');
  });
});
