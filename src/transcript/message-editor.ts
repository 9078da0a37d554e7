import {sendsOnEnter, type EnterKey} from '../lib/enter-key.js';
import type {Strings} from '../locales/en.js';

/** An Enter within this time after the end of an IME composition belongs to it, in milliseconds. */
const compositionGrace = 50;

/** Content and callbacks of the form that edits a message. */
export interface EditorOptions {
  readonly text: string;
  readonly strings: Strings;
  /** Whether Enter sends the message or inserts a line break. */
  readonly enterKey: EnterKey;
  /** Called with the new text, which is not blank. */
  readonly onSend: (text: string) => void;
  /** Called when the user cancels, by the button or with Escape. */
  readonly onCancel: () => void;
}

/** Creates the form that edits a sent message, in place of its text. */
export function createEditor({text, strings, enterKey, onSend, onCancel}: EditorOptions): HTMLFormElement {
  const form = create('form', 'editor');
  const input = create('textarea', 'editor-input');
  const send = create('button', 'editor-send', strings.save);
  const cancel = create('button', 'editor-cancel', strings.cancel);
  let composedAt = -Infinity;

  input.value = text;
  input.rows = 1;
  input.dir = 'auto';
  input.autocomplete = 'off';
  input.enterKeyHint = sendsOnEnter(enterKey) ? 'send' : 'enter';
  input.ariaLabel = strings.editing;
  cancel.type = 'button';
  form.append(input, cancel, send);

  const submit = () => {
    if (input.value.trim() !== '') onSend(input.value);
  };
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    submit();
  });
  cancel.addEventListener('click', onCancel);
  input.addEventListener('input', () => fit(input));
  input.addEventListener('compositionend', ({timeStamp}) => (composedAt = timeStamp));
  form.addEventListener('keydown', (event) => {
    // Safari reports the key that ends a composition as 229, when `isComposing` is already false.
    const isComposing = event.isComposing || event.keyCode === 229 || event.timeStamp - composedAt < compositionGrace;
    if (isComposing) return;
    if (event.key === 'Escape') {
      // Escape closes one level only: a dialog around the chat closes with the next one.
      event.preventDefault();
      event.stopPropagation();
      onCancel();
    } else if (event.key === 'Enter' && event.target === input) {
      const isSending = event.ctrlKey || event.metaKey || (sendsOnEnter(enterKey) && !event.shiftKey);
      if (!isSending) return;
      event.preventDefault();
      submit();
    }
  });
  return form;
}

/** Focuses the editor, which must be in the page, and moves the caret to the end of its text. */
export function focusEditor(form: HTMLFormElement): void {
  const input = form.querySelector('textarea')!;
  fit(input);
  input.focus();
  input.setSelectionRange(input.value.length, input.value.length);
}

/** Fits the height of a text field to its text, where the browser lacks `field-sizing`. */
function fit(input: HTMLTextAreaElement) {
  if (CSS.supports('field-sizing', 'content')) return;
  input.style.setProperty('height', 'auto');
  input.style.setProperty('height', `${input.scrollHeight}px`);
}

function create<K extends keyof HTMLElementTagNameMap>(name: K, part: string, text = ''): HTMLElementTagNameMap[K] {
  const element = document.createElement(name);
  element.part.add(part);
  element.textContent = text;
  return element;
}
