// Over 300 lines because the declaration, the default and the documentation of each property belong together.
import {LitElement, type PropertyDeclaration} from 'lit';

import type {BodySource, HeadersSource} from './chat/chat-host.js';
import {AnswerErrorEvent} from './chat/events.js';
import type {Persistence} from './chat/storage.js';
import type {EnterKey} from './lib/enter-key.js';
import {boolean, number, object, objects, oneOf, someOf, source, text, textOrFunction, texts, type PropertyType} from './lib/property-types.js';
import type {Strings} from './locales/en.js';
import {StreamChatError} from './model/errors.js';
import type {LinkPolicy} from './renderers/renderer.js';
import type {Source} from './sources/source.js';
import type {Announcement} from './speech/announcer.js';
import type {Tool} from './chat/run-tools.js';

/** How a property is declared: as in Lit, and the values that it allows. */
interface Declaration extends PropertyDeclaration {
  readonly accepts: PropertyType;
}

/** Adds to each declaration the attribute name: that of the property in kebab-case, unless it has its own or none. */
function withAttributeNames(properties: Readonly<Record<string, Declaration>>): Record<string, Declaration> {
  return Object.fromEntries(
    Object.entries(properties).map(([name, declaration]) => {
      const attribute = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
      return [name, {attribute, ...declaration}];
    }),
  );
}

/** Whether two objects differ in a value. Frameworks create a new object on each render. */
function hasShallowChanged(now: object | undefined, before: object | undefined): boolean {
  const values = new Map(Object.entries({...before}));
  const entries = Object.entries({...now});
  return entries.length !== values.size || entries.some(([name, value]) => values.get(name) !== value);
}

/**
 * Attributes and properties of `<stream-chat>`. Declares each of them once; the manifest, the tables of the
 * documentation and the types for editors and frameworks are generated from here.
 *
 * One rule holds for all: removing the attribute, or setting the property to `null` or `undefined`, restores the default.
 * So does a value that is not allowed, which is reported as an error with the code `config`.
 */
export abstract class ChatProperties extends LitElement {
  static override properties = withAttributeNames({
    endpoint: {accepts: text},
    source: {accepts: textOrFunction},
    protocol: {accepts: text},
    method: {accepts: text},
    promptParam: {accepts: text},
    model: {accepts: text},
    system: {accepts: text},
    temperature: {accepts: number},
    topP: {accepts: number},
    maxTokens: {accepts: number},
    credentials: {accepts: oneOf('omit', 'same-origin', 'include')},
    connectTimeout: {accepts: number},
    idleTimeout: {accepts: number},
    retries: {accepts: number},
    resume: {accepts: text},
    stopEndpoint: {accepts: text},
    persist: {accepts: oneOf('none', 'session', 'local')},
    historyLimit: {accepts: number},
    maxChars: {accepts: number},
    maxRounds: {accepts: number},
    budget: {accepts: number},
    details: {accepts: boolean},
    renderer: {accepts: text},
    images: {accepts: text},
    links: {accepts: oneOf('open', 'confirm', 'text')},
    announce: {accepts: oneOf('sentences', 'turns', 'status', 'off')},
    announceRate: {accepts: number},
    pace: {accepts: oneOf('frame', 'smooth')},
    scrollMode: {accepts: oneOf('end', 'answer-start'), attribute: 'scroll-to'},
    // Not reflected if it is the default: frameworks report an attribute they did not render on the server as a mismatch.
    mode: {accepts: oneOf('inline', 'launcher'), reflect: true, converter: {toAttribute: (mode) => (mode === 'launcher' ? mode : null)}},
    open: {accepts: boolean, reflect: true, converter: {toAttribute: (open) => (open ? '' : null)}},
    theme: {accepts: oneOf('auto', 'light', 'dark')},
    heading: {accepts: text},
    placeholder: {accepts: text},
    disabled: {accepts: boolean},
    composer: {accepts: oneOf('on', 'off')},
    enterKey: {accepts: oneOf('auto', 'send', 'newline')},
    maxLength: {accepts: number},
    actions: {accepts: someOf('copy', 'regenerate', 'edit', 'feedback', 'speak', 'time', 'none')},
    suggestions: {accepts: texts, attribute: false},
    attach: {accepts: text},
    maxFiles: {accepts: number},
    maxFileSize: {accepts: number},
    voice: {accepts: oneOf('off', 'dictate')},
    autofocus: {accepts: boolean},
    headers: {accepts: source, attribute: false},
    body: {accepts: source, attribute: false},
    tools: {accepts: objects, attribute: false},
    responseFormat: {accepts: object, attribute: false},
    strings: {accepts: object, attribute: false, hasChanged: hasShallowChanged},
  });

  /** @internal `id` names the stored conversation, and is observed like the element's own attributes. */
  static override get observedAttributes(): string[] {
    return [...super.observedAttributes, 'id'];
  }

