import type {PropertyValues} from 'lit';

import {CopyTextEvent, FeedbackEvent, LinkEvent} from '../chat/events.js';
import type {Strings} from '../locales/en.js';
import type {Message, MessageInit} from '../model/conversation.js';
import {StreamChatError} from '../model/errors.js';
import {messageOf} from '../model/thrown.js';
import {plain} from '../renderers/plain.js';
import {codeBlocks, getRenderer, type CreateRenderer, type ImagePolicy, type LinkPolicy} from '../renderers/renderer.js';
import type {listenForCopies} from './copy-listener.js';
import type {deferredStyles} from './deferred.styles.js';
import type {ActionsHost, drawActions} from './message-actions.js';
import type {RovingFocus} from './roving-focus.js';
import type {ScrollController} from './scroll-controller.js';
import {Transcript, type TranscriptOptions} from './transcript.js';

/** What the controller uses of the modules that are loaded after the first paint. */
interface DeferredModules {
  readonly deferredStyles: typeof deferredStyles;
  readonly listenForCopies: typeof listenForCopies;
  readonly drawActions: typeof drawActions;
  readonly RovingFocus: typeof RovingFocus;
}

/** What the controller reads from its element, in addition to what the buttons below messages do. */
export interface TranscriptHost extends ActionsHost {
  readonly renderRoot: HTMLElement | DocumentFragment;
  readonly renderer: string;
  readonly images: string;
  readonly links: LinkPolicy;
  readonly details: boolean;
  readonly actions: string;
  readonly pace: 'frame' | 'smooth';
  requestUpdate(): void;
  send(question: string | MessageInit): Promise<unknown>;
  retry(): Promise<unknown>;
  loadModule<T>(module: Promise<T>, name: string, consequence: string): Promise<Partial<T>>;
  /** Loads the modules that are needed after the first paint. Resolves to none of them if their file is missing. */
  loadDeferred(): Promise<Partial<DeferredModules>>;
  /** Reports a mistake of the host page, once. */
  reportConfigError(error: StreamChatError): void;
}

/** Callbacks of the controller. */
export interface TranscriptCallbacks {
  /** Returns the strings of the current language: the same object until one of them changes. */
  readonly readStrings: () => Strings;
  /** Called when the user switches to another version of the last answer. */
  readonly onShowVersion: (answer: readonly Message[]) => void;
  /** Called when the user allows or denies a tool call. */
  readonly onConfirm: (key: string, isAllowed: boolean) => void;
}

/** Properties whose change re-renders all messages. */
const renderingProperties = ['renderer', 'images', 'links', 'details', 'actions'] as const;

/** Supplies the transcript with what it renders with: renderer, options, deferred styles, pace and keys. */
export class TranscriptController {
  #host: TranscriptHost;
  #scroll: ScrollController;
  #callbacks: TranscriptCallbacks;
  #transcript: Transcript | undefined;
  #options: TranscriptOptions | undefined;
  #createRenderer: CreateRenderer = plain;
  #rendererLoading: Promise<void> | undefined;
  #deferredLoading: Promise<void> | undefined;

  constructor(host: TranscriptHost, scroll: ScrollController, callbacks: TranscriptCallbacks) {
    this.#host = host;
    this.#scroll = scroll;
    this.#callbacks = callbacks;
  }

  /** Resolve when the modules are loaded that rendering needs. */
  get loading(): readonly (Promise<void> | undefined)[] {
    return [this.#rendererLoading, this.#transcript?.loading, this.#deferredLoading];
  }

  /** Called before each update of the element. */
  willUpdate(changed: PropertyValues): void {
    if (!this.#options || changed.has('renderer')) this.#chooseRenderer();
    const isStale = this.#options?.strings !== this.#callbacks.readStrings();
    if (isStale || renderingProperties.some((name) => changed.has(name))) this.#options = this.#createOptions();
  }

  /** Called after the first update of the element. */
  firstUpdated(): void {
    const box = this.#host.renderRoot.querySelector<HTMLElement>('.messages')!;
    this.#transcript = new Transcript(box);
    this.#deferredLoading = this.#setUpDeferred();
    // Not on an element: screen readers would call all that is inside "clickable".
    for (const type of ['click', 'auxclick']) this.#host.renderRoot.addEventListener(type, (event) => this.#handleClick(event));
  }

  /** Called after each update of the element. */
  updated(changed: PropertyValues): void {
    if (changed.has('pace')) void this.#setPace();
  }

  /** Renders the messages. Returns whether something is left to render. */
  draw(messages: readonly Message[], completed: readonly Message[], inFrame: boolean): boolean {
    if (!this.#transcript || !this.#options) return false;
    this.#scroll.beforeContentChange();
    const hasMore = this.#transcript.draw(messages, completed, this.#options, inFrame);
    // Here, because the next animation frame may come before another task.
    if (hasMore && !inFrame) this.#transcript.forceLayout();
    this.#scroll.afterContentChange();
    return hasMore;
  }

  /** Looks up the renderer that the attribute names. Text is rendered as plain text until it is loaded. */
  #chooseRenderer() {
    const host = this.#host;
    const {renderer} = host;
    this.#createRenderer = plain;
    this.#rendererLoading = undefined;
    const fail = (error: unknown) => host.reportConfigError(StreamChatError.from(error, 'config'));
    try {
      const found = getRenderer(renderer);
      if (typeof found === 'function') this.#createRenderer = found;
      else {
        this.#rendererLoading = found.then((createRenderer) => {
          if (renderer !== host.renderer) return;
          this.#createRenderer = createRenderer;
          this.#options = this.#createOptions();
          host.requestUpdate();
        }, fail);
      }
    } catch (error) {
      fail(error);
    }
  }

