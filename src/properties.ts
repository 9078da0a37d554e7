import {LitElement, type ComplexAttributeConverter, type PropertyDeclaration, type PropertyDeclarations} from 'lit';

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

  /** Default of each property, recorded by the constructor. */
  #defaults = new Map<PropertyKey, unknown>();

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

  constructor() {
    super();
    // After the initializers, and before anyone can set a property: Lit applies those set before the upgrade later.
    for (const name of ChatProperties.elementProperties.keys()) this.#defaults.set(name, Reflect.get(this, name));
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

  /** Lets each setter replace `null` and `undefined` by the default. Attributes that are removed get here as `null`. */
  protected static override getPropertyDescriptor(name: PropertyKey, key: string | symbol, options: PropertyDeclaration) {
    const descriptor = super.getPropertyDescriptor(name, key, options)!;
    const {set} = descriptor;
    return {
      ...descriptor,
      set(this: ChatProperties, value: unknown) {
        set!.call(this, value == null && this.#defaults.has(name) ? this.#defaults.get(name) : value);
      },
    };
  }
}