  // Accessors of our own, which Lit wraps. A removed attribute arrives here as `null`, any other as text.
  static {
    for (const [name, {attribute, accepts}] of Object.entries(this.properties)) {
      Object.defineProperty(this.prototype, name, {
        configurable: true,
        get(this: ChatProperties) {
          return this.#values.get(name);
        },
        set(this: ChatProperties, value: unknown) {
          const accepted = value == null ? undefined : accepts.read(value);
          this.#values.set(name, accepted ?? this.#defaults.get(name));
          // An empty attribute is what a template writes that has no value.
          if (accepted === undefined && value != null && value !== '') this.#reportValue(attribute || name, value, accepts);
        },
      });
    }
  }

  #values = new Map<string, unknown>();
  #configErrors = new Set<string>();
  /** Default of each property, recorded by the constructor. */
  #defaults = new Map<string, unknown>();

  /**
   * URL of the streaming endpoint. Relative URLs are resolved against the page. `{prompt}` in it is replaced by the
   * question, for servers that declare it as a parameter of the URL.
   */
  endpoint = '';

  /**
   * Where answers come from: `fetch` requests the endpoint (a `wss:` endpoint speaks OpenAI Realtime), `websocket` opens a
   * socket that sends text or JSON, `realtime` speaks OpenAI Realtime, `prompt-api` is the language model of the browser, and
   * `demo` simulates one. As a property also a function that returns an answer.
   */
  source: string | Source = 'fetch';

  /** Name of the wire format, or `auto` to detect it from the response headers and the first bytes. */
  protocol = 'auto';

  /** `POST` sends a JSON body; `GET` sends the message as a query parameter. */
  method = 'POST';

  /** Name of the query parameter for `GET`, and of the body key for `protocol="prompt"`. */
  promptParam = 'prompt';

  /** Model name, sent if the wire format supports it. */
  model: string | undefined;

  /** System instructions for the model, sent if the wire format supports them. */
  system: string | undefined;

  /** Sampling temperature. */
  temperature: number | undefined;

  /** Nucleus sampling (top-p). */
  topP: number | undefined;

  /** Maximum number of tokens in an answer. */
  maxTokens: number | undefined;

  /** Credentials mode of requests, as in `fetch()`. */
  credentials: RequestCredentials = 'same-origin';

  /** Seconds to wait for the response headers; 0 for no limit. */
  connectTimeout = 30;

  /** Seconds without receiving a byte before the connection counts as lost; 0 for no limit. */
  idleTimeout = 60;

  /** Maximum number of consecutive attempts to reconnect without progress. */
  retries = 6;

  /**
   * How to resume an interrupted answer: `auto`, `none`, or the URL template of a resume endpoint, with `{id}` and
   * `{lastEventId}`.
   */
  resume = 'auto';

  /**
   * URL that receives a `POST` of `{id, length}` when an answer is stopped, for servers that keep generating after
   * the connection closes.
   */
  stopEndpoint = '';

  /**
   * Where to store the conversation, and the position in an unfinished answer, so that they survive a reload:
   * `none`, `session` or `local`. Tabs, and elements of a page, with the same `id`, or without one the same `endpoint`,
   * share it. Changing the `id` opens the conversation of the new one; the one before stays stored.
   */
  persist: Persistence = 'none';

  /** Maximum number of messages sent with a request, counted from the latest. Default: all. */
  historyLimit: number | undefined;

  /** Stops an answer once its text reaches this many characters. Default: 4 million. */
  maxChars: number | undefined;

  /** Maximum number of times tool results are sent back to the model within one answer. */
  maxRounds = 8;

  /** Token budget of the conversation. Once it is used up, the next message is refused. */
  budget: number | undefined;

  /** Shows token counts and speed below an answer, as far as the server reports them. */
  details = false;

  /** `markdown`, `plain`, or the name of a registered renderer. */
  renderer = 'markdown';

  /** Remote images: `none`, `click` to load each on a click, or a space-separated list of allowed URL prefixes. */
  images = 'click';

  /** Links in answers: `open` them, `confirm` before leaving for another host, or render them as `text`. */
  links: LinkPolicy = 'open';

  /**
   * What is announced to screen readers: `sentences` while they stream, whole answers (`turns`), `status` only, or
   * `off`.
   */
  announce: Announcement = 'sentences';

  /**
   * Characters per second at which sentences are handed to screen readers, one at a time: what a reader holds goes on
   * after Stop, and is lost with one key press.
   */
  announceRate = 25;

  /**
   * `frame` renders everything received on the next animation frame; `smooth` reveals text at its measured rate of
   * arrival.
   */
  pace: 'frame' | 'smooth' = 'frame';

