import type {Strings} from '../locales/en.js';
import {createSpeech} from './speech.js';

/** Whether the browser can read text aloud. */
export function canSpeak(): boolean {
  return 'speechSynthesis' in globalThis && speechSynthesis !== undefined;
}

let endSpeaking: (() => void) | undefined;

/**
 * Reads markdown aloud, sentence by sentence: without its signs, and with code and tables summarised. What was being
 * read ends. Resolves when all is said, or `stopSpeaking()` was called; rejects where the browser cannot speak. A voice
 * on the device is preferred: text that another one reads goes to the browser's maker.
 */
export async function speakText(text: string, lang: string | undefined, strings: Pick<Strings, 'spokenCode' | 'spokenTable'>): Promise<void> {
  stopSpeaking();
  if (!canSpeak()) throw new Error('This browser cannot read aloud.');
  const speech = createSpeech(strings);
  // Some engines go silent in an utterance of more than fifteen seconds: each sentence is one of its own.
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
        // First, as the end resolves.
        reject(new Error(`The text could not be read aloud: ${error}.`));
        end();
        speechSynthesis.cancel();
      };
      speechSynthesis.speak(utterance);
    }
  });
}

/** Ends the reading aloud that `speakText` began. */
export function stopSpeaking(): void {
  if (!endSpeaking) return;
  endSpeaking();
  speechSynthesis.cancel();
}

function findVoice(lang: string | undefined): SpeechSynthesisVoice | undefined {
  const language = (lang || document.documentElement.lang).split('-')[0]!.toLowerCase();
  return speechSynthesis.getVoices().find((voice) => voice.localService && voice.lang.toLowerCase().startsWith(language));
}
