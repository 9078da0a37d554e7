import {html, nothing, type TemplateResult} from 'lit';

import type {Attachments} from './attachments.js';
import type {ComposerHost, ComposerPart} from './composer-host.js';
import type {Message} from '../model/conversation.js';
import {stripInvisible} from '../lib/strip-invisible.js';
import type {Strings} from '../locales/en.js';
import type {Dictation} from './voice.js';

/** An Enter this soon after the end of a composition belongs to it, in milliseconds. */
const compositionGrace = 50;
/** Of a limit this share, or so many characters, are left when the count is shown. */
const nearLimit = {share: 0.1, characters: 20};

/** The form in which a question is written. What is written stays while an answer streams. */
export class Composer {
  #host: ComposerHost;
  #strings: Strings | undefined;
  #composedAt = -Infinity;
  /** The question that is asked anew, and what was written before. */
  #edited: {readonly id: string; readonly draft: string} | undefined;
  #attachments: Attachments | undefined;
  #dictation: Dictation | undefined;
  #loaded = new Set<string>();
  #found: HTMLFormElement | null = null;

  constructor(host: ComposerHost) {
    this.#host = host;
    host.addController(this);
    for (const type of ['keydown', 'keypress', 'keyup'] as const) host.addEventListener(type, this.#keepToItself);
    host.addEventListener('click', (event) => {
      if ((event.target as Element).closest('[slot="suggestions"]')) this.#handleSuggestion(event);
    });
  }

  /** Found once: a search goes through all messages. */
  get #form() {
    if (!this.#found?.isConnected) this.#found = this.#host.renderRoot.querySelector<HTMLFormElement>('.composer');
    return this.#found;
  }

  get #input() {
    return this.#form?.querySelector<HTMLTextAreaElement>('.input');
  }

