// Over 300 lines because a third of it describes the parts, slots and custom properties of the element to its manifest.
import {html, nothing, type PropertyValues, type TemplateResult} from 'lit';

import {ChatController} from './chat/chat-controller.js';
import {loadAnswering} from './chat/lazy-answer.js';
import type {ChatState, StreamChatEventMap} from './chat/events.js';
import {Composer} from './composer/composer.js';
import {LauncherController} from './launcher/launcher-controller.js';
import {readDocument} from './lib/read-document.js';
import {register} from './lib/registration.js';
import {plainName} from './lib/strip-invisible.js';
import {upgradeProperty} from './lib/upgrade-property.js';
import type {Strings} from './locales/en.js';
import {Localizer, registerLocale} from './locales/localize.js';
import {isEmptyQuestion, keyOf, type Message, type MessageInit, type Part, type Usage} from './model/conversation.js';
import {StreamChatError} from './model/errors.js';
import {ChatProperties} from './properties.js';
import {getEncoder, registerProtocol, type FileInfo} from './protocols/protocol.js';
import {registerCodeBlock, registerRenderer} from './renderers/renderer.js';
import {AnnouncerController} from './speech/announcer-controller.js';
import {styles} from './stream-chat.styles.js';
import {readInitialMessages} from './transcript/initial-messages.js';
import {ScrollController} from './transcript/scroll-controller.js';
import {registerSource} from './sources/source.js';
import {StatusLine, type Notice} from './transcript/status-line.js';
import {TranscriptController} from './transcript/transcript-controller.js';
import {version} from './version.js';

