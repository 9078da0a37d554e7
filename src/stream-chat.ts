// Over 300 lines because a third of it describes the parts, slots and custom properties of the element to its manifest.
import {html, nothing, type PropertyValues, type TemplateResult} from 'lit';

import {ChatController} from './chat/chat-controller.js';
import {AnswerErrorEvent, type ChatState, type StreamChatEventMap} from './chat/events.js';
import {Composer} from './composer/composer.js';
import {LauncherController} from './launcher/launcher-controller.js';
import {register} from './lib/registration.js';
import type {Strings} from './locales/en.js';
import {Localizer, registerLocale} from './locales/localize.js';
import type {Message, MessageInit, Part, Usage} from './model/conversation.js';
import {StreamChatError} from './model/errors.js';
import {ChatProperties} from './properties.js';
import {getEncoder, registerProtocol, type FileInfo} from './protocols/protocol.js';
import {registerCodeBlock, registerRenderer} from './renderers/renderer.js';
import {AnnouncerController} from './speech/announcer-controller.js';
import {styles} from './stream-chat.styles.js';
import {readInitialMessages} from './transcript/initial-messages.js';
import {ScrollController} from './transcript/scroll-controller.js';
import {StatusLine} from './transcript/status-line.js';
import {TranscriptController} from './transcript/transcript-controller.js';
import {version} from './version.js';

