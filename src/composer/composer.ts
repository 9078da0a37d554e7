import {html, nothing, type TemplateResult} from 'lit';

import type {Attachments} from './attachments.js';
import type {ComposerHost, ComposerPart} from './composer-host.js';
import {loadAnswering} from '../chat/lazy-answer.js';
import type {Message} from '../model/conversation.js';
import {sendsOnEnter} from '../lib/enter-key.js';
import {setMeaning} from '../lib/meaning-guard.js';
import {stripInvisible} from '../lib/strip-invisible.js';
import type {Strings} from '../locales/en.js';
import type {Dictation} from './voice.js';

/** An Enter key this soon after the end of a composition belongs to it, in milliseconds. */
const compositionGrace = 50;
/** The count is shown once this share of the limit, or this many characters, are left. */
const nearLimit = {share: 0.1, characters: 20};

/** Loads the code behind Send before it is needed. A failure is reported by the answer, which loads it again. */
function prefetchAnswering() {
  if (navigator.onLine) loadAnswering().catch(() => undefined);
}

/** The composer: text field, buttons and suggestions. A draft stays while an answer streams. */
export class Composer {
  #host: ComposerHost;
  #strings: Strings | undefined;
  #compositionEndedAt = -Infinity;
  /** The message that is edited, and the draft it replaced. */
  #edited: {readonly id: string; readonly draft: string} | undefined;
  /** Whether a message waits until the stored conversation is restored. */
  #isWaiting = false;
  #attachments: Attachments | undefined;
  #dictation: Dictation | undefined;
  /** Whether the send button stops the answer. */
  #isStopping = false;
  #loaded = new Set<string>();
  #formCache: HTMLFormElement | null = null;

  constructor(host: ComposerHost) {
    this.#host = host;
    host.addController(this);
    for (const type of ['keydown', 'keypress', 'keyup'] as const) host.addEventListener(type, this.#stopTypedKeys);
  }

  /** Cached, because a search visits all messages. */
  get #form() {
    if (!this.#formCache?.isConnected) this.#formCache = this.#host.renderRoot.querySelector<HTMLFormElement>('.composer');
    return this.#formCache;
  }

  get #input() {
    return this.#form?.querySelector<HTMLTextAreaElement>('.input');
  }