  /** Characters that may still be written; less than none if there are too many. */
  get #left(): number {
    const {maxLength} = this.#host;
    return maxLength ? maxLength - [...(this.#input?.value ?? '')].length : Infinity;
  }

  hostUpdated(): void {
    const {attach, voice, renderRoot} = this.#host;
    // The first one there: what else listens leaves or closes something. One that is there already is not added again.
    renderRoot.querySelector<HTMLElement>('.base')!.addEventListener('keydown', this.#handleEscape);
    const form = this.#form;
    if (!form) return;
    if (attach != null) {
      const load = async () => (this.#attachments = new (await import('./attachments.js')).Attachments(this.#host));
      void this.#load('attachments', load, 'no files are taken');
    }
    if (voice === 'dictate') {
      const load = async () => (this.#dictation = new (await import('./voice.js')).Dictation(this.#host));
      void this.#load('voice', load, 'nothing can be dictated');
    }
    for (const part of [this.#attachments, this.#dictation]) part?.update(form, this.#strings!);
  }

  /** Focuses the text field. Returns whether there is one. */
  focus(options?: FocusOptions): boolean {
    const input = this.#input;
    input?.focus(options);
    return !!input;
  }

  /** Puts a question into the text field, to be asked anew. What was written comes back afterwards. */
  edit({id, text}: Message): void {
    this.#edited = {id, draft: this.#edited?.draft ?? this.#input?.value ?? ''};
    this.#write(text);
    this.#host.tell(this.#strings!.editing);
  }

  /** What Escape does, one step a press: ends the editing, stops the answer. It is left to others where there is neither. */
  #handleEscape = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || event.defaultPrevented || this.#isComposing(event)) return;
    if (this.#edited) this.#endEdit();
    else if (this.#host.state !== 'idle') this.#host.stop();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  /** `busy`: an answer is on its way, and the button stops it. */
  render(strings: Strings, busy: boolean): TemplateResult {
    this.#strings = strings;
    const {placeholder, disabled, enterKey} = this.#host;
    const hint = placeholder || strings.placeholder;
    const label = busy ? strings.stop : strings.send;
    const left = this.#left;
    const isNear = left <= Math.max(nearLimit.characters, (this.#host.maxLength ?? 0) * nearLimit.share);
    return html`
      ${this.#renderSuggestions(strings)}
      <form part="composer" class="composer" @submit=${this.#handleSubmit}>
        <div part="composer-note" class="composer-note" id="note" ?hidden=${!isNear && !this.#edited}>
          ${
            this.#edited
              ? html`${strings.editing} <button part="cancel" class="retry" type="button" @click=${this.#endEdit}>${strings.cancel}</button>`
              : nothing
          }
          ${isNear ? html`<span part="count">${left < 0 ? strings.tooLong(-left) : strings.charactersLeft(left)}</span>` : nothing}
        </div>
        <slot name="composer-start"></slot>
        <textarea
          part="input"
          class="input"
          rows="1"
          dir="auto"
          autocomplete="off"
          enterkeyhint=${enterKey === 'newline' ? 'enter' : 'send'}
          aria-label=${hint}
          aria-describedby="note"
          aria-invalid=${left < 0}
          placeholder=${hint}
          ?disabled=${disabled}
          @keydown=${this.#handleKeydown}
          @compositionend=${this.#handleCompositionEnd}
          @input=${this.#handleInput}
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

  /** Questions to begin with: those of the property, and buttons in the slot. */
  #renderSuggestions(strings: Strings): TemplateResult {
    const {suggestions, messages, disabled} = this.#host;
    const isOffered = suggestions.length > 0 || this.#host.querySelector(':scope > [slot="suggestions"]') !== null;
    return html`<div
      part="suggestions"
      class="suggestions"
      role="group"
      aria-label=${strings.suggestions}
      ?hidden=${!isOffered || messages.some(({role}) => role === 'user')}
    >
      ${suggestions.map(
        (text) =>
          html`<button part="suggestion" class="retry" type="button" dir="auto" ?disabled=${disabled} @click=${this.#handleSuggestion}>
            ${stripInvisible(text)}
          </button>`,
      )}
      <slot name="suggestions" @slotchange=${() => this.#host.requestUpdate()}></slot>
    </div>`;
  }

  /** Loads a part, once. */
  async #load(name: string, load: () => Promise<ComposerPart>, lack: string) {
    if (this.#loaded.has(name)) return;
    this.#loaded.add(name);
    await this.#host.loadModule(load(), name, lack);
    this.#host.requestUpdate();
  }

  #handleSubmit = (event: Event) => {
    event.preventDefault();
    if (this.#host.state !== 'idle') return this.#host.stop();
    void this.#submit();
  };

  /** Asks what is written, or what is suggested, with the files beside it. What the page refuses stays here. */
  async #submit(suggestion?: string) {
    const host = this.#host;
    const attachments = this.#attachments;
    if (host.disabled || host.state !== 'idle') return;
    if (suggestion === undefined && this.#left < 0) return host.tell(this.#strings!.tooLong(-this.#left));
    const files = attachments?.isFilled ? await attachments.take() : [];
    const text = suggestion ?? this.#input?.value ?? '';
    if (!files || (text.trim() === '' && files.length === 0)) return;
    this.#dictation?.stop();

    const edited = this.#edited;
    const isThere = edited && host.messages.some(({id}) => id === edited.id);
    this.#edited = undefined;
    if (suggestion === undefined) this.#write(edited?.draft ?? '', false);
    // A failure is told by the event, and shown.
    const answer = await (isThere ? host.edit(edited.id, text, files) : host.send({text, parts: files}));
    if (answer) return;
    if (this.#input?.value === '' && suggestion === undefined) this.#write(text, false);
    if (files.length > 0) attachments?.restore();
  }

  #endEdit = () => {
    const draft = this.#edited?.draft ?? '';
    this.#edited = undefined;
    this.#write(draft);
  };

  /** Replaces what is written, with the caret behind it. */
  #write(text: string, isFocused = true) {
    const input = this.#input;
    if (!input) return;
    input.value = text;
    input.setSelectionRange(text.length, text.length);
    if (isFocused) input.focus();
    this.#host.requestUpdate();
    this.#handleInput();
  }

  #handleSuggestion = (event: Event) => {
    const button = (event.target as Element).closest('button');
    if (!button || event.defaultPrevented) return;
    // In a form of the page it would submit that.
    event.preventDefault();
    // It goes away, and the focus with it.
    this.focus();
    void this.#submit(button.textContent.trim());
  };

  #isComposing(event: KeyboardEvent): boolean {
    // 229 is what Safari says of the key that ends a composition: its `isComposing` is false by then.
    return event.isComposing || event.keyCode === 229 || event.timeStamp - this.#composedAt < compositionGrace;
  }

  #handleKeydown = (event: KeyboardEvent) => {
    if (this.#isComposing(event)) return;
    const {key, shiftKey, ctrlKey, metaKey, altKey} = event;
    const isCommand = ctrlKey || metaKey;
    if (key === 'ArrowUp' && !shiftKey && !isCommand && !altKey && !this.#edited && this.#input?.value === '') {
      const question = this.#host.messages.findLast(({role}) => role === 'user');
      if (!question) return;
      this.edit(question);
    } else if (key === 'Enter' && (isCommand || !(shiftKey || this.#host.enterKey === 'newline'))) void this.#submit();
    else return;
    event.preventDefault();
  };

  /** What is written is no hotkey of the page, which takes the whole chat for the target. */
  #keepToItself = (event: KeyboardEvent) => {
    const {key, ctrlKey, metaKey, altKey} = event;
    if (event.composedPath()[0] === this.#input && key.length === 1 && !ctrlKey && !metaKey && !altKey) event.stopPropagation();
  };

  #handleCompositionEnd = (event: Event) => {
    this.#composedAt = event.timeStamp;
  };

  /** Grows the text field with its text, where CSS cannot (`field-sizing`), and counts. */
  #handleInput = () => {
    if (this.#host.maxLength) this.#host.requestUpdate();
    const input = this.#input;
    if (!input || CSS.supports('field-sizing', 'content')) return;
    input.style.setProperty('height', 'auto');
    input.style.setProperty('height', `${input.scrollHeight}px`);
  };
}
