import {html, LitElement, nothing, type ComplexAttributeConverter, type PropertyDeclarations, type PropertyValues, type TemplateResult} from 'lit';

import type {Announcement, Announcer} from './announcer.js';
import {ChatController, type BodySource, type HeadersSource} from './chat-controller.js';
import {Composer} from './composer.js';
import type {Message, MessageInit, Role, Usage} from './conversation.js';
import {StreamChatError} from './errors.js';
import {AnswerErrorEvent, LinkEvent, type ChatState, type StreamChatEventMap} from './events.js';
import {en, type Strings} from './locales/en.js';
import {registerProtocol} from './protocol.js';
import {getRenderer, registerRenderer, type CreateRenderer, type ImagePolicy, type LinkPolicy} from './renderer.js';
import {plain} from './renderers/plain.js';
import {ScrollFollower} from './scroll-follower.js';
import {styles} from './stream-chat.styles.js';
import type {Persistence} from './storage.js';
import type {Tool} from './tools.js';
import {Transcript, type TranscriptLook} from './transcript.js';

/** Some frameworks write a false boolean as an attribute: `open="false"`. */
const boolean: ComplexAttributeConverter<boolean> = {
  fromAttribute: (value) => value !== null && !['false', '0', 'off', 'no'].includes(value.trim().toLowerCase()),
  toAttribute: (value) => (value ? '' : null),
};

/** Gives each property the attribute of its name in kebab-case, where it has one at all. */
function named(properties: PropertyDeclarations): PropertyDeclarations {
  return Object.fromEntries(
    Object.entries(properties).map(([name, declaration]) => {
      const attribute = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
      return [name, {attribute, ...declaration}];
    }),
  );
}

