import {html, LitElement, nothing, type ComplexAttributeConverter, type PropertyDeclarations, type PropertyValues, type TemplateResult} from 'lit';

import type {Announcement, Announcer} from './speech/announcer.js';
import {ChatController} from './chat/chat-controller.js';
import type {BodySource, HeadersSource} from './chat/chat-host.js';
import {Composer} from './composer/composer.js';
import type {Message, MessageInit, Part, Role, Usage} from './model/conversation.js';
import {StreamChatError} from './model/errors.js';
import {AnswerErrorEvent, CloseEvent, CopyTextEvent, FeedbackEvent, LinkEvent, OpenEvent, type ChatState, type StreamChatEventMap} from './chat/events.js';
import type {Strings} from './locales/en.js';
import {Localizer, registerLocale} from './locales/localize.js';
import type {Launcher} from './launcher/launcher.js';
import {getEncoder, registerProtocol, type FileInfo} from './protocols/protocol.js';
import {register} from './lib/registration.js';
import {codeBlocks, getRenderer, registerCodeBlock, registerRenderer, type CreateRenderer, type ImagePolicy, type LinkPolicy} from './renderers/renderer.js';
import {plain} from './renderers/plain.js';
import {ScrollFollower} from './transcript/scroll-follower.js';
import {styles} from './stream-chat.styles.js';
import type {Persistence} from './chat/storage.js';
import type {Tool} from './chat/run-tools.js';
import {Transcript, type TranscriptOptions} from './transcript/transcript.js';
import {version} from './version.js';

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