/**
 * A chat that streams answers from any endpoint into the page.
 *
 * @tag stream-chat
 *
 * @fires {DeltaEvent} delta - Text arrived and was added to the conversation.
 * @fires {DoneEvent} done - The answer is complete or was stopped (`reason`), and all of its text is in the DOM.
 * @fires {AnswerErrorEvent} error - An answer or a tool failed, or the page is misconfigured (`error.code`). Text received so far is kept.
 * @fires {SendEvent} send - A message is about to be sent. Cancelable.
 * @fires {RequestEvent} request - A request is about to be sent, including reconnections. Cancelable; `detail` is mutable.
 * @fires {ToolCallEvent} toolcall - The model called a tool. Answer with `respondWith()`.
 * @fires {ReconnectEvent} reconnect - The connection was lost; the next attempt follows after `delay` seconds.
 * @fires {ResetEvent} reset - Text that was already delivered was replaced by `text`.
 * @fires {StateChangeEvent} statechange - The state changed.
 * @fires {ClearEvent} clear - The conversation was cleared.
 * @fires {LinkEvent} link - A link in an answer was activated. Cancelable.
 * @fires {OpenEvent} open - The launcher panel opened.
 * @fires {CloseEvent} close - The launcher panel closed.
 * @fires {FeedbackEvent} feedback - The user rated an answer or withdrew the rating. Nothing is sent.
 * @fires {CopyTextEvent} copy-text - The user copied text with a button of the element.
 *
 * @slot - `<stream-chat-message>` elements with the initial messages.
 * @slot header - Replaces the heading.
 * @slot empty - Shown until the first message.
 * @slot suggestions - Buttons that send their text, shown until the first message.
 * @slot composer-start - Before the text field.
 * @slot composer-end - Between the text field and the send button.
 * @slot launcher - Content of the launcher button: an icon or a word.
 * @slot footer - Below the composer, for example a disclaimer.
 *
 * @csspart base - Root container.
 * @csspart header - Header row.
 * @csspart heading - Heading.
 * @csspart log - Transcript, which scrolls.
 * @csspart empty - Placeholder before the first message.
 * @csspart message - A message; also has its role as a part: `user`, `assistant`, `system`.
 * @csspart text - Text of a message.
 * @csspart reasoning - Reasoning of the model.
 * @csspart tool - A tool call.
 * @csspart tool-header - Name and status of the call.
 * @csspart tool-name - Name of the tool.
 * @csspart tool-state - Status of the call.
 * @csspart tool-arguments - Arguments of the call.
 * @csspart tool-question - Confirmation prompt.
 * @csspart tool-allow - Confirmation button that allows the call.
 * @csspart tool-deny - Confirmation button that denies the call.
 * @csspart tool-result - Result or error, collapsed.
 * @csspart sources - List of sources.
 * @csspart source - Link to a source.
 * @csspart source-host - Host of a source.
 * @csspart details - Token counts and speed of an answer.
 * @csspart dots - Typing indicator.
 * @csspart fold - Button that unfolds a long question.
 * @csspart error - Why an answer failed.
 * @csspart note - Why an answer ended early.
 * @csspart retry - Retry button.
 * @csspart continue - Button that asks the model to continue.
 * @csspart jump - Button that scrolls to the end.
 * @csspart actions - Action buttons of a message.
 * @csspart action - One action button; also has its name as a part: `copy`, `regenerate`, `edit`, `good`, `bad`, `speak`, `previous`, `next`.
 * @csspart versions - Switcher between versions of an answer.
 * @csspart time - Time of a message.
 * @csspart editor - Form that edits a sent message.
 * @csspart editor-input - Text field of that form.
 * @csspart editor-send - Button that sends the edited message.
 * @csspart editor-cancel - Button that cancels the editing.
 * @csspart launcher - Round button of `mode="launcher"`.
 * @csspart launcher-badge - Unread count.
 * @csspart close - Button that closes the panel.
 * @csspart status - Status line; also has the state as a part: `waiting`, `offline`.
 * @csspart composer - Form with text field and buttons.
 * @csspart input - Text field.
 * @csspart send - Send button; stops the answer while it streams.
 * @csspart suggestions - Suggested messages, shown before the first one.
 * @csspart suggestion - One suggested message.
 * @csspart composer-note - Hint above the text field: editing, or character count.
 * @csspart cancel - Button that cancels the editing.
 * @csspart count - Characters left or over the limit.
 * @csspart attach - Button that opens the file picker.
 * @csspart attachments - List of attached files.
 * @csspart attachment - An attached file.
 * @csspart remove-file - Button that removes an attached file.
 * @csspart attachment-note - Why a file was rejected.
 * @csspart drop - Drop zone overlay.
 * @csspart dictate - Button that starts and stops dictation.
 * @csspart voice-note - Dictation status.
 * @csspart file - File in a message.
 * @csspart file-name - Name of the file.
 * @csspart file-note - Shown if the file itself was not stored.
 * @csspart save-file - Button that saves the file.
 * @csspart blocks - Group of Markdown blocks (rendering optimization).
 * @csspart code-block - Code block with its header.
 * @csspart code-header - Row above the code.
 * @csspart code-language - Language of the code.
 * @csspart code-copy - Button that copies the code.
 * @csspart code-drawing - Output of a registered code block renderer.
 * @csspart math - Formula.
 * @csspart table - Markdown table; scrolls if it is wide.
 * @csspart image - Image or its placeholder.
 * @csspart load-image - Button that loads a remote image and names its host.
 * @csspart link-host - Real host of a link whose text hides it.
 * @csspart footnotes - Footnotes of an answer.
 * @csspart footnote-reference - Number that links to a footnote.
 * @csspart footnote-return - Back-reference of a footnote.
 *
 * @cssprop [--stream-chat-accent=light-dark(#3d52c5, #9aaaf6)] - Accent colour: buttons, links, focus ring; adjusted until its contrast suffices.
 * @cssprop [--stream-chat-accent-text=light-dark(#fff, #10131a)] - Text on the accent colour; chosen for contrast by default.
 * @cssprop [--stream-chat-background=light-dark(#fff, #17181c)] - Background.
 * @cssprop [--stream-chat-color=light-dark(#1b1c20, #e7e8ec)] - Text.
 * @cssprop [--stream-chat-muted=color-mix(in srgb, var(--stream-chat-color) 68%, var(--stream-chat-background))] - Secondary text.
 * @cssprop [--stream-chat-border=color-mix(in srgb, var(--stream-chat-color) 14%, var(--stream-chat-background))] - Borders.
 * @cssprop [--stream-chat-user-background=color-mix(in srgb, var(--stream-chat-accent) 11%, var(--stream-chat-background))] - Background of user messages.
 * @cssprop [--stream-chat-code-background=color-mix(in srgb, var(--stream-chat-color) 4%, var(--stream-chat-background))] - Background of code.
 * @cssprop [--stream-chat-code-keyword=light-dark(#a0238b, #e29bf0)] - Keywords in code.
 * @cssprop [--stream-chat-code-string=light-dark(#1a6b3c, #8fd6a0)] - Strings in code, and added lines.
 * @cssprop [--stream-chat-code-comment=light-dark(#646b76, #9aa2ad)] - Comments in code.
 * @cssprop [--stream-chat-code-number=light-dark(#934700, #f0b37e)] - Numbers in code, and options of commands.
 * @cssprop [--stream-chat-code-function=light-dark(#2450b8, #8db4f8)] - Functions and tags in code.
 * @cssprop [--stream-chat-code-attribute=light-dark(#0b6a78, #7fd0dd)] - Attributes, keys and types in code.
 * @cssprop [--stream-chat-code-deleted=light-dark(#b42318, #ff9a8f)] - Deleted lines in code.
 * @cssprop [--stream-chat-error=light-dark(#b42318, #ff9a8f)] - Errors.
 * @cssprop [--stream-chat-radius=12px] - Border radius.
 * @cssprop [--stream-chat-width=46em] - Maximum width of the message column.
 * @cssprop [--stream-chat-density=1] - Spacing factor.
 * @cssprop [--stream-chat-font=ui-sans-serif, system-ui, sans-serif] - Font family.
 * @cssprop [--stream-chat-font-size=medium] - Font size, which all measures follow. `medium` is the preference of the reader, `1rem` the size of the page.
 * @cssprop [--stream-chat-code-font=ui-monospace, monospace] - Font family of code.
 * @cssprop [--stream-chat-math-font='Cambria Math'] - Font family of formulas, before the math fonts of other systems.
 * @cssprop [--stream-chat-line-breaks=normal] - `pre-line` shows each line break of a paragraph in an answer; CommonMark makes a space of it.
 * @cssprop [--stream-chat-launcher-inset=1.25em] - Distance of launcher and panel from the window's edges.
 * @cssprop [--stream-chat-launcher-inline=auto 1.25em] - Their `inset-inline`; `1.25em auto` puts them at the inline start.
 * @cssprop [--stream-chat-launcher-size=3.5em] - Size of the launcher button.
 * @cssprop [--stream-chat-launcher-z-index=1000] - `z-index` of the launcher button. The panel is in the top layer.
 * @cssprop [--stream-chat-panel-inline-size=26em] - Maximum width of the panel.
 * @cssprop [--stream-chat-panel-block-size=40em] - Maximum height of the panel.
 *
 * @cssstate idle - No answer in progress.
 * @cssstate connecting - Waiting for the response.
 * @cssstate streaming - An answer is streaming.
 * @cssstate waiting - Waiting for the next attempt to reconnect.
 * @cssstate offline - Waiting for the network.
 */