/** After this much silence the person is told that the answer is still awaited, in milliseconds. */
const silence = 10_000;

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
 *
 * @slot - `<stream-chat-message role="assistant">` elements: the first messages.
 * @slot header - Above the conversation, in place of the heading.
 * @slot empty - Shown until the first question.
 * @slot composer-start - Before the text field.
 * @slot composer-end - Between the text field and the button.
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
 * @csspart status - The line that tells of waiting, reconnecting and being offline.
 * @csspart composer - The form.
 * @csspart input - The text field.
 * @csspart send - The button that sends, and stops while an answer streams.
 *
 * @cssprop [--stream-chat-accent=#3b5bdb] - Colour of the button, the links and the focus.
 * @cssprop [--stream-chat-accent-text=#fff] - Text on the accent colour.
 * @cssprop [--stream-chat-background=light-dark(#fff, #16181d)] - The surface.
 * @cssprop [--stream-chat-color=light-dark(#1c1e21, #e6e8eb)] - Text.
 * @cssprop [--stream-chat-muted=light-dark(#5c6370, #a2a9b4)] - Text of lesser weight.
 * @cssprop [--stream-chat-border=light-dark(#dfe2e7, #31353d)] - Lines.
 * @cssprop [--stream-chat-user-background=light-dark(#eef1f6, #262a32)] - The person's messages.
 * @cssprop [--stream-chat-code-background=light-dark(#f5f6f8, #0f1115)] - Code.
 * @cssprop [--stream-chat-code-keyword=light-dark(#a0238b, #e29bf0)] - Keywords in code.
 * @cssprop [--stream-chat-code-string=light-dark(#1a6b3c, #8fd6a0)] - Strings in code, and added lines.
 * @cssprop [--stream-chat-code-comment=light-dark(#646b76, #9aa2ad)] - Comments in code.
 * @cssprop [--stream-chat-code-number=light-dark(#934700, #f0b37e)] - Numbers in code, and options of commands.
 * @cssprop [--stream-chat-code-function=light-dark(#2450b8, #8db4f8)] - Functions and tags in code.
 * @cssprop [--stream-chat-code-attribute=light-dark(#0b6a78, #7fd0dd)] - Attributes, keys and types in code.
 * @cssprop [--stream-chat-code-deleted=light-dark(#b42318, #ff9a8f)] - Deleted lines in code.
 * @cssprop [--stream-chat-error=light-dark(#b42318, #ff9a8f)] - Errors.
 * @cssprop [--stream-chat-radius=12px] - Rounding of boxes.
 * @cssprop [--stream-chat-font=inherit] - Font family.
 * @cssprop [--stream-chat-code-font=ui-monospace, monospace] - Font family of code.
 *
 * @cssstate idle - No answer is on its way.
 * @cssstate connecting - A request was sent.
 * @cssstate streaming - An answer arrives.
 * @cssstate waiting - The next attempt is awaited.
 * @cssstate offline - The network is awaited.
 */
export class StreamChat extends LitElement {
  /** Registers the element under a tag name, once. */
  static define(tag = 'stream-chat'): void {
    // A class can be registered once: under another name it is a class of its own.
    if (!customElements.get(tag)) customElements.define(tag, tag === 'stream-chat' ? this : class extends this {});
  }

  /** Makes a wire format known. */
  static registerProtocol = registerProtocol;

  /** Makes a way to draw text known. */
  static registerRenderer = registerRenderer;

  static override styles = styles;

  static override properties = named({
    endpoint: {},
    protocol: {},
    method: {},
    promptParam: {},
    model: {},
    system: {},
    temperature: {type: Number},
    topP: {type: Number},
    maxTokens: {type: Number},
    credentials: {},
    connectTimeout: {type: Number},
    idleTimeout: {type: Number},
    retries: {type: Number},
    resume: {},
    stopEndpoint: {},
    persist: {},
    historyLimit: {type: Number},
    maxChars: {type: Number},
    maxRounds: {type: Number},
    budget: {type: Number},
    details: {converter: boolean},
    renderer: {},
    images: {},
    links: {},
    announce: {},
    pace: {},
    scrollMode: {attribute: 'scroll-to'},
    theme: {},
    heading: {},
    placeholder: {},
    disabled: {converter: boolean},
    composer: {},
    enterKey: {},
    maxLength: {type: Number},
    actions: {},
    suggestions: {attribute: false},
    headers: {attribute: false},
    body: {attribute: false},
    tools: {attribute: false},
    responseFormat: {attribute: false},
    strings: {attribute: false},
  });

  /** URL to stream from, relative to the page. */
  endpoint = '';

  /** Wire format by name, or `auto`: by the headers and the first bytes of the response. */
  protocol = 'auto';

  /** `POST` sends a JSON body, `GET` the question as a query parameter. */
  method = 'POST';

  /** Name of the query parameter of `GET`, and of the body's key for protocol `prompt`. */
  promptParam = 'prompt';

  /** Name of the model, sent where the format has a place for it. */
  model: string | undefined;

  /** Instructions for the model, sent where the format has a place for them. */
  system: string | undefined;

  /** Sampling temperature. */
  temperature: number | undefined;

  /** Nucleus sampling. */
  topP: number | undefined;

  /** Most tokens of an answer. */
  maxTokens: number | undefined;

  /** As in `fetch`. */
  credentials: RequestCredentials = 'same-origin';

  /** Seconds until the headers of a response. */
  connectTimeout = 30;

  /** Seconds without a byte until the connection counts as lost. */
  idleTimeout = 60;

  /** Attempts without progress. */
  retries = 6;

  /** `auto`, `none`, or a URL template of the endpoint that resumes, with `{id}` and `{lastEventId}`. */
  resume = 'auto';

  /** URL that is told `{id, length}` when the person stops an answer that lives on the server. */
  stopEndpoint = '';

  /** Where the conversation, and the position in an unfinished answer, survive a reload: `none`, `session`, `local`. */
  persist: Persistence = 'none';

  /** How many of the last messages are sent. All, unless given. */
  historyLimit: number | undefined;

  /** Characters at which an answer is stopped. */
  maxChars: number | undefined;

  /** How often the results of tools are sent back in one answer. */
  maxRounds = 8;

  /** Tokens of the conversation after which the next question is refused. */
  budget: number | undefined;

  /** Shows tokens and speed under an answer, as far as the server tells them. */
  details = false;

  /** `markdown`, `plain`, or a renderer that the page registered. */
  renderer = 'markdown';

  /** `none`, `click`, or the URL prefixes of images that may be loaded, separated by spaces. */
  images = 'click';

  /** What following a link does: `open`, `confirm` a foreign host first, or show it as `text`. */
  links: LinkPolicy = 'open';

  /** What a screen reader hears: `sentences` as they are written, whole `turns`, `status` only, or `off`. */
  announce: Announcement = 'sentences';

  /** `frame` draws all that arrived with the next frame; `smooth` at the measured rate of arrival. */
  pace: 'frame' | 'smooth' = 'frame';

  /** What is kept in view while an answer is written: its `end`, or the `answer-start`. */
  scrollMode: 'end' | 'answer-start' = 'end';

  /** `auto`, `light` or `dark`. */
  theme: 'auto' | 'light' | 'dark' = 'auto';

  /** Heading above the conversation. */
  heading = '';

  /** Hint in the empty text field. */
  placeholder = '';

  /** Takes no questions. */
  disabled = false;

  /** `off`: without the text field. */
  composer: 'on' | 'off' = 'on';

  /** What Enter does in the text field: `send`, or a `newline`; Ctrl+Enter and ⌘+Enter always send. */
  enterKey: 'send' | 'newline' = 'send';

  /** Most characters of a question. */
  maxLength: number | undefined;

  /** Buttons under a message: `copy`, `regenerate`, `edit`, `feedback`, `speak`, `time`, separated by spaces; or `none`. */
  actions = 'copy regenerate edit';

  /** Questions that are offered before the first one is asked. */
  suggestions: readonly string[] = [];

  /** Headers for every request, or a function that is asked before each attempt. */
  headers: HeadersSource | undefined;

  /** Fields added to the body, or a function of the body. */
  body: BodySource | undefined;

  /** Tools that the model may call: what it is told of them, and what runs in the page. */
  tools: readonly Tool[] = [];

  /** JSON Schema that answers must follow. */
  responseFormat: object | undefined;

  /** Sentences and labels that replace the built-in ones. */
  strings: Partial<Strings> = {};

  #controller = new ChatController(this, () => this.#draw());
  #composer = new Composer(this);
  #internals = this.attachInternals();
  #transcript: Transcript | undefined;
  #follower: ScrollFollower | undefined;
  #announcer: Announcer | undefined;
  #look: TranscriptLook | undefined;
  #createRenderer: CreateRenderer = plain;
  #rendererLoading: Promise<void> | undefined;
  #ticker: ReturnType<typeof setInterval> | undefined;
  #drawnState: ChatState | undefined;
  #configErrors = new Set<string>();

  /** The conversation. Always current; only the drawing of it waits for a frame. */
  get messages(): readonly Message[] {
    return this.#controller.messages;
  }

  set messages(messages: readonly MessageInit[]) {
    this.#controller.replace(messages);
    this.requestUpdate();
  }

  /** Tokens that the conversation has used, as far as they were told; those of answers asked for again included. */
  get usage(): Usage | undefined {
    return this.#controller.usage;
  }

  /** What the element is doing. */
  get state(): ChatState {
    return this.#controller.status.state;
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
    this.#follower?.jump();
    return this.#controller.send(init);
  }

  /** Stops the answer in progress, keeps what has come of it, and closes the connection. */
  stop(): void {
    this.#controller.stop();
  }

  /**
   * Goes on with the last answer where it was lost, if its server can; else asks the last question again, in place of
   * its answer.
   */
  retry(): Promise<Message | undefined> {
    return this.#controller.retry();
  }

  /** Asks the last question again, in place of its answer. */
  regenerate(): Promise<Message | undefined> {
    return this.#controller.again();
  }

  /** Asks in place of the question with this id; what came after it is dropped. */
  edit(id: string, text: string): Promise<Message | undefined> {
    return this.#controller.edit(id, text);
  }

  /** Forgets the conversation. */
  clear(): void {
    this.#controller.clear();
  }

  override focus(options?: FocusOptions): void {
    if (!this.#composer.focus(options)) super.focus(options);
  }

  /** @internal What the controller sends with. */
  get endpointSettings() {
    return {endpoint: this.endpoint, method: this.method, baseUrl: this.ownerDocument.baseURI};
  }

  /** @internal What the controller sends. */
  get requestSettings() {
    const {model, system, temperature, topP, maxTokens, promptParam, tools, responseFormat} = this;
    return {model, system, temperature, topP, maxTokens, promptParam, tools, responseFormat};
  }

  /** @internal How patient the controller is. */
  get limits() {
    const {connectTimeout, idleTimeout, retries} = this;
    return {connectTimeout, idleTimeout, retries};
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.messages.length === 0) this.#readLightDom();
    if (this.hasUpdated) this.#observe();
    if (this.announce !== 'off') void this.#listen();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#follower?.disconnect();
    this.#follower = undefined;
    this.#announcer?.disconnect();
    this.#announcer = undefined;
    clearInterval(this.#ticker);
    this.#ticker = undefined;
  }

  /** Lets `moveBefore` move the element without taking it out and putting it back. */
  connectedMoveCallback(): void {
    this.#follower?.follow();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!this.#look || changed.has('renderer')) this.#chooseRenderer();
    const drawing = ['renderer', 'images', 'links', 'strings', 'details'] as const;
    this.#controller.restore();
    if (!this.#look || drawing.some((name) => changed.has(name))) this.#look = this.#createLook();
  }

  /** Complete when what the element needs to draw is loaded, too. */
  protected override async getUpdateComplete(): Promise<boolean> {
    const complete = await super.getUpdateComplete();
    const drawing = this.#transcript?.loading;
    if (!this.#rendererLoading && !drawing) return complete;
    await Promise.all([this.#rendererLoading ?? complete, drawing ?? complete]);
    return super.getUpdateComplete();
  }

  protected override render(): TemplateResult {
    const strings = this.#strings;
    const {state} = this;
    const busy = this.#controller.busy;
    const isEmpty = this.messages.length === 0;
    return html`
      <section part="base" class="base ${this.theme}" aria-label=${this.heading || strings.chat}>
        <header part="header" class="header ${this.heading ? '' : 'bare'}">
          <slot name="header">${this.heading ? html`<h2 part="heading" class="heading">${this.heading}</h2>` : nothing}</slot>
        </header>
        <div part="log" class="log" role="log" aria-live="off" aria-label=${strings.conversation} tabindex="0">
          <div class="content">
            <div part="empty" class="empty" ?hidden=${!isEmpty}><slot name="empty">${strings.empty}</slot></div>
            <div class="messages"></div>
          </div>
        </div>
        <div class="between">
          <button part="jump" class="jump" type="button" ?hidden=${this.#follower?.following ?? true} @click=${this.#handleJump}>
            ${strings.jump}
          </button>
          <div part="status" class="status ${state}">${this.#statusText(state)}</div>
        </div>
        ${this.composer === 'off' ? nothing : this.#composer.render(strings, busy)}
        <footer class="footer"><slot name="footer"></slot></footer>
        <slot hidden @slotchange=${this.#readLightDom}></slot>
      </section>
    `;
  }

  protected override firstUpdated(): void {
    const box = this.renderRoot.querySelector<HTMLElement>('.messages')!;
    this.#transcript = new Transcript(box);
    box.addEventListener('click', (event) => this.#handleClick(event));
    this.#observe();
  }

  protected override updated(): void {
    this.#showState();
    this.#controller.draw();
  }

  get #strings(): Strings {
    return {...en, ...this.strings};
  }

  /** Takes the renderer that the attribute names; plain text is drawn until it is there. */
  #chooseRenderer() {
    const {renderer} = this;
    this.#createRenderer = plain;
    this.#rendererLoading = undefined;
    const fail = (error: unknown) => this.#reportConfig(StreamChatError.from(error, 'config'));
    try {
      const found = getRenderer(renderer);
      if (typeof found === 'function') this.#createRenderer = found;
      else {
        this.#rendererLoading = found.then((createRenderer) => {
          if (renderer !== this.renderer) return;
          this.#createRenderer = createRenderer;
          this.#look = this.#createLook();
          this.requestUpdate();
        }, fail);
      }
    } catch (error) {
      fail(error);
    }
  }

  #createLook(): TranscriptLook {
    const strings = this.#strings;
    const images: ImagePolicy = this.images === 'none' || this.images === 'click' ? this.images : this.images.trim().split(/\s+/);
    return {
      strings,
      createRenderer: this.#createRenderer,
      plain,
      context: {images, links: this.links, baseUrl: this.ownerDocument.baseURI, strings},
      details: this.details,
      onDecide: (key, isAllowed) => this.#controller.decide(key, isAllowed),
      onLoad: () => this.requestUpdate(),
      onRetry: () => {
        this.focus();
        void this.retry();
      },
      onContinue: () => {
        this.focus();
        void this.send(strings.continuePrompt);
      },
    };
  }

  /** Tells of a mistake in the page once, when whoever listens has had time to. */
  #reportConfig(error: StreamChatError) {
    if (this.#configErrors.has(error.message)) return;
    this.#configErrors.add(error.message);
    console.error(error);
    setTimeout(() => this.dispatchEvent(new AnswerErrorEvent({error, message: undefined})));
  }

  /** Returns whether something is left to draw. */
  #draw(): boolean {
    if (!this.#transcript || !this.#look) return false;
    const isLeft = this.#transcript.draw(this.messages, this.#look);
    this.#follower?.follow();
    if (this.#drawnState !== this.state) this.requestUpdate();
    return isLeft;
  }

  /** Says the state where a style sheet can see it, and keeps the clock of the status line going. */
  #showState() {
    const {state} = this;
    if (this.#drawnState === state) return;
    this.#drawnState = state;
    this.#internals.states.clear();
    this.#internals.states.add(state);
    clearInterval(this.#ticker);
    this.#ticker = state === 'idle' ? undefined : setInterval(() => this.requestUpdate(), 1000);
  }

  #statusText(state: ChatState): string {
    const strings = this.#strings;
    const {status, heardAt} = this.#controller;
    const {retryAt} = status;
    const now = performance.now();
    if (state === 'idle') return '';
    if (state === 'offline') return strings.offline;
    if (state === 'waiting') {
      const seconds = Math.ceil(((retryAt ?? now) - now) / 1000);
      return seconds > 0 ? strings.reconnectingIn(seconds) : strings.reconnecting;
    }
    const silentFor = now - heardAt;
    return silentFor >= silence ? strings.stillWaiting(Math.floor(silentFor / 1000)) : '';
  }

  /** Lets screen readers hear of the answers. */
  async #listen() {
    try {
      const {Announcer} = await import('./announcer.js');
      if (this.isConnected) this.#announcer ??= new Announcer(this, this.#strings);
    } catch (cause) {
      this.#reportConfig(
        new StreamChatError('config', 'The file "announcer.js" could not be loaded: screen readers hear nothing.', {cause}),
      );
    }
  }

  #observe() {
    const box = this.renderRoot.querySelector<HTMLElement>('.log');
    const content = this.renderRoot.querySelector('.content');
    if (box && content) this.#follower ??= new ScrollFollower(box, content, () => this.requestUpdate());
  }

  #readLightDom = () => {
    if (this.messages.length > 0) return;
    const children = [...this.children].filter(({localName}) => localName === 'stream-chat-message');
    if (children.length === 0) return;
    this.messages = children.map((child) => ({
      role: (child.getAttribute('role') ?? 'assistant') as Role,
      text: child.textContent.trim(),
    }));
  };

  #handleJump() {
    this.#follower?.jump();
  }

  #handleClick(event: Event) {
    const target = event.composedPath().find((node) => node instanceof HTMLAnchorElement);
    if (!target) return;
    const goesOn = this.dispatchEvent(new LinkEvent(target.href));
    const asks = this.links === 'confirm' && target.host !== location.host;
    if (!goesOn || (asks && !confirm(this.#strings.followLink(target.href)))) event.preventDefault();
  }
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
