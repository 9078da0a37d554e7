import type {Strings} from '../locales/en.js';

/** An Enter this soon after the end of a composition belongs to it, in milliseconds. */
const compositionGrace = 50;

/** What a question is changed with. */
export interface EditorOptions {
  readonly text: string;
  readonly strings: Strings;
  /** What Enter does. */
  readonly enterKey: 'send' | 'newline';
  readonly onSend: (text: string) => void;
  readonly onCancel: () => void;
}

/** Makes the form in which a question is changed, in place of its text. */
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
  input.enterKeyHint = enterKey === 'send' ? 'send' : 'enter';
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
    // 229 is what Safari says of the key that ends a composition: its `isComposing` is false by then.
    const isComposing = event.isComposing || event.keyCode === 229 || event.timeStamp - composedAt < compositionGrace;
    if (isComposing) return;
    if (event.key === 'Escape') {
      // One step a key: what is around the chat closes with the next one.
      event.preventDefault();
      event.stopPropagation();
      onCancel();
    } else if (event.key === 'Enter' && event.target === input) {
      const isSending = event.ctrlKey || event.metaKey || (enterKey === 'send' && !event.shiftKey);
      if (!isSending) return;
      event.preventDefault();
      submit();
    }
  });
  return form;
}

/** Puts the caret behind the text of an editor that is in the page now. */
export function focusEditor(form: HTMLFormElement): void {
  const input = form.querySelector('textarea')!;
  fit(input);
  input.focus();
  input.setSelectionRange(input.value.length, input.value.length);
}

/** Grows a text field with its text, where CSS cannot (`field-sizing`). */
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