  #createOptions(): TranscriptOptions {
    const host = this.#host;
    const {onShowVersion, onConfirm, readStrings} = this.#callbacks;
    const strings = readStrings();
    this.#adoptStyleSheet(this.#createRenderer.styles);
    const names: readonly string[] = host.actions.match(/[a-z]+/g) ?? [];
    const onCopy = (text: string) => host.dispatchEvent(new CopyTextEvent(text));
    const images: ImagePolicy = host.images === 'none' || host.images === 'click' ? host.images : host.images.trim().split(/\s+/);
    return {
      strings,
      createRenderer: this.#createRenderer,
      plain,
      context: {images, links: host.links, baseUrl: host.baseURI, strings, onCopy, codeBlocks},
      details: host.details,
      actions: names.length === 0 || names.includes('none') ? undefined : {
        names,
        strings,
        host,
        onCopy,
        onShow: onShowVersion,
        onFeedback: (message, value) => host.dispatchEvent(new FeedbackEvent(message, value)),
      },
      loadActions: () => host.loadDeferred(),
      onDecide: onConfirm,
      onFault: (cause) => {
        const message = `A message could not be drawn, and is shown as plain text: ${messageOf(cause)}`;
        host.reportConfigError(new StreamChatError('config', message, {cause}));
      },
      onLoad: () => host.requestUpdate(),
      onRetry: () => {
        host.moveFocusOn();
        void host.retry();
      },
      onContinue: () => {
        host.moveFocusOn();
        void host.send(strings.continuePrompt);
      },
    };
  }

  #adoptStyleSheet(styles: CSSStyleSheet | undefined) {
    const {adoptedStyleSheets} = this.#host.shadowRoot ?? {};
    try {
      if (styles && !adoptedStyleSheets?.includes(styles)) adoptedStyleSheets?.push(styles);
    } catch (cause) {
      this.#host.reportConfigError(new StreamChatError('config', 'The "styles" of the renderer are no style sheet.', {cause}));
    }
  }

  /** Sets up styles and keys that are loaded after the first paint. */
  async #setUpDeferred() {
    const host = this.#host;
    const {deferredStyles, listenForCopies, RovingFocus} = await host.loadDeferred();
    this.#adoptStyleSheet(deferredStyles?.());
    listenForCopies?.(host.renderRoot.querySelector<HTMLElement>('.log')!);
    if (!RovingFocus) return;
    new RovingFocus(host.renderRoot.querySelector<HTMLElement>('.base')!, {
      focus: () => host.focus(),
      scrollToEnd: this.#scroll.scrollToEnd,
      hint: () => this.#callbacks.readStrings().transcriptKeys,
    });
  }

  async #setPace() {
    const host = this.#host;
    const {Pace} = host.pace === 'smooth' ? await host.loadModule(import('./pace.js'), 'pace', 'text is rendered as it arrives') : {};
    this.#transcript!.pace = Pace;
  }

  #handleClick(event: Event) {
    const path = event.composedPath();
    const target = path.find((node) => node instanceof HTMLAnchorElement);
    if (!path.some((node) => node instanceof Element && node.matches('.messages'))) return;
    // The button of an image inside a link does not follow it, nor does the mouse button that opens a menu.
    if (!target || event.defaultPrevented || (event as MouseEvent).button > 1) return;
    const proceeds = this.#host.dispatchEvent(new LinkEvent(target.href));
    const needsConfirmation = this.#host.links === 'confirm' && target.host !== location.host;
    const question = () => this.#callbacks.readStrings().followLink(target.href);
    if (!proceeds || (needsConfirmation && !confirm(question()))) event.preventDefault();
  }
}
