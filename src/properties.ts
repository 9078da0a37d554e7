import {LitElement, type ComplexAttributeConverter, type PropertyDeclarations} from 'lit';

import type {BodySource, HeadersSource} from './chat/chat-host.js';
import type {Persistence} from './chat/storage.js';
import type {Strings} from './locales/en.js';
import type {LinkPolicy} from './renderers/renderer.js';
import type {Announcement} from './speech/announcer.js';
import type {Tool} from './chat/run-tools.js';

/** A boolean attribute. Some frameworks write false as an attribute, such as `open="false"`. */
const booleanConverter: ComplexAttributeConverter<boolean> = {
  fromAttribute: (value) => value !== null && !['false', '0', 'off', 'no'].includes(value.trim().toLowerCase()),
  toAttribute: (value) => (value ? '' : null),
};

/** A numeric attribute. What is not a number means the default: `NaN` as a timeout would end every request at once. */
const numberConverter: ComplexAttributeConverter<number | undefined> = {
  fromAttribute: (value) => (value?.trim() && !Number.isNaN(Number(value)) ? Number(value) : undefined),
};

/** Adds to each declaration the attribute name: that of the property in kebab-case, unless it has its own or none. */
function withAttributeNames(properties: PropertyDeclarations): PropertyDeclarations {
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
 */
export abstract class ChatProperties extends LitElement {
  static override properties = withAttributeNames({
    endpoint: {},
    protocol: {},
    method: {},
    promptParam: {},
    model: {},
    system: {},
    temperature: {converter: numberConverter},
    topP: {converter: numberConverter},
    maxTokens: {converter: numberConverter},
    credentials: {},
    connectTimeout: {converter: numberConverter},
    idleTimeout: {converter: numberConverter},
    retries: {converter: numberConverter},
    resume: {},
    stopEndpoint: {},
    persist: {},
    historyLimit: {converter: numberConverter},
    maxChars: {converter: numberConverter},
    maxRounds: {converter: numberConverter},
    budget: {converter: numberConverter},
    details: {converter: booleanConverter},
    renderer: {},
    images: {},
    links: {},
    announce: {},
    pace: {},
    scrollMode: {attribute: 'scroll-to'},
    // Not reflected if it is the default: frameworks report an attribute they did not render on the server as a mismatch.
    mode: {reflect: true, converter: {toAttribute: (mode) => (mode === 'launcher' ? mode : null)}},
    open: {converter: booleanConverter, reflect: true},
    theme: {},
    heading: {},
    placeholder: {},
    disabled: {converter: booleanConverter},
    composer: {},
    enterKey: {},
    maxLength: {converter: numberConverter},
    actions: {},
    suggestions: {attribute: false},
    attach: {},
    maxFiles: {converter: numberConverter},
    maxFileSize: {converter: numberConverter},
    voice: {},
    autofocus: {converter: booleanConverter},
    headers: {attribute: false},
    body: {attribute: false},
    tools: {attribute: false},
    responseFormat: {attribute: false},
    strings: {attribute: false, hasChanged: hasShallowChanged},
  });

  // Accessors of our own, which Lit wraps: their setters replace `null` and `undefined` by the default. A removed attribute
  // arrives here as `null`.
  static {
    for (const name of Object.keys(this.properties)) {
      Object.defineProperty(this.prototype, name, {
        configurable: true,
        get(this: ChatProperties) {
          return this.#values.get(name);
        },
        set(this: ChatProperties, value: unknown) {
          this.#values.set(name, value ?? this.#defaults.get(name));
        },
      });
    }
  }

  #values = new Map<string, unknown>();
  /** Default of each property, recorded by the constructor. */
  #defaults = new Map<string, unknown>();

  /** URL of the streaming endpoint. Relative URLs are resolved against the page. */
  endpoint = '';

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

  /** Seconds to wait for the response headers. */
  connectTimeout = 30;

  /** Seconds without receiving a byte before the connection counts as lost. */
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
   * `none`, `session` or `local`.
   */
  persist: Persistence = 'none';

  /** Maximum number of messages sent with a request, counted from the latest. Default: all. */
  historyLimit: number | undefined;

  /** Stops an answer once its text reaches this many characters. */
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
   * What Enter does in the text field: `send` the message, or insert a `newline`. Ctrl+Enter and ⌘+Enter always
   * send.
   */
  enterKey: 'send' | 'newline' = 'send';

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

  /** @internal Endpoint settings of requests. */
  get endpointSettings() {
    return {endpoint: this.endpoint, method: this.method, baseUrl: this.ownerDocument.baseURI};
  }

  /** @internal Request settings of the wire format. */
  get requestSettings() {
    const {model, system, temperature, topP, maxTokens, promptParam, tools, responseFormat} = this;
    return {model, system, temperature, topP, maxTokens, promptParam, tools, responseFormat};
  }

  /** @internal Limits of connections. */
  get limits() {
    const {connectTimeout, idleTimeout, retries} = this;
    return {connectTimeout, idleTimeout, retries};
  }
}