/**
 * A chat whose answers appear as they are written, from any endpoint that streams.
 *
 * @tag stream-chat
 *
 * @fires {DeltaEvent} delta - Text arrived and was applied to the conversation.
 * @fires {DoneEvent} done - The answer ended, and its last character is in the DOM.
 * @fires {AnswerErrorEvent} error - The answer failed. What came of it is kept.
 * @fires {SendEvent} send - A question is about to be sent. Cancelable.
 * @fires {RequestEvent} request - A request is about to be made. Cancelable; its detail may be changed.
 * @fires {ToolCallEvent} toolcall - The model calls a tool. `respondWith()` answers it.
 * @fires {ReconnectEvent} reconnect - A lost connection is about to be tried again.
 * @fires {ResetEvent} reset - Text that was delivered is replaced.
 * @fires {StateChangeEvent} statechange - The state changed.
 * @fires {ClearEvent} clear - The conversation was cleared.
 * @fires {LinkEvent} link - A link of an answer is followed. Cancelable.
 * @fires {OpenEvent} open - The panel of the launcher opened.
 * @fires {CloseEvent} close - The panel of the launcher closed.
 * @fires {FeedbackEvent} feedback - The person judged an answer, or took that back. It is sent nowhere.
 * @fires {CopyTextEvent} copy-text - Text was copied with a button of the element.
 *
 * @slot - `<stream-chat-message role="assistant">` elements: the first messages.
 * @slot header - Above the conversation, in place of the heading.
 * @slot empty - Shown until the first question.
 * @slot suggestions - Buttons whose text is asked, until the first question.
 * @slot composer-start - Before the text field.
 * @slot composer-end - Between the text field and the button.
 * @slot launcher - What is on the button of `mode="launcher"`: an icon, or a word.
 * @slot footer - Below the composer: a disclaimer, for example.
 *
 * @csspart base - The whole.
 * @csspart header - The row of the heading.
 * @csspart heading - The heading.
 * @csspart log - The transcript, which scrolls.
 * @csspart empty - What is shown until the first question.
 * @csspart message - One message, together with the part of its role: `user`, `assistant`, `system`.
 * @csspart text - What was said.
 * @csspart reasoning - The reasoning before an answer.
 * @csspart tool - A tool call.
 * @csspart tool-header - Its name and its state.
 * @csspart tool-name - The name of the tool.
 * @csspart tool-state - How far the call has come.
 * @csspart tool-arguments - The arguments.
 * @csspart tool-question - What the person is asked before the call.
 * @csspart tool-allow - The button that allows the call.
 * @csspart tool-deny - The button that does not.
 * @csspart tool-result - The result or the error, folded.
 * @csspart sources - The list of sources.
 * @csspart source - One source, a link.
 * @csspart source-host - The host that a source leads to.
 * @csspart details - Tokens and speed of an answer.
 * @csspart dots - The sign that an answer is awaited.
 * @csspart error - Why an answer failed.
 * @csspart note - How an answer ended, where that needs words.
 * @csspart retry - The button that asks again.
 * @csspart continue - The button that lets a lost answer go on.
 * @csspart jump - The button that goes to the end of the transcript.
 * @csspart actions - The row of buttons under a message.
 * @csspart action - One of them, together with the part of its name: `copy`, `regenerate`, `edit`, `good`, `bad`, `speak`, `previous`, `next`.
 * @csspart versions - Which answer to a question is shown, between the buttons to the others.
 * @csspart time - When a message was written.
 * @csspart editor - The form in which a question is changed.
 * @csspart editor-input - Its text field.
 * @csspart editor-send - The button that asks the changed question.
 * @csspart editor-cancel - The button that leaves it as it was.
 * @csspart launcher - The round button of `mode="launcher"`.
 * @csspart launcher-badge - The count of answers that were not seen, on that button.
 * @csspart close - The button that closes the panel.
 * @csspart status - The line that tells of waiting, reconnecting and being offline, together with the part of the state: `waiting`, `offline`.
 * @csspart composer - The form.
 * @csspart input - The text field.
 * @csspart send - The button that sends, and stops while an answer streams.
 * @csspart suggestions - The questions that are offered before the first one.
 * @csspart suggestion - One of them.
 * @csspart composer-note - The line above the text field: of a question that is edited, and of the count.
 * @csspart cancel - The button that ends the editing.
 * @csspart count - The characters that are left, or too many.
 * @csspart attach - The button that chooses files.
 * @csspart attachments - The list of the files beside a question.
 * @csspart attachment - One of them.
 * @csspart remove-file - The button that removes it.
 * @csspart attachment-note - Why a file was not taken.
 * @csspart drop - What is shown while files are dragged over the chat.
 * @csspart dictate - The button that begins and ends the dictation.
 * @csspart voice-note - What is said of the dictation.
 * @csspart file - A file in a message.
 * @csspart file-name - Its name.
 * @csspart file-note - That the file itself was not kept.
 * @csspart save-file - The button that saves it.
 * @csspart blocks - A run of blocks of markdown, kept together so that long answers stay fast.
 * @csspart code-block - A block of code, with its header.
 * @csspart code-header - The row above the code.
 * @csspart code-language - The language of the code.
 * @csspart code-copy - The button that copies the code.
 * @csspart code-drawing - What a drawing of the page shows in place of a block of code: a diagram.
 * @csspart math - A formula.
 * @csspart table - A table of markdown, which scrolls when it is wide.
 * @csspart image - An image of markdown, or what stands in its place.
 * @csspart load-image - The button that loads a remote image, and names its host.
 * @csspart link-host - The host of a link, where its text does not tell.
 * @csspart footnotes - The footnotes of an answer.
 * @csspart footnote-reference - The number that leads to a footnote.
 * @csspart footnote-return - The button that leads from a footnote back to the text.
 *
 * @cssprop [--stream-chat-accent=light-dark(#3d52c5, #9aaaf6)] - Colour of the button; made darker or lighter until it can be read, of links and of the focus.
 * @cssprop [--stream-chat-accent-text=light-dark(#fff, #10131a)] - Text on the accent colour: by itself what is read better on it.
 * @cssprop [--stream-chat-background=light-dark(#fff, #17181c)] - The surface.
 * @cssprop [--stream-chat-color=light-dark(#1b1c20, #e7e8ec)] - Text.
 * @cssprop [--stream-chat-muted=color-mix(in srgb, var(--stream-chat-color) 68%, var(--stream-chat-background))] - Text of lesser weight.
 * @cssprop [--stream-chat-border=color-mix(in srgb, var(--stream-chat-color) 14%, var(--stream-chat-background))] - Lines.
 * @cssprop [--stream-chat-user-background=color-mix(in srgb, var(--stream-chat-accent) 11%, var(--stream-chat-background))] - The person's messages.
 * @cssprop [--stream-chat-code-background=color-mix(in srgb, var(--stream-chat-color) 4%, var(--stream-chat-background))] - Code.
 * @cssprop [--stream-chat-code-keyword=light-dark(#a0238b, #e29bf0)] - Keywords in code.
 * @cssprop [--stream-chat-code-string=light-dark(#1a6b3c, #8fd6a0)] - Strings in code, and added lines.
 * @cssprop [--stream-chat-code-comment=light-dark(#646b76, #9aa2ad)] - Comments in code.
 * @cssprop [--stream-chat-code-number=light-dark(#934700, #f0b37e)] - Numbers in code, and options of commands.
 * @cssprop [--stream-chat-code-function=light-dark(#2450b8, #8db4f8)] - Functions and tags in code.
 * @cssprop [--stream-chat-code-attribute=light-dark(#0b6a78, #7fd0dd)] - Attributes, keys and types in code.
 * @cssprop [--stream-chat-code-deleted=light-dark(#b42318, #ff9a8f)] - Deleted lines in code.
 * @cssprop [--stream-chat-error=light-dark(#b42318, #ff9a8f)] - Errors.
 * @cssprop [--stream-chat-radius=12px] - Rounding of boxes.
 * @cssprop [--stream-chat-width=46rem] - Widest the column of messages is.
 * @cssprop [--stream-chat-density=1] - Factor of the space between and inside of boxes.
 * @cssprop [--stream-chat-font=ui-sans-serif, system-ui, sans-serif] - Font family.
 * @cssprop [--stream-chat-code-font=ui-monospace, monospace] - Font family of code.
 * @cssprop [--stream-chat-math-font='Cambria Math'] - Font family of formulas. The math fonts of other systems follow it.
 * @cssprop [--stream-chat-launcher-inset=1.25rem] - From the edges of the window to the launcher and its panel.
 * @cssprop [--stream-chat-launcher-inline=auto 1.25rem] - Their `inset-inline`: `1.25rem auto` puts them at the start.
 * @cssprop [--stream-chat-launcher-size=3.5rem] - Size of the launcher.
 * @cssprop [--stream-chat-launcher-z-index=1000] - Its `z-index`. The panel is in the top layer.
 * @cssprop [--stream-chat-panel-inline-size=26rem] - Width of the panel, where the window has room.
 * @cssprop [--stream-chat-panel-block-size=40rem] - Height of the panel, where the window has room.
 *
 * @cssstate idle - No answer is on its way.
 * @cssstate connecting - A request was sent.
 * @cssstate streaming - An answer arrives.
 * @cssstate waiting - The next attempt is awaited.
 * @cssstate offline - The network is awaited.
 */
