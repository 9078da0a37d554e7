// One idea: the row of action buttons below a message. Over 300 lines, because every button shares the row's nodes, its
// focus handling and its message; what could be separated is in `message-editor`, `-icons`, `-versions` and `.styles`.
import type {Message} from '../model/conversation.js';
import type {Feedback} from '../chat/events.js';
import {copyToClipboard} from '../lib/clipboard.js';
import type {EnterKey} from '../lib/enter-key.js';
import type {Strings} from '../locales/en.js';
import {addStyles} from './message-actions.styles.js';
import {createEditor, focusEditor} from './message-editor.js';
import {IconSet, type IconName} from './message-icons.js';
import {readVersions, type Versions} from './message-versions.js';

/** What the action buttons need from the chat. */
export interface ActionsHost extends HTMLElement {
  readonly messages: readonly Message[];
  readonly enterKey: EnterKey;
  /** Announces a text to screen readers. */
  announceText(text: string): void;
  /** Moves focus out of the transcript before the focused button is removed. */
  moveFocusOn(): void;
  regenerate(): Promise<unknown>;
  edit(id: string, text: string): Promise<unknown>;
}

/** Which action buttons to draw, and their callbacks. */
export interface ActionsContext {
  /** Names from the `actions` attribute, in order. */
  readonly names: readonly string[];
  readonly strings: Strings;
  readonly host: ActionsHost;
  /** Called when a button has copied text. */
  readonly onCopy: (text: string) => void;
  /** Called to show another answer to the last question. */
  readonly onShow: (answer: readonly Message[]) => void;
  /** Called when the user rates an answer, or withdraws the rating (`undefined`). */
  readonly onFeedback: (message: Message, value: Feedback) => void;
}

/** Duration for which a button confirms that it has copied, in milliseconds. */
const copiedTime = 2000;
/** Duration for which a button says that it could not copy, in milliseconds. */
const failedTime = 6000;
/** Interval of the check whether a message that is read aloud is still in the page, in milliseconds. */
const watchInterval = 250;

const rows = new WeakMap<HTMLElement, Row>();
const ratings = new WeakMap<Message, Feedback>();
/** Name of the button to focus after the answer that had the focused one is replaced. */
const pendingFocus = new WeakMap<ActionsHost, string>();

/** Draws the action buttons of a message into an element, or updates them. */
export function drawActions(element: HTMLElement, message: Message, isLast: boolean, context: ActionsContext): void {
  let row = rows.get(element);
  if (!row) rows.set(element, (row = new Row(element)));
  row.draw(message, isLast, context);
}

/**
 * The action buttons of one message: one class, because all of them share the nodes, the focus and the message of the row.
 * Built from DOM nodes, because templates in a lazy module would need a second copy of Lit.
 */
class Row {
  #element: HTMLElement;
  #bar = create('div', 'actions');
  #nodes = new Map<string, HTMLElement>();
  #icons: IconSet;
  #message!: Message;
  #context!: ActionsContext;
  #editor: HTMLFormElement | undefined;
  #copied: ReturnType<typeof setTimeout> | undefined;
  #isSpeaking = false;