  /** What stays in view while an answer streams: its `end`, or with `answer-start` the question, at the top. */
  scrollMode: 'end' | 'answer-start' = 'end';

  /** `inline`: a box in the page. `launcher`: a button in the corner of the window that opens a panel. */
  mode: 'inline' | 'launcher' = 'inline';

  /** Whether the panel of `mode="launcher"` is open. Setting it does not move focus. */
  open = false;

  /** `auto`, `light` or `dark`. */
  theme: 'auto' | 'light' | 'dark' = 'auto';

  /** Heading above the conversation. */
  heading = '';

  /** Placeholder of the text field. */
  placeholder = '';

  /** Disables the text field and sending. A streaming answer can still be stopped. */
  disabled = false;

  /** `off` removes the composer: text field, buttons and suggestions. */
  composer: 'on' | 'off' = 'on';

  /**
   * What Enter does in the text field: `send` the message, or insert a `newline`. `auto` sends, except with a keyboard on
   * the screen, which has no other key for a new line. Ctrl+Enter and ⌘+Enter always send.
   */
  enterKey: EnterKey = 'auto';

  /** Maximum length of a message, in characters. */
  maxLength: number | undefined;

  /**
   * Buttons below each message, separated by spaces: `copy`, `regenerate`, `edit`, `feedback`, `speak`, `time`; or
   * `none`.
   */
  actions = 'copy regenerate edit';

  /** Suggested messages, shown until the first one is sent. */
  suggestions: readonly string[] = [];

  /**
   * File types that users can attach, in the syntax of `accept`: `image/* .md application/pdf`, or empty for all.
   * Without the attribute, attachments are off. Text files work with every wire format, other files with those that
   * support them.
   */
  attach: string | undefined;

  /** Maximum number of files per message. */
  maxFiles = 5;

  /** Maximum size of a file, in megabytes. */
  maxFileSize = 10;

  /** `dictate` adds a dictation button where the browser supports it. The browser may send the audio to its vendor. */
  voice: 'off' | 'dictate' = 'off';

  /** Focuses the text field on first render, unless another element has focus. */
  override autofocus = false;

  /** Headers for every request, or a function called before each attempt that returns them. */
  headers: HeadersSource | undefined;

  /** Fields to add to the request body, or a function that receives the body and returns the one to send. */
  body: BodySource | undefined;

  /** Tools that the model can call: their descriptions, and the functions that run in the page. */
  tools: readonly Tool[] = [];

  /** JSON Schema that answers must conform to (structured output). */
  responseFormat: object | undefined;

  /** UI strings that override the built-in ones. */
  strings: Partial<Strings> = {};

  constructor() {
    super();
    // After the initializers, and before anyone can set a property: Lit applies those set before the upgrade later.
    this.#defaults = new Map(this.#values);
  }

  override attributeChangedCallback(name: string, before: string | null, now: string | null): void {
    super.attributeChangedCallback(name, before, now);
    if (name === 'id' && this.hasUpdated && before !== now) this.requestUpdate();
  }

  /** @internal Reports a mistake of the host page once, after its scripts had time to add listeners. */
  reportConfigError(error: StreamChatError): void {
    if (this.#configErrors.has(error.message)) return;
    this.#configErrors.add(error.message);
    console.error(error);
    setTimeout(() => this.dispatchEvent(new AnswerErrorEvent({error, message: undefined})));
  }

  /** @internal Waits for a lazy module. If it cannot be loaded, reports that and the consequence, and returns an empty object. */
  async loadModule<T>(module: Promise<T>, name: string, consequence: string): Promise<Partial<T>> {
    return module.catch((cause: unknown) => {
      const message = `The file "${name}.js" could not be loaded: ${consequence}.`;
      this.reportConfigError(new StreamChatError('config', message, {cause}));
      return {};
    });
  }

  #reportValue(name: PropertyKey | true, value: unknown, {allowed}: PropertyType) {
    const found = typeof value === 'string' ? `"${value}"` : `of the type ${Array.isArray(value) ? 'array' : typeof value}`;
    this.reportConfigError(new StreamChatError('config', `"${String(name)}" cannot be ${found}. It takes ${allowed}. The default applies.`));
  }

  /** @internal Endpoint settings of requests. */
  get endpointSettings() {
    return {endpoint: this.endpoint, method: this.method, baseUrl: this.baseURI};
  }

  /** @internal Request settings of the wire format. */
  get requestSettings() {
    const {model, system, temperature, topP, maxTokens, promptParam, tools, responseFormat} = this;
    return {model, system, temperature, topP, maxTokens, promptParam, tools, responseFormat};
  }

  /** @internal Limits of connections. */
  get limits() {
    const {connectTimeout, idleTimeout, retries} = this;
    return {connectTimeout: connectTimeout || Infinity, idleTimeout: idleTimeout || Infinity, retries};
  }
}