/** Whether two objects hold other values: frameworks make a new object each time they render. */
function differ(now: object | undefined, before: object | undefined): boolean {
  const values = new Map(Object.entries({...before}));
  const entries = Object.entries({...now});
  return entries.length !== values.size || entries.some(([name, value]) => values.get(name) !== value);
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
 * @fires {OpenEvent} open - The panel of the launcher opened.
 * @fires {CloseEvent} close - The panel of the launcher closed.
 * @fires {CopyTextEvent} copy-text - A message or a block of code was copied with its button.
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
export class StreamChat extends LitElement {
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
    // Not where it is the default: a framework that renders on a server takes a new attribute for a mistake.
    mode: {reflect: true, converter: {toAttribute: (mode) => (mode === 'launcher' ? mode : null)}},
    open: {converter: boolean, reflect: true},
    theme: {},
    heading: {},
    placeholder: {},
    disabled: {converter: boolean},
    composer: {},
    enterKey: {},
    maxLength: {type: Number},
    actions: {},
    suggestions: {attribute: false},
    attach: {},
    maxFiles: {type: Number},
    maxFileSize: {type: Number},
    voice: {},
    autofocus: {converter: boolean},
    headers: {attribute: false},
    body: {attribute: false},
    tools: {attribute: false},
    responseFormat: {attribute: false},
    strings: {attribute: false, hasChanged: differ},
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

  /** `inline`: a box in the page; `launcher`: a button in the corner of the window, which opens a panel. */
  mode: 'inline' | 'launcher' = 'inline';

  /** Whether the panel of `mode="launcher"` is open. Set it to open the panel and leave the focus where it is. */
  open = false;

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

  /**
   * Files that a question may carry, as the `accept` of a file input has it: `image/* .md application/pdf`, empty for
   * all. Absent: none. Text goes to any format, other files to those that have a place for them.
   */
  attach: string | undefined;

  /** Most files of a question. */
  maxFiles = 5;

  /** Most megabytes of a file. */
  maxFileSize = 10;

  /** `dictate`: a button lets the person speak the question, where the browser can. Its maker may hear it. */
  voice: 'off' | 'dictate' = 'off';

  /** Focuses the text field once it is there, unless the person is elsewhere already. */
  override autofocus = false;

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

  #controller = new ChatController(this, {
    draw: (inFrame) => this.#draw(inFrame),
    beforePaint: () => this.#show(),
  });
  #composer = new Composer(this);
  #localizer = new Localizer(this);
  #internals = this.attachInternals();
  #transcript: Transcript | undefined;
  #follower: ScrollFollower | undefined;
  #seen = Infinity;
  #before: Element | undefined;
  #launcher: Launcher | undefined;
  #launching: Promise<void> | undefined;
  #announcer: Announcer | undefined;
  #look: TranscriptOptions | undefined;
  #createRenderer: CreateRenderer = plain;
  #rendererLoading: Promise<void> | undefined;
  #dressing: Promise<void> | undefined;
  #ticker: ReturnType<typeof setInterval> | undefined;
  #drawnState: ChatState | undefined;
  #drawnCount = 0;
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
    this.#showAnswer();
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
    this.#showAnswer();
    return this.#controller.retry();
  }

  /**
   * Asks the last question again, in place of its answer. The buttons under the new one lead back to it until the next
   * question is asked, and as long as the page is there: it is not kept over a reload.
   */
  regenerate(): Promise<Message | undefined> {
    this.#showAnswer();
    return this.#controller.again();
  }

  /** Asks in place of the question with this id, whose files stay; what came after it is dropped. */
  edit(id: string, text: string, files?: readonly Part[]): Promise<Message | undefined> {
    this.#showAnswer();
    return this.#controller.edit(id, text, files);
  }

  /** Forgets the conversation. */
  clear(): void {
    this.#controller.clear();
  }

  /** Moves the focus into the text field. */
  override focus(options?: FocusOptions): void {
    if (!this.#composer.focus(options)) super.focus(options);
  }

  /** @internal Moves the focus on, as the button that has it goes. A phone would show its keyboard for the text field. */
  focusNext() {
    if (matchMedia('(pointer: coarse)').matches) this.renderRoot.querySelector<HTMLElement>('.log')!.focus({preventScroll: true});
    else this.focus();
  }

  /** @internal Lets a screen reader say something that happened in the composer. */
  tell(text: string): void {
    if (this.announce !== 'off') this.#announcer?.say(text);
  }

  /** @internal Whether the format has a place for a file. */
  async takesFile(file: FileInfo): Promise<boolean> {
    const {takesFile} = await getEncoder(this.protocol);
    return takesFile?.(file) ?? false;
  }

  /** Opens the panel of `mode="launcher"`, and moves the focus into it. */
  show(): void {
    this.#launcher?.takeFocus();
    this.open = true;
  }

  /** Closes that panel. A focus inside goes back to the button; an answer in progress goes on. */
  hide(): void {
    this.open = false;
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
    if (this.hasUpdated) {
      this.#observe();
      this.requestUpdate('announce');
    }
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#follower?.disconnect();
    this.#follower = undefined;
    this.#dropLauncher();
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
    this.#localizer.follow();
    const drawing = ['renderer', 'images', 'links', 'details', 'actions'] as const;
    this.#controller.restore();
    if (this.#look?.strings !== this.#strings || drawing.some((name) => changed.has(name))) this.#look = this.#createLook();
  }

  /** Complete when what the element needs to draw is loaded, too. */
  protected override async getUpdateComplete(): Promise<boolean> {
    const complete = await super.getUpdateComplete();
    const loading: readonly unknown[] = [this.#rendererLoading, this.#transcript?.loading, this.#localizer.loading, this.#dressing, this.#launching].filter(Boolean);
    if (loading.length === 0) return complete;
    await Promise.all(loading);
    return super.getUpdateComplete();
  }

  protected override render(): TemplateResult {
    const strings = this.#strings;
    const {state} = this;
    const busy = this.#controller.busy;
    const isEmpty = this.messages.length === 0;
    const isLauncher = this.mode === 'launcher';
    const heading = this.heading || (isLauncher ? strings.chat : '');
    const news = this.messages.length - this.#seen;
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
          <button part="jump" class="jump" type="button" ?hidden=${!this.#follower?.isAway} @click=${this.#handleJump}>
            ${news > 0 ? strings.jumpTo(news) : strings.jump}
          </button>
          <div part="status ${state}" class="status ${state}">${this.#statusText(state)}</div>
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
    this.#dressing = this.#dress();
    for (const type of ['click', 'auxclick']) box.addEventListener(type, (event) => this.#handleClick(event));
    this.#base.addEventListener('focusin', () => void this.#loadKeys(), {once: true});
    this.#observe();
    const {activeElement, body} = this.ownerDocument;
    if (this.autofocus && (!activeElement || activeElement === body)) this.focus({preventScroll: true});
  }

  protected override updated(changed: PropertyValues<this>): void {
    this.#drawnCount = this.messages.length;
    if (changed.has('pace')) void this.#setPace();
    if (changed.has('announce') && this.announce !== 'off') void this.#listen();
    this.#showState();
    this.#controller.draw();
    if (this.mode !== 'launcher') return this.#dropLauncher();
    const wasToggled = changed.has('open') && (this.open || changed.get('open'));
    this.#launching = this.#launch(wasToggled);
  }

  get #base() {
    return this.renderRoot.querySelector<HTMLElement>('.base')!;
  }

  get #strings(): Strings {
    return this.#localizer.read(this.strings);
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

  #adopt(styles: CSSStyleSheet | undefined) {
    const {adoptedStyleSheets} = this.shadowRoot ?? {};
    if (styles && !adoptedStyleSheets?.includes(styles)) adoptedStyleSheets?.push(styles);
  }

  /** Loads the style of what is seen after the first paint. */
  async #dress() {
    const {deferredStyles} = await this.load(import('./transcript/deferred.styles.js'), 'deferred.styles', 'the chat looks bare');
    this.#adopt(deferredStyles?.());
  }

  #createLook(): TranscriptOptions {
    const strings = this.#strings;
    this.#adopt(this.#createRenderer.styles);
    const names: readonly string[] = this.actions?.match(/[a-z]+/g) ?? [];
    const onCopy = (text: string) => this.dispatchEvent(new CopyTextEvent(text));
    const images: ImagePolicy = this.images === 'none' || this.images === 'click' ? this.images : this.images.trim().split(/\s+/);
    return {
      strings,
      createRenderer: this.#createRenderer,
      plain,
      context: {images, links: this.links, baseUrl: this.ownerDocument.baseURI, strings, onCopy, codeBlocks},
      details: this.details,
      actions: names.length === 0 || names.includes('none') ? undefined : {
        names,
        strings,
        host: this,
        onCopy,
        onShow: (answer) => this.#controller.showAnswer(answer),
        onFeedback: (message, value) => this.dispatchEvent(new FeedbackEvent(message, value)),
      },
      onDecide: (key, isAllowed) => this.#controller.decide(key, isAllowed),
      onLoad: () => this.requestUpdate(),
      onRetry: () => {
        this.focusNext();
        void this.retry();
      },
      onContinue: () => {
        this.focusNext();
        void this.send(strings.continuePrompt);
      },
    };
  }

  /** @internal Waits for a part. Where its file is not there the page is told what it has to do without. */
  async load<T>(part: Promise<T>, name: string, lack: string): Promise<Partial<T>> {
    return part.catch((cause: unknown) => {
      this.#reportConfig(new StreamChatError('config', `The file "${name}.js" could not be loaded: ${lack}.`, {cause}));
      return {};
    });
  }

  /** Tells of a mistake in the page once, when whoever listens has had time to. */
  #reportConfig(error: StreamChatError) {
    if (this.#configErrors.has(error.message)) return;
    this.#configErrors.add(error.message);
    console.error(error);
    setTimeout(() => this.dispatchEvent(new AnswerErrorEvent({error, message: undefined})));
  }

  /** Returns whether something is left to draw. */
  #draw(inFrame: boolean): boolean {
    if (!this.#transcript || !this.#look) return false;
    this.#follower?.beforeContentChange();
    const isLeft = this.#transcript.draw(this.messages, this.#controller.settled, this.#look, inFrame);
    // Here, as the next frame may come before another task.
    if (isLeft && !inFrame) this.#transcript.forceLayout();
    if (this.#before) this.#holdQuestion(this.#before);
    // Of the messages the rest shows whether there are any.
    if (this.#drawnState !== this.state || this.#drawnCount !== this.messages.length) this.requestUpdate();
    return isLeft;
  }

  /** Keeps in view what is to be. */
  #show() {
    this.#follower?.follow();
  }

  /** Says the state where a style sheet can see it, and keeps the clock of the status line going. */
  #showState() {
    const {state} = this;
    if (this.#drawnState === state) return;
    this.#drawnState = state;
    try {
      this.#internals.states.clear();
      this.#internals.states.add(state);
    } catch {
      // Browsers of 2023 have no states, or want dashes in their names: there style sheets do not see it.
    }
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

  /** Lets texts grow as the attribute says. */
  async #setPace() {
    const {Pace} = this.pace === 'smooth' ? await this.load(import('./transcript/pace.js'), 'pace', 'text is shown as it comes') : {};
    this.#transcript!.pace = Pace;
  }

  /** Lets screen readers hear of the answers. */
  async #listen() {
    const {Announcer} = await this.load(import('./speech/announcer.js'), 'announcer', 'screen readers hear nothing');
    if (Announcer && this.isConnected) this.#announcer ??= new Announcer(this, () => this.#strings);
  }

  /** Makes the launcher say what the element says. */
  async #launch(wasToggled: unknown) {
    if (!this.#launcher) {
      const {Launcher} = await this.load(import('./launcher/launcher.js'), 'launcher', 'the chat is shown in the page');
      if (!Launcher) this.mode = 'inline';
      if (!Launcher || this.mode !== 'launcher' || !this.isConnected) return;
      this.#launcher ??= new Launcher(this, this.#base);
    }
    this.#launcher.update(this.#strings, this.theme);
    if (wasToggled) this.dispatchEvent(this.open ? new OpenEvent() : new CloseEvent());
  }

  async #loadKeys() {
    const {RovingFocus} = await this.load(import('./transcript/roving-focus.js'), 'roving-focus', 'arrow keys do not move among messages');
    if (RovingFocus) new RovingFocus(this.#base, {focus: () => this.focus(), scrollToEnd: () => this.#follower?.scrollToEnd(), hint: () => this.#strings.transcriptKeys});
  }

  #dropLauncher() {
    this.#launcher?.remove();
    this.#launcher = this.#launching = undefined;
  }

  #observe() {
    const box = this.renderRoot.querySelector<HTMLElement>('.log');
    const content = this.renderRoot.querySelector<HTMLElement>('.content');
    if (box && content) this.#follower ??= new ScrollFollower(box, content, this.#handleScroll);
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

  /** What is asked for will be in view: the end, or the question as soon as it is drawn. */
  #showAnswer() {
    if (this.scrollMode === 'end') this.#follower?.scrollToEnd();
    else this.#before = this.#lastQuestion ?? this;
  }

  get #lastQuestion() {
    return [...this.renderRoot.querySelectorAll<HTMLElement>('.message.user')].at(-1);
  }

  #holdQuestion(before: Element) {
    const question = this.#lastQuestion;
    if (!question || question === before) return;
    this.#before = undefined;
    this.#seen = this.messages.length;
    this.#follower?.pin(question);
  }

  #handleScroll = () => {
    if (this.#follower?.following) this.#seen = Infinity;
    else if (this.#seen === Infinity) this.#seen = this.messages.length;
    this.requestUpdate();
  };

  #handleJump() {
    this.#follower?.scrollToEnd();
  }

  #handleClick(event: Event) {
    const target = event.composedPath().find((node) => node instanceof HTMLAnchorElement);
    // The button of an image in a link follows nothing, nor does the one that opens a menu.
    if (!target || event.defaultPrevented || (event as MouseEvent).button > 1) return;
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