  constructor(element: HTMLElement) {
    this.#element = element;
    this.#bar.role = 'group';
    // Loaded before a click: Safari lets a page copy only at once.
    for (const type of ['pointerenter', 'focusin']) this.#bar.addEventListener(type, () => void loadCopying(), {once: true});
    element.append(this.#bar);
    this.#icons = new IconSet(element);
  }

  draw(message: Message, isLast: boolean, context: ActionsContext) {
    const {names, strings, host} = context;
    const isAnswer = message.role !== 'user';
    const versions = isLast && isAnswer ? readVersions(host) : undefined;
    this.#message = message;
    this.#context = context;
    addStyles(host.shadowRoot!);
    const nodes = names.flatMap((name) => this.#drawNodes(name, isAnswer, versions));
    this.#placeNodes(nodes);
    this.#bar.hidden = nodes.length === 0;
    this.#bar.ariaLabel = strings.messageActions;
    this.#updateEditing();
    if (versions) this.#restoreFocus();
  }

  /** Returns the nodes for a name in the `actions` attribute. */
  #drawNodes(name: string, isAnswer: boolean, versions: Versions | undefined): HTMLElement[] {
    const {strings} = this.#context;
    const {text, parts, status, createdAt} = this.#message;
    switch (name) {
      case 'copy':
        return text ? [this.#button(name, this.#copied ? this.#nodes.get('copy')!.ariaLabel! : strings.copy, () => void this.#copy())] : [];
      case 'regenerate': {
        if (!versions) return [];
        // A failed or stopped answer has a button with a visible label instead.
        const regenerateButton = status === 'done' ? [this.#button(name, strings.regenerate, () => this.#regenerate())] : [];
        return versions.answers.length > 1 || versions.at > 0 ? [...regenerateButton, this.#drawVersions(versions)] : regenerateButton;
      }
      case 'edit':
        return isAnswer ? [] : [this.#button(name, strings.edit, () => this.#edit())];
      case 'feedback':
        return isAnswer && parts.length > 0
          ? [this.#rate('good', strings.goodAnswer), this.#rate('bad', strings.badAnswer)]
          : [];
      case 'speak':
        return isAnswer && text && 'speechSynthesis' in globalThis ? [this.#drawSpeak()] : [];
      case 'time':
        // 0: the time is unknown.
        return createdAt ? [this.#drawTime(new Date(createdAt))] : [];
      default:
        return [];
    }
  }

  /** Replaces the nodes of the row. A node that stays is not moved, because it would lose focus. */
  #placeNodes(nodes: readonly HTMLElement[]) {
    const removed = [...this.#bar.children].filter((node) => !nodes.includes(node as HTMLElement));
    const hadFocus = removed.some((node) => node.matches(':focus-within'));
    for (const node of removed) node.remove();
    let at = this.#bar.firstChild;
    for (const node of nodes) {
      if (node === at) at = at.nextSibling;
      else this.#bar.insertBefore(node, at);
    }
    if (hadFocus) this.#bar.querySelector('button')?.focus({preventScroll: true});
  }

  #button(name: string, label: string, onClick: () => void, icon = name as IconName): HTMLButtonElement {
    let button = this.#nodes.get(name) as HTMLButtonElement | undefined;
    if (!button) {
      this.#nodes.set(name, (button = create('button', `action ${name}`)));
      button.type = 'button';
      this.#icons.set(button, icon);
    }
    button.onclick = onClick;
    setLabel(button, label);
    return button;
  }

  #rate(value: 'good' | 'bad', label: string): HTMLButtonElement {
    const button = this.#button(value, label, () => {
      const message = this.#message;
      const next = ratings.get(message) === value ? undefined : value;
      ratings.set(message, next);
      for (const name of ['good', 'bad']) this.#nodes.get(name)!.ariaPressed = String(name === next);
      this.#context.onFeedback(message, next);
    });
    button.ariaPressed = String(ratings.get(this.#message) === value);
    return button;
  }

  #drawTime(date: Date): HTMLElement {
    const time = (this.#nodes.get('time') as HTMLTimeElement | undefined) ?? create('time', 'time');
    this.#nodes.set('time', time);
    const {language} = this.#context.strings;
    const write = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(language, options).format(date);
    const isToday = date.toDateString() === new Date().toDateString();
    time.dateTime = date.toISOString();
    time.title = write({dateStyle: 'full', timeStyle: 'short'});
    time.textContent = write(isToday ? {timeStyle: 'short'} : {dateStyle: 'medium', timeStyle: 'short'});
    return time;
  }

  #drawVersions({at, answers}: Versions): HTMLElement {
    const {strings, host, onShow} = this.#context;
    const count = Math.max(answers.length, at + 1);
    const button = (name: 'previous' | 'next', label: string, to: number) => {
      const answer = answers[to];
      const made = this.#button(name, label, () => {
        if (!answer) return;
        // The answer is removed together with its buttons.
        if (made.matches(':focus')) pendingFocus.set(host, name);
        onShow(answer);
        host.announceText(strings.version(to + 1, count));
      });
      // Not `disabled`, because that would remove focus from the button.
      made.ariaDisabled = answer ? null : 'true';
      return made;
    };
    const number = new Intl.NumberFormat(strings.language);
    const previous = button('previous', strings.previousVersion, at - 1);
    const next = button('next', strings.nextVersion, at + 1);
    let group = this.#nodes.get('versions');
    if (!group) {
      this.#nodes.set('versions', (group = create('span', 'versions')));
      group.role = 'group';
      group.append(previous, create('span'), next);
    }
    const shown = group.children[1]!;
    shown.ariaHidden = 'true';
    shown.textContent = `${number.format(at + 1)}/${number.format(count)}`;
    group.ariaLabel = strings.version(at + 1, count);
    return group;
  }

  #restoreFocus() {
    const {host} = this.#context;
    const name = pendingFocus.get(host);
    pendingFocus.delete(host);
    // Nodes of a first render are not in the page yet.
    if (name) queueMicrotask(() => this.#nodes.get(name)?.focus({preventScroll: true}));
  }

  #regenerate() {
    const {host} = this.#context;
    host.moveFocusOn();
    void host.regenerate();
  }

  async #copy() {
    const {text} = this.#message;
    const {strings, host, onCopy} = this.#context;
    const button = this.#nodes.get('copy') as HTMLButtonElement;
    const html = loadCopying().then((copying) => copying?.copyElements(this.#texts).html);
    const isCopied = await copyToClipboard(text, html, host.shadowRoot!);
    const label = isCopied ? strings.copied : strings.copyFailed;
    if (isCopied) onCopy(text);
    else {
      this.#selectText();
      host.announceText(label);
    }
    clearTimeout(this.#copied);
    setLabel(button, label);
    // Beside a question there is room for an icon only; what went wrong gets a line of its own.
    button.textContent = isCopied && this.#message.role === 'user' ? '' : label;
    const message = this.#element.parentElement;
    message?.classList.toggle('labelled', !isCopied);
    this.#icons.set(button, isCopied ? 'check' : 'copy');
    this.#copied = setTimeout(() => {
      this.#copied = undefined;
      setLabel(button, this.#context.strings.copy);
      button.textContent = '';
      message?.classList.remove('labelled');
      this.#icons.set(button, 'copy');
    }, isCopied ? copiedTime : failedTime);
  }

  get #texts() {
    return [...this.#element.parentElement!.querySelectorAll<HTMLElement>('.text')];
  }

  #selectText() {
    const texts = this.#texts;
    const last = texts.at(-1);
    if (last) getSelection()?.setBaseAndExtent(texts[0]!, 0, last, last.childNodes.length);
  }

  /**
   * Marks a message while it is edited. A class, because with `:has()` the browser would search the whole message for each
   * node added.
   */
  #updateEditing() {
    this.#element.parentElement?.classList.toggle('editing', this.#editor !== undefined);
  }

  #edit() {
    const {strings, host} = this.#context;
    const {id, text} = this.#message;
    const close = () => {
      this.#editor?.remove();
      this.#editor = undefined;
      this.#updateEditing();
    };
    this.#editor = createEditor({
      text,
      strings,
      enterKey: host.enterKey,
      onSend: (changed) => {
        close();
        host.moveFocusOn();
        void host.edit(id, changed);
      },
      onCancel: () => {
        close();
        this.#nodes.get('edit')?.focus({preventScroll: true});
      },
    });
    this.#element.prepend(this.#editor);
    this.#updateEditing();
    focusEditor(this.#editor);
  }

  #drawSpeak(): HTMLButtonElement {
    const {strings} = this.#context;
    const label = this.#isSpeaking ? strings.stopSpeaking : strings.speak;
    const button = this.#button('speak', label, () => void this.#speak());
    if (!this.#isSpeaking) button.title = `${label}. ${strings.audioLeaves}`;
    this.#icons.set(button, this.#isSpeaking ? 'stop' : 'speak');
    return button;
  }

  async #speak() {
    const {strings, host} = this.#context;
    let watch: ReturnType<typeof setInterval> | undefined;
    try {
      const {speakText, stopSpeaking} = await import('../speech/read-aloud.js');
      if (this.#isSpeaking) return stopSpeaking();
      this.#isSpeaking = true;
      // Starting to speak stops any other message.
      const speaking = speakText(
        this.#message.text,
        host.closest('[lang]')?.getAttribute('lang') || strings.language,
        strings,
      );
      this.#drawSpeak();
      // The button to stop speaking is removed together with the message.
      watch = setInterval(() => this.#element.isConnected || stopSpeaking(), watchInterval);
      await speaking;
    } catch (error) {
      console.error('<stream-chat> could not read the message aloud.', error);
    } finally {
      clearInterval(watch);
      this.#isSpeaking = false;
      this.#drawSpeak();
    }
  }
}

async function loadCopying(): Promise<typeof import('./copy-content.js') | undefined> {
  try {
    return await import('./copy-content.js');
  } catch (error) {
    console.warn('<stream-chat> copies messages as plain text only, because the file "copy-content.js" could not be loaded.', error);
    return undefined;
  }
}

function setLabel(button: HTMLElement, label: string) {
  button.ariaLabel = button.title = label;
}

function create<K extends keyof HTMLElementTagNameMap>(name: K, part = ''): HTMLElementTagNameMap[K] {
  const element = document.createElement(name);
  if (part) element.setAttribute('part', part);
  return element;
}
