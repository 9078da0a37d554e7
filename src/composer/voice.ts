import type {ComposerHost, ComposerPart} from './composer-host.js';
import {createIcon} from '../lib/icon.js';
import {setMeaning} from '../lib/meaning-guard.js';
import type {Strings} from '../locales/en.js';

/** The part of the Web Speech API in use. TypeScript declares only its results. */
interface Recognition extends EventTarget {
  lang: string;
  continuous: boolean;
  interimResults: boolean;
  start(): void;
  abort(): void;
}

interface RecognitionResults extends Event {
  readonly results: ArrayLike<ArrayLike<{readonly transcript: string}> & {readonly isFinal: boolean}>;
}

const css = `
  [part='dictate'] {
    display: grid; flex: none; place-items: center; inline-size: 2.4em; block-size: 2.4em; border: 0;
    border-radius: calc(var(--_radius) * 0.8); background: none; padding: 0; color: var(--_muted); font: inherit;
    cursor: pointer;
  }
  @media (hover: hover) { [part='dictate']:hover { background: var(--_user); color: inherit; } }
  [part='dictate']:disabled { opacity: 0.5; cursor: default; }
  [part='dictate'].on { background: var(--_error); color: var(--_background); }
  [part='dictate'] svg {
    inline-size: 1.3em; block-size: 1.3em; fill: none; stroke: currentColor; stroke-width: 2; stroke-linecap: round;
    stroke-linejoin: round;
  }
  [part='voice-note'] { flex: 1 0 100%; padding: 0.1em 0.8em; color: var(--_muted); font-size: 0.88em; }
  @media (pointer: coarse) { [part='dictate'] { inline-size: max(44px, 2.75em); block-size: max(44px, 2.75em); } }
  @media (forced-colors: active) { [part='dictate'].on { border: 2px solid Highlight; } }
`;

/** Whether the browser can turn speech into text. */
export function canDictate(): boolean {
  return findRecognition() !== undefined;
}

function findRecognition(): (new () => Recognition) | undefined {
  const {SpeechRecognition, webkitSpeechRecognition} = globalThis as {
    SpeechRecognition?: new () => Recognition;
    webkitSpeechRecognition?: new () => Recognition;
  };
  return SpeechRecognition ?? webkitSpeechRecognition;
}

/** A button that dictates into the text field. It is hidden if the browser does not support speech recognition. */
export class Dictation implements ComposerPart {
  #host: ComposerHost;
  #strings!: Strings;
  #form: HTMLFormElement | undefined;
  #recognition: Recognition | undefined;
  /** Whether the note on where the browser sends the audio was shown. */
  #hasShownPrivacyNote = false;
  #button = document.createElement('button');
  #note = document.createElement('div');

  constructor(host: ComposerHost) {
    this.#host = host;
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    host.shadowRoot!.adoptedStyleSheets.push(sheet);
    this.#button.type = 'button';
    this.#button.part.add('dictate');
    this.#button.append(createIcon('M12 3a3 3 0 0 0-3 3v5a3 3 0 0 0 6 0V6a3 3 0 0 0-3-3zM5 11a7 7 0 0 0 14 0M12 18v3'));
    this.#button.addEventListener('click', () => this.#toggle());
    this.#note.part.add('voice-note');
    this.#note.id = 'voice-note';
    this.#button.setAttribute('aria-describedby', 'voice-note');
    this.#note.hidden = true;
  }

  update(form: HTMLFormElement, strings: Strings): void {
    const {voice, disabled} = this.#host;
    this.#strings = strings;
    if (form !== this.#form) {
      this.#form = form;
      form.prepend(this.#note);
      form.querySelector('.send')!.before(this.#button);
      form.addEventListener('keydown', (event) => this.#handleKeydown(event));
      form.querySelector('.input')!.addEventListener('input', (event) => event.isTrusted && this.stop());
    }
    this.#button.hidden = voice !== 'dictate' || !canDictate();
    this.#button.disabled = disabled;
    if (this.#button.hidden || disabled) this.stop();
    this.#showState();
  }

  /** Stops the dictation. Recognised text stays in the text field. */
  stop(): void {
    // The page can remove the element between the load of this module and the first update, which sets the strings.
    const recognition = this.#recognition;
    if (!recognition) return;
    this.#recognition = undefined;
    recognition.abort();
    this.#showState();
  }

  #toggle() {
    if (this.#recognition) return this.stop();
    this.#showNote('');
    if (this.#hasShownPrivacyNote) return this.#start();
    this.#hasShownPrivacyNote = true;
    this.#showNote(this.#strings.audioLeaves);
  }

  #start() {
    const recognition = new (findRecognition()!)();
    this.#recognition = recognition;
    recognition.lang = this.#host.closest<HTMLElement>('[lang]')?.lang || navigator.language;
    recognition.continuous = true;
    recognition.interimResults = true;
    const input = this.#form!.querySelector<HTMLTextAreaElement>('.input')!;
    const {value, selectionStart, selectionEnd} = input;
    const before = value.slice(0, selectionStart).replace(/(\S)$/, '$1 ');
    const after = value.slice(selectionEnd);
    recognition.addEventListener('result', (event) => {
      if (this.#recognition !== recognition) return;
      const transcripts = Array.from((event as RecognitionResults).results, (result) => result[0]?.transcript.trim() ?? '');
      const text = before + transcripts.filter(Boolean).join(' ');
      input.value = text + after;
      input.setSelectionRange(text.length, text.length);
      input.dispatchEvent(new Event('input', {bubbles: true}));
    });
    recognition.addEventListener('error', (event) => {
      // Silence is no failure, nor is an abort by this class.
      const {error} = event as Event & {readonly error?: string};
      if (this.#recognition === recognition && error !== 'no-speech' && error !== 'aborted') this.#showNote(this.#strings.dictationFailed);
    });
    recognition.addEventListener('end', () => {
      if (this.#recognition === recognition) this.stop();
    });
    try {
      recognition.start();
    } catch (error) {
      console.error('<stream-chat> could not start the dictation.', error);
      this.#recognition = undefined;
      this.#showNote(this.#strings.dictationFailed);
    }
    this.#showState();
  }

  #showNote(text: string) {
    this.#note.textContent = text;
    this.#note.hidden = text === '';
    if (text) this.#host.announceText(text);
  }

  #showState() {
    const isOn = this.#recognition !== undefined;
    const {dictate, stopDictating} = this.#strings;
    this.#button.ariaLabel = this.#button.title = isOn ? stopDictating : dictate;
    this.#button.classList.toggle('on', isOn);
    setMeaning(this.#button, isOn ? 'stop' : 'start', true);
  }

  /** Handles Escape: stops the dictation and hides its note, before other listeners act on the key. */
  #handleKeydown(event: KeyboardEvent) {
    if (event.key !== 'Escape' || event.isComposing || (!this.#recognition && this.#note.hidden)) return;
    this.stop();
    this.#showNote('');
    event.preventDefault();
    event.stopPropagation();
  }
}
