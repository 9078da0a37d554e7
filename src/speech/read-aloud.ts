import type {Strings} from '../locales/en.js';
import {readDocument} from '../lib/read-document.js';
import {createSpeech} from './speech.js';

/** Whether the browser can read text aloud. */
export function canSpeak(): boolean {
  return 'speechSynthesis' in globalThis && speechSynthesis !== undefined;
}

let endSpeaking: (() => void) | undefined;

/**
 * Reads Markdown aloud, sentence by sentence: without its syntax, and with code and tables summarised. Stops any reading in
 * progress. Resolves at the end or when `stopSpeaking()` is called; rejects if the browser cannot speak. Prefers a voice on
 * the device, because others send the text to the browser vendor.
 */
export async function speakText(text: string, lang: string | undefined, strings: Pick<Strings, 'spokenCode' | 'spokenTable'>): Promise<void> {
  stopSpeaking();
  if (!canSpeak()) throw new Error('This browser cannot read aloud.');
  const speech = createSpeech(strings);
  // Some engines stop within an utterance of more than fifteen seconds, so each sentence is an utterance.
  const sentences = [...speech.push(text), ...speech.end()];
  if (sentences.length === 0) return;
  await new Promise<void>((resolve, reject) => {
    let isOver = false;
    const end = () => {
      isOver = true;
      if (endSpeaking === end) endSpeaking = undefined;
      resolve();
    };
    endSpeaking = end;
    for (const [index, sentence] of sentences.entries()) {
      const utterance = new SpeechSynthesisUtterance(sentence);
      const voice = findVoice(lang);
      if (voice) utterance.voice = voice;
      if (lang) utterance.lang = lang;
      if (index === sentences.length - 1) utterance.onend = end;
      utterance.onerror = ({error}) => {
        if (isOver) return;
        // Before `end()`, which resolves the promise.
        reject(new Error(`The text could not be read aloud: ${error}.`));
        end();
        speechSynthesis.cancel();
      };
      speechSynthesis.speak(utterance);
    }
  });
}

/** Stops reading aloud. */
export function stopSpeaking(): void {
  if (!endSpeaking) return;
  endSpeaking();
  speechSynthesis.cancel();
}

function findVoice(lang: string | undefined): SpeechSynthesisVoice | undefined {
  const language = (lang || readDocument('documentElement')!.lang).split('-')[0]!.toLowerCase();
  return speechSynthesis.getVoices().find((voice) => voice.localService && voice.lang.toLowerCase().startsWith(language));
}