  /** Number of characters left; negative if there are too many. */
  get #left(): number {
    const {maxLength} = this.#host;
    return maxLength ? maxLength - [...(this.#input?.value ?? '')].length : Infinity;
  }

  hostUpdated(): void {
    const {attach, voice, renderRoot} = this.#host;
    // The first listener: later ones close something. Adding the same listener again has no effect.
    renderRoot.querySelector<HTMLElement>('.base')!.addEventListener('keydown', this.#handleEscape);
    // Not on an element: screen readers would call all that is inside "clickable".
    renderRoot.addEventListener('click', this.#handleSlotted);
    const form = this.#form;
    if (!form) return;
    setMeaning(form.querySelector<HTMLElement>('.send')!, this.#isStopping ? 'stop' : 'send');
    if (attach != null) {
      const load = async () => (this.#attachments = new (await import('./attachments.js')).Attachments(this.#host));
      void this.#load('attachments', load, 'files cannot be attached');
    }
    if (voice === 'dictate') {
      const load = async () => (this.#dictation = new (await import('./voice.js')).Dictation(this.#host));
      void this.#load('voice', load, 'dictation is not available');
    }
    for (const part of [this.#attachments, this.#dictation]) part?.update(form, this.#strings!);
  }

  hostDisconnected(): void {
    this.#dictation?.stop();
  }

  /** Focuses the text field. Returns whether there is one. */
  focus(options?: FocusOptions): boolean {
    const input = this.#input;
    input?.focus(options);
    return !!input;
  }

  /** Puts a sent message into the text field. The draft is restored afterwards. */
  edit({id, text}: Message): void {
    this.#edited = {id, draft: this.#edited?.draft ?? this.#input?.value ?? ''};
    this.#write(text);
    this.#host.announceText(this.#strings!.editing);
  }

  /**
   * Handles Escape, one step per press: cancels the editing, then stops the answer. Otherwise other listeners handle it: in
   * the launcher's panel, Escape closes the panel, and an answer continues.
   */
  #handleEscape = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || event.defaultPrevented || this.#isComposing(event)) return;
    if (this.#edited) this.#endEdit();
    else if (this.#host.state !== 'idle' && this.#host.mode !== 'launcher') this.#host.stop();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  /** Renders the composer. `busy`: an answer is in progress, and the send button stops it. */
  render(strings: Strings, busy: boolean): TemplateResult {
    this.#strings = strings;
    this.#isStopping = busy;
    const {placeholder, disabled, enterKey} = this.#host;
    const hint = placeholder || strings.placeholder;
    const label = busy ? strings.stop : strings.send;
    const left = this.#left;
    const isNear = left <= Math.max(nearLimit.characters, (this.#host.maxLength ?? 0) * nearLimit.share);
    return html`
      ${this.#renderSuggestions(strings)}
      <form part="composer" class="composer" @submit=${this.#handleSubmit} @focusin=${prefetchAnswering} @pointerenter=${prefetchAnswering}>
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
          enterkeyhint=${sendsOnEnter(enterKey) ? 'send' : 'enter'}
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

  /** Renders suggested messages: those of the property, and buttons in the slot. */
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

  /** Loads a lazy module, once. */
  async #load(name: string, load: () => Promise<ComposerPart>, consequence: string) {
    if (this.#loaded.has(name)) return;
    this.#loaded.add(name);
    await this.#host.loadModule(load(), name, consequence);
    this.#host.requestUpdate();
  }

  #handleSubmit = (event: Event) => {
    event.preventDefault();
    if (this.#host.state !== 'idle') return this.#host.stop();
    void this.#submit();
  };

  /** Sends the draft or a suggestion, with the attached files. If a `send` listener cancels, both are restored. */
  async #submit(suggestion?: string) {
    const host = this.#host;
    const attachments = this.#attachments;
    if (this.#isWaiting) return;
    // The text stays in the field until it is in the conversation.
    this.#isWaiting = true;
    if (host.restoring) await host.restoring;
    this.#isWaiting = false;
    if (host.disabled || host.state !== 'idle') return;
    if (suggestion === undefined && this.#left < 0) return host.announceText(this.#strings!.tooLong(-this.#left));
    const files = attachments?.hasFiles ? await attachments.extractFiles() : [];
    const text = suggestion ?? this.#input?.value ?? '';
    if (!files || (text.trim() === '' && files.length === 0)) return;
    this.#dictation?.stop();

    const edited = this.#edited;
    const isThere = edited && host.messages.some(({id}) => id === edited.id);
    this.#edited = undefined;
    if (suggestion === undefined) this.#write(edited?.draft ?? '', false);
    // A failure is reported by the `error` event, and rendered.
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

  /** Replaces the draft, with the caret after it. */
  #write(text: string, isFocused = true) {
    const input = this.#input;
    if (!input) return;
    input.value = text;
    input.setSelectionRange(text.length, text.length);
    if (isFocused) input.focus();
    this.#host.requestUpdate();
    this.#handleInput();
  }

  #handleSlotted = (event: Event) => {
    if ((event.target as Element).closest('[slot="suggestions"]')) this.#handleSuggestion(event);
  };

  #handleSuggestion = (event: Event) => {
    const button = (event.target as Element).closest('button');
    if (!button || event.defaultPrevented) return;
    // Otherwise it would submit a form of the host page around it.
    event.preventDefault();
    // The button disappears; without this, focus would be lost.
    this.focus();
    void this.#submit(button.textContent.trim());
  };

  #isComposing(event: KeyboardEvent): boolean {
    // Safari reports keyCode 229 for the key that ends a composition; `isComposing` is already false.
    return event.isComposing || event.keyCode === 229 || event.timeStamp - this.#compositionEndedAt < compositionGrace;
  }

  #handleKeydown = (event: KeyboardEvent) => {
    if (this.#isComposing(event)) return;
    const {key, shiftKey, ctrlKey, metaKey, altKey} = event;
    const isCommand = ctrlKey || metaKey;
    if (key === 'ArrowUp' && !shiftKey && !isCommand && !altKey && !this.#edited && this.#input?.value === '') {
      const question = this.#host.messages.findLast(({role}) => role === 'user');
      if (!question) return;
      this.edit(question);
    } else if (key === 'Enter' && (isCommand || (!shiftKey && sendsOnEnter(this.#host.enterKey)))) void this.#submit();
    else return;
    event.preventDefault();
  };

  /** Keeps typed characters from shortcuts of the host page, for which the event target is the chat and not its text field. */
  #stopTypedKeys = (event: KeyboardEvent) => {
    const {key, ctrlKey, metaKey, altKey} = event;
    if (event.composedPath()[0] === this.#input && key.length === 1 && !ctrlKey && !metaKey && !altKey) event.stopPropagation();
  };

  #handleCompositionEnd = (event: Event) => {
    this.#compositionEndedAt = event.timeStamp;
  };

  /** Resizes the text field to its text if CSS cannot (`field-sizing`), and updates the count. */
  #handleInput = () => {
    if (this.#host.maxLength) this.#host.requestUpdate();
    const input = this.#input;
    if (!input || CSS.supports('field-sizing', 'content')) return;
    input.style.setProperty('height', 'auto');
    input.style.setProperty('height', `${input.scrollHeight}px`);
  };
}