export class StreamChat extends ChatProperties {
  /** The version of the package. */
  static readonly version = version;

  /** Registers the element under a tag name, once. Of two copies on one page the first stays. */
  static define(tag = 'stream-chat'): void {
    register(this, tag);
  }

  /** Makes a wire format known. */
  static registerProtocol = registerProtocol;

  /** Makes a way to draw text known. */
  static registerRenderer = registerRenderer;

  /** Lets the page draw the code blocks of a language: `registerCodeBlock('mermaid', async (code, element) => …)`. */
  static registerCodeBlock = registerCodeBlock;

  /** Makes a language known, under its BCP 47 tag: `registerLocale('pl', {send: 'Wyślij', …})`. */
  static registerLocale = registerLocale;

  static override styles = styles;

  #chat = new ChatController(this, {
    draw: (inFrame) => this.#draw(inFrame),
    beforePaint: () => this.#scroll.follow(),
  });
  #composer = new Composer(this);
  #localizer = new Localizer(this);
  #statusLine = new StatusLine(this);
  #launcher = new LauncherController(this);
  #scroll = new ScrollController(this);
  #transcript = new TranscriptController(this, this.#scroll, {
    readStrings: () => this.#strings,
    onShowVersion: (answer) => this.#chat.showVersion(answer),
    onConfirm: (key, isAllowed) => this.#chat.confirmToolCall(key, isAllowed),
  });
  #announcer = new AnnouncerController(this, () => this.#strings);
  #renderedCount = 0;
  #configErrors = new Set<string>();

  /** The conversation. Always current; only the drawing of it waits for a frame. */
  get messages(): readonly Message[] {
    return this.#chat.messages;
  }

  set messages(messages: readonly MessageInit[]) {
    this.#chat.replace(messages ?? []);
    this.requestUpdate();
  }

  /** Tokens that the conversation has used, as far as they were told; those of answers asked for again included. */
  get usage(): Usage | undefined {
    return this.#chat.usage;
  }

  /** What the element is doing. */
  get state(): ChatState {
    return this.#chat.status.state;
  }

  /**
   * Asks a question. Resolves to the answer when it has ended, also when it failed (`status` tells) or was stopped;
   * to `undefined` if a listener of `send` refused it. Stops the answer in progress, if any.
   */
  send(question: string | MessageInit): Promise<Message | undefined> {
    const init = typeof question === 'string' ? {text: question} : question;
    if (!(init.text ?? init.content)?.trim() && !init.parts?.length) {
      return Promise.reject(new StreamChatError('config', 'There is nothing to send: the question is empty.'));
    }
    this.#scroll.scrollToNewAnswer();
    return this.#chat.send(init);
  }

  /** Stops the answer in progress, keeps what has come of it, and closes the connection. */
  stop(): void {
    this.#chat.stop();
  }

  /**
   * Goes on with the last answer where it was lost, if its server can; else asks the last question again, in place of
   * its answer.
   */
  retry(): Promise<Message | undefined> {
    this.#scroll.scrollToNewAnswer();
    return this.#chat.retry();
  }

  /**
   * Asks the last question again, in place of its answer. The buttons under the new one lead back to it until the next
   * question is asked, and as long as the page is there: it is not kept over a reload.
   */
  regenerate(): Promise<Message | undefined> {
    this.#scroll.scrollToNewAnswer();
    return this.#chat.regenerate();
  }

  /** Asks in place of the question with this id, whose files stay; what came after it is dropped. */
  edit(id: string, text: string, files?: readonly Part[]): Promise<Message | undefined> {
    this.#scroll.scrollToNewAnswer();
    return this.#chat.edit(id, text, files);
  }

  /** Forgets the conversation. */
  clear(): void {
    this.#chat.clear();
  }

  /** Moves the focus into the text field. */
  override focus(options?: FocusOptions): void {
    if (!this.#composer.focus(options)) super.focus(options);
  }

  /** @internal Moves focus away from a button that is about to disappear. On phones the text field would open the keyboard. */
  focusNext() {
    if (matchMedia('(pointer: coarse)').matches) this.renderRoot.querySelector<HTMLElement>('.log')!.focus({preventScroll: true});
    else this.focus();
  }

  /** @internal Announces a text to screen readers. */
  tell(text: string): void {
    this.#announcer.announceText(text);
  }

  /** @internal Whether the format has a place for a file. */
  async takesFile(file: FileInfo): Promise<boolean> {
    const {takesFile} = await getEncoder(this.protocol);
    return takesFile?.(file) ?? false;
  }

  /** Opens the panel of `mode="launcher"`, and moves the focus into it. */
  show(): void {
    this.#launcher.takeFocus();
    this.open = true;
  }

  /** Closes that panel. A focus inside goes back to the button; an answer in progress goes on. */
  hide(): void {
    this.open = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#readLightDom();
    if (this.hasUpdated) this.requestUpdate('announce');
  }

  /** Lets `moveBefore` move the element without disconnecting and reconnecting it. */
  connectedMoveCallback(): void {
    this.#scroll.follow();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    this.#localizer.follow();
    this.#chat.restore();
    this.#transcript.willUpdate(changed);
  }

  /** Resolves when the modules that rendering needs are loaded, too. */
  protected override async getUpdateComplete(): Promise<boolean> {
    const complete = await super.getUpdateComplete();
    const loading: readonly unknown[] = [...this.#transcript.loading, this.#localizer.loading, this.#launcher.loading];
    if (!loading.some(Boolean)) return complete;
    await Promise.all(loading);
    return super.getUpdateComplete();
  }

  protected override render(): TemplateResult {
    const strings = this.#strings;
    const {state} = this;
    const busy = this.#chat.busy;
    const isEmpty = this.messages.length === 0;
    const isLauncher = this.mode === 'launcher';
    const heading = this.heading || (isLauncher ? strings.chat : '');
    const {isAway, unseenCount} = this.#scroll;
    const status = this.#statusLine.text(this.#chat.status, this.#chat.lastActivityAt, strings);
    return html`
      <section part="base" class="base ${this.theme}" dir=${this.#localizer.direction ?? nothing} ?hidden=${isLauncher} aria-label=${heading || strings.chat}>
        <header part="header" class="header ${heading ? '' : 'bare'}">
          <slot name="header">${heading ? html`<h2 part="heading" class="heading">${heading}</h2>` : nothing}</slot>
        </header>
        <div part="log" class="log" role="log" aria-live="off" aria-label=${strings.conversation} tabindex="0">
          <div class="content">
            <div part="empty" class="empty" ?hidden=${!isEmpty}><slot name="empty">${strings.empty}</slot></div>
            <div class="messages"></div>
          </div>
        </div>
        <div class="between">
          <button part="jump" class="jump" type="button" ?hidden=${!isAway} @click=${this.#scroll.scrollToEnd}>
            ${unseenCount > 0 ? strings.jumpTo(unseenCount) : strings.jump}
          </button>
          <div part="status ${state}" class="status ${state}">${status}</div>
        </div>
        ${this.composer === 'off' ? nothing : this.#composer.render(strings, busy)}
        <footer class="footer"><slot name="footer"></slot></footer>
        <slot hidden @slotchange=${this.#readLightDom}></slot>
      </section>
    `;
  }

  protected override firstUpdated(): void {
    this.#transcript.firstUpdated();
    this.#scroll.observe();
    const {activeElement, body} = this.ownerDocument;
    if (this.autofocus && (!activeElement || activeElement === body)) this.focus({preventScroll: true});
  }

  protected override updated(changed: PropertyValues<this>): void {
    this.#renderedCount = this.messages.length;
    this.#transcript.updated(changed);
    if (changed.has('announce') && this.announce !== 'off') void this.#announcer.load();
    this.#statusLine.update();
    this.#chat.draw();
    const wasToggled = changed.has('open') && (this.open || !!changed.get('open'));
    this.#launcher.update(this.#strings, wasToggled);
  }

  get #strings(): Strings {
    return this.#localizer.read(this.strings);
  }

  /** Renders the messages. Returns whether something is left to render. */
  #draw(inFrame: boolean): boolean {
    if (!this.hasUpdated) return false;
    const hasMore = this.#transcript.draw(this.messages, this.#chat.completedMessages, inFrame);
    // Everything around the messages depends only on the state, and on whether there are messages.
    if (this.#statusLine.rendered !== this.state || this.#renderedCount !== this.messages.length) this.requestUpdate();
    return hasMore;
  }

  /** @internal Waits for a lazy module. If it cannot be loaded, reports that and the consequence, and returns an empty object. */
  async loadModule<T>(module: Promise<T>, name: string, consequence: string): Promise<Partial<T>> {
    return module.catch((cause: unknown) => {
      const message = `The file "${name}.js" could not be loaded: ${consequence}.`;
      this.reportConfigError(new StreamChatError('config', message, {cause}));
      return {};
    });
  }

  /** @internal Reports a mistake of the host page once, after its scripts had time to add listeners. */
  reportConfigError(error: StreamChatError): void {
    if (this.#configErrors.has(error.message)) return;
    this.#configErrors.add(error.message);
    console.error(error);
    setTimeout(() => this.dispatchEvent(new AnswerErrorEvent({error, message: undefined})));
  }

  #readLightDom = () => {
    if (this.messages.length > 0) return;
    const messages = readInitialMessages(this);
    if (messages.length > 0) this.messages = messages;
  };
}

/** The events of the element, for `addEventListener`. */
export interface StreamChat {
  addEventListener<K extends keyof StreamChatEventMap>(
    type: K,
    listener: (this: StreamChat, event: StreamChatEventMap[K]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener<K extends keyof HTMLElementEventMap>(
    type: K,
    listener: (this: StreamChat, event: HTMLElementEventMap[K]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(type: string, listener: EventListenerOrEventListenerObject, options?: boolean | AddEventListenerOptions): void;
  removeEventListener<K extends keyof StreamChatEventMap>(
    type: K,
    listener: (this: StreamChat, event: StreamChatEventMap[K]) => unknown,
    options?: boolean | EventListenerOptions,
  ): void;
  removeEventListener(type: string, listener: EventListenerOrEventListenerObject, options?: boolean | EventListenerOptions): void;
}

declare global {
  interface HTMLElementTagNameMap {
    'stream-chat': StreamChat;
  }
}