export class StreamChat extends ChatProperties {
  /** Version of the package. */
  static readonly version = version;

  /** Registers the element under a tag name, once. If the page has two copies, the first one wins. */
  static define(tag = 'stream-chat'): void {
    register(this, tag);
  }

  /** Registers a wire format. */
  static registerProtocol = registerProtocol;

  /** Registers a text renderer. */
  static registerRenderer = registerRenderer;

  /** Registers a source of answers. */
  static registerSource = registerSource;

  /**
   * Registers a function that renders the code blocks of a language: `registerCodeBlock('mermaid', async (code,
   * element) => …)`.
   */
  static registerCodeBlock = registerCodeBlock;

  /** Registers a language by its BCP 47 tag: `registerLocale('pl', {send: 'Wyślij', …})`. */
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
  /** JSON of the list that `messages` was last set to. */
  #givenMessages: string | undefined;

  /**
   * The conversation, always up to date; only rendering waits for the next animation frame. Setting a list that equals
   * the one set before changes nothing; `clear()` removes all messages.
   */
  get messages(): readonly Message[] {
    return this.#chat.messages;
  }

  set messages(messages: readonly MessageInit[]) {
    // A framework sets a new but equal array on each render, which must not end the conversation that followed it.
    const given = keyOf(messages ?? []);
    if (given !== undefined && given === this.#givenMessages) return;
    this.#givenMessages = given;
    this.#chat.replace(messages ?? []);
    this.requestUpdate();
  }

  /** Tokens used by the conversation, as reported by the server, including replaced answers. */
  get usage(): Usage | undefined {
    return this.#chat.usage;
  }

  /** Current state of the element. */
  get state(): ChatState {
    return this.#chat.status.state;
  }

  /**
   * Sends a message and stops any answer in progress. Resolves to the answer when it ends, even if it failed or was
   * stopped (see its `status`), or to `undefined` if a `send` listener cancelled it.
   */
  send(question: string | MessageInit): Promise<Message | undefined> {
    const init = typeof question === 'string' ? {text: question} : (question ?? {});
    if (isEmptyQuestion(init)) return Promise.reject(new StreamChatError('config', 'There is nothing to send: the question is empty.'));
    this.#scroll.scrollToNewAnswer();
    return this.#chat.send(init);
  }

  /** Stops the answer in progress, keeps its text, and closes the connection. */
  stop(): void {
    this.#chat.stop();
  }

  /** Resumes the last answer if it was interrupted and its server supports that; otherwise regenerates it. */
  retry(): Promise<Message | undefined> {
    this.#scroll.scrollToNewAnswer();
    return this.#chat.retry();
  }

  /**
   * Sends the last question again and replaces its answer. Earlier answers can be shown with buttons below the new
   * one, until the next message is sent or the page is reloaded.
   */
  regenerate(): Promise<Message | undefined> {
    this.#scroll.scrollToNewAnswer();
    return this.#chat.regenerate();
  }

  /** Replaces the user message with this `id`, keeps its files, discards everything after it, and sends it. */
  edit(id: string, text: string, files?: readonly Part[]): Promise<Message | undefined> {
    this.#scroll.scrollToNewAnswer();
    return this.#chat.edit(id, text, files);
  }

  /** Clears the conversation. */
  clear(): void {
    this.#chat.clear();
  }

  /** Focuses the text field. */
  override focus(options?: FocusOptions): void {
    if (!this.#composer.focus(options)) super.focus(options);
  }

  /** @internal Moves focus away from a button that is about to disappear. On phones the text field would open the keyboard. */
  moveFocusOn() {
    if (matchMedia('(pointer: coarse)').matches) this.renderRoot.querySelector<HTMLElement>('.log')!.focus({preventScroll: true});
    else this.focus();
  }

  /** @internal Resolves when the stored conversation is restored; `undefined` if nothing has to wait for it. */
  get restoring(): Promise<void> | undefined {
    return this.#chat.restoring;
  }

  /** @internal Announces a text to screen readers. */
  announceText(text: string): void {
    this.#announcer.announceText(text);
  }

  /** @internal Whether the format has a place for a file. */
  async supportsFile(file: FileInfo): Promise<boolean> {
    await loadAnswering();
    const {takesFile} = await getEncoder(this.protocol);
    return takesFile?.(file) ?? false;
  }

  /** Opens the panel of `mode="launcher"` and moves focus into it. */
  show(): void {
    this.#launcher.takeFocus();
    this.open = true;
  }

  /** Closes the panel. Focus inside returns to the launcher button; an answer in progress continues. */
  hide(): void {
    this.open = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    upgradeProperty<StreamChat, 'messages'>(this, 'messages');
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
    const heading = plainName(this.heading) || (isLauncher ? strings.chat : '');
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
          <button part="jump" class="jump" type="button" ?hidden=${!isAway} @click=${this.#scroll.jump}>
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
    const active = readDocument('activeElement', this.ownerDocument);
    if (this.autofocus && (!active || active === readDocument('body', this.ownerDocument))) this.focus({preventScroll: true});
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
    if (this.#statusLine.renderedState !== this.state || this.#renderedCount !== this.messages.length) this.requestUpdate();
    return hasMore;
  }

  /** @internal Loads the modules that are needed soon after the first paint. */
  async loadDeferred(): Promise<Partial<typeof import('./deferred.js')>> {
    const consequence = 'the chat looks bare, without arrow keys and buttons for messages, and announces nothing to screen readers';
    return this.loadModule(import('./deferred.js'), 'deferred', consequence);
  }

  /** @internal Shows a sentence below the transcript, and announces it when it is new; `undefined` removes it. */
  showNotice(name: Notice | undefined, percent?: number): void {
    if (this.#statusLine.setNotice(name, percent)) this.announceText(this.#statusLine.readNotice(this.#strings));
    this.requestUpdate();
  }

  #readLightDom = () => {
    if (this.messages.length > 0) return;
    const messages = readInitialMessages(this);
    if (messages.length > 0) this.#chat.greet(messages);
  };
}

/** The events of the element, for `addEventListener`. */
export interface StreamChat {
  addEventListener<K extends keyof StreamChatEventMap>(type: K, listener: (this: StreamChat, event: StreamChatEventMap[K]) => unknown, options?: boolean | AddEventListenerOptions): void;
  addEventListener<K extends keyof HTMLElementEventMap>(type: K, listener: (this: StreamChat, event: HTMLElementEventMap[K]) => unknown, options?: boolean | AddEventListenerOptions): void;
  addEventListener(type: string, listener: EventListenerOrEventListenerObject, options?: boolean | AddEventListenerOptions): void;
  removeEventListener<K extends keyof StreamChatEventMap>(type: K, listener: (this: StreamChat, event: StreamChatEventMap[K]) => unknown, options?: boolean | EventListenerOptions): void;
  removeEventListener(type: string, listener: EventListenerOrEventListenerObject, options?: boolean | EventListenerOptions): void;
}

declare global {
  interface HTMLElementTagNameMap {
    'stream-chat': StreamChat;
  }
}
