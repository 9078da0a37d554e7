import {html, type ReactiveControllerHost, type TemplateResult} from 'lit';

import type {Message, MessageInit} from './conversation.js';
import type {ChatState} from './events.js';
import type {Strings} from './locales/en.js';

/** What the composer reads from its element, and asks of it. */
export interface ComposerHost extends ReactiveControllerHost {
  readonly renderRoot: HTMLElement | DocumentFragment;
  readonly placeholder: string;
  readonly disabled: boolean;
  readonly enterKey: 'send' | 'newline';
  readonly maxLength: number | undefined;
  readonly state: ChatState;
  send(question: MessageInit): Promise<Message | undefined>;
  stop(): void;
}

/** An Enter this soon after the end of a composition belongs to it, in milliseconds. */
const compositionGrace = 50;

/** The form in which a question is written. What is written stays while an answer streams. */
export class Composer {
  #host: ComposerHost;
  #composedAt = 0;

  constructor(host: ComposerHost) {
    this.#host = host;
  }

  get #input() {
    return this.#host.renderRoot.querySelector<HTMLTextAreaElement>('.input');
  }

  /** Focuses the text field. Returns whether there is one. */
  focus(options?: FocusOptions): boolean {
    const input = this.#input;
    input?.focus(options);
    return input !== null;
  }

  /** `busy`: an answer is on its way, and the button stops it. */
  render(strings: Strings, busy: boolean): TemplateResult {
    const {placeholder, disabled} = this.#host;
    const hint = placeholder || strings.placeholder;
    const label = busy ? strings.stop : strings.send;
    return html`
      <form part="composer" class="composer" @submit=${this.#handleSubmit}>
        <slot name="composer-start"></slot>
        <textarea
          part="input"
          class="input"
          rows="1"
          dir="auto"
          autocomplete="off"
          enterkeyhint="send"
          aria-label=${hint}
          placeholder=${hint}
          ?disabled=${disabled}
          @keydown=${this.#handleKeydown}
          @compositionend=${this.#handleCompositionEnd}
          @input=${this.#fit}
        ></textarea>
        <slot name="composer-end"></slot>
        <button
          part="send"
          class="send ${busy ? 'stop' : ''}"
          type="submit"
          aria-label=${label}
          title=${label}
          ?disabled=${disabled && !busy}
        >
          <svg viewBox="0 0 24 24" aria-hidden="true">
            <path d=${busy ? 'M7 7h10v10H7z' : 'M12 19V6m-6 6 6-6 6 6'}></path>
          </svg>
        </button>
      </form>
    `;
  }

  #handleSubmit = (event: Event) => {
    event.preventDefault();
    if (this.#host.state !== 'idle') return this.#host.stop();
    this.#submit();
  };

  #submit() {
    const input = this.#input;
    if (!input || this.#host.disabled || input.value.trim() === '') return;
    const text = input.value;
    input.value = '';
    this.#fit();
    // A failure is told by the event, and shown.
    void this.#host.send({text});
  }

  #handleKeydown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.shiftKey) return;
    // 229 is what Safari says of the Enter that ends a composition: its `isComposing` is false by then.
    const isComposing = event.isComposing || event.keyCode === 229 || event.timeStamp - this.#composedAt < compositionGrace;
    if (isComposing) return;
    event.preventDefault();
    if (this.#host.state === 'idle') this.#submit();
  };

  #handleCompositionEnd = (event: Event) => {
    this.#composedAt = event.timeStamp;
  };

  /** Grows the text field with its text, where CSS cannot (`field-sizing`). */
  #fit = () => {
    const input = this.#input;
    if (!input || CSS.supports('field-sizing', 'content')) return;
    input.style.setProperty('height', 'auto');
    input.style.setProperty('height', `${input.scrollHeight}px`);
  };
}
