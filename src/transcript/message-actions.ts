import type {Message} from '../model/conversation.js';
import type {Feedback} from '../chat/events.js';
import type {Strings} from '../locales/en.js';
import {addStyles} from './message-actions.styles.js';
import {createEditor, focusEditor} from './message-editor.js';
import {IconSet, type IconName} from './message-icons.js';
import {readVersions, type Versions} from './message-versions.js';

/** What the buttons read from their chat. */
export interface ActionsHost extends HTMLElement {
  readonly messages: readonly Message[];
  readonly enterKey: 'send' | 'newline';
  /** Lets a screen reader say it. */
  tell(text: string): void;
  /** Moves the focus on, as the button that has it goes. */
  focusNext(): void;
  regenerate(): Promise<unknown>;
  edit(id: string, text: string): Promise<unknown>;
}

/** What the buttons are drawn with, and what they do. */
export interface ActionsContext {
  /** Which there are, in their order. */
  readonly names: readonly string[];
  readonly strings: Strings;
  readonly host: ActionsHost;
  readonly onCopy: (text: string) => void;
  /** Shows another answer to the last question. */
  readonly onShow: (answer: readonly Message[]) => void;
  readonly onFeedback: (message: Message, value: Feedback) => void;
}

/** For how long the button says that it copied, in milliseconds. */
const copiedTime = 2000;
/** How often it is looked whether a message that is read aloud is still there, in milliseconds. */
const watchInterval = 250;

const rows = new WeakMap<HTMLElement, Row>();
const judged = new WeakMap<Message, Feedback>();
/** Which button gets the focus, as the answer that its like stood under is replaced. */
const focusNext = new WeakMap<ActionsHost, string>();

/** Draws the buttons under a message into an element, or what is new of them. */
export function drawActions(element: HTMLElement, message: Message, isLast: boolean, context: ActionsContext): void {
  let row = rows.get(element);
  if (!row) rows.set(element, (row = new Row(element)));
  row.draw(message, isLast, context);
}

/** Built of nodes by hand: a part has no templates of its own, which would need a second copy of Lit. */
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
    this.#place(nodes);
    this.#bar.hidden = nodes.length === 0;
    this.#bar.ariaLabel = strings.messageActions;
    this.#mark();
    if (versions) this.#takeFocus();
  }

  /** Draws what stands in the row for a name of the attribute. */
  #drawNodes(name: string, isAnswer: boolean, versions: Versions | undefined): HTMLElement[] {
    const {strings} = this.#context;
    const {text, parts, status, createdAt} = this.#message;
    switch (name) {
      case 'copy':
        return text ? [this.#button(name, this.#copied ? strings.copied : strings.copy, () => void this.#copy())] : [];
      case 'regenerate': {
        if (!versions) return [];
        // Where it failed or was stopped, a button says so in words.
        const again = status === 'done' ? [this.#button(name, strings.regenerate, () => this.#regenerate())] : [];
        return versions.answers.length > 1 || versions.at > 0 ? [...again, this.#drawVersions(versions)] : again;
      }
      case 'edit':
        return isAnswer ? [] : [this.#button(name, strings.edit, () => this.#edit())];
      case 'feedback':
        return isAnswer && parts.length > 0
          ? [this.#judge('good', strings.goodAnswer), this.#judge('bad', strings.badAnswer)]
          : [];
      case 'speak':
        return isAnswer && text && 'speechSynthesis' in globalThis ? [this.#drawSpeak()] : [];
      case 'time':
        // 0: nobody knows when.
        return createdAt ? [this.#drawTime(new Date(createdAt))] : [];
      default:
        return [];
    }
  }

  /** Makes the row hold these nodes. One that stays is not moved: it would lose the focus. */
  #place(nodes: readonly HTMLElement[]) {
    const gone = [...this.#bar.children].filter((node) => !nodes.includes(node as HTMLElement));
    const hadFocus = gone.some((node) => node.matches(':focus-within'));
    for (const node of gone) node.remove();
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

  #judge(value: 'good' | 'bad', label: string): HTMLButtonElement {
    const button = this.#button(value, label, () => {
      const message = this.#message;
      const next = judged.get(message) === value ? undefined : value;
      judged.set(message, next);
      for (const name of ['good', 'bad']) this.#nodes.get(name)!.ariaPressed = String(name === next);
      this.#context.onFeedback(message, next);
    });
    button.ariaPressed = String(judged.get(this.#message) === value);
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
        // The answer goes, and its buttons with it.
        if (made.matches(':focus')) focusNext.set(host, name);
        onShow(answer);
        host.tell(strings.version(to + 1, count));
      });
      // Not `disabled`, which would take the focus from it.
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

  #takeFocus() {
    const {host} = this.#context;
    const name = focusNext.get(host);
    focusNext.delete(host);
    // What is drawn for the first time is not in the page yet.
    if (name) queueMicrotask(() => this.#nodes.get(name)?.focus({preventScroll: true}));
  }

  #regenerate() {
    const {host} = this.#context;
    host.focusNext();
    void host.regenerate();
  }

  async #copy() {
    const {text} = this.#message;
    const {strings, onCopy} = this.#context;
    const button = this.#nodes.get('copy') as HTMLButtonElement;
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // Not allowed, or no secure page: selected, it can be copied by hand.
      return this.#select();
    }
    onCopy(text);
    clearTimeout(this.#copied);
    setLabel(button, strings.copied);
    button.textContent = strings.copied;
    this.#icons.set(button, 'check');
    this.#copied = setTimeout(() => {
      this.#copied = undefined;
      setLabel(button, this.#context.strings.copy);
      button.textContent = '';
      this.#icons.set(button, 'copy');
    }, copiedTime);
  }

  get #texts() {
    return [...this.#element.parentElement!.querySelectorAll<HTMLElement>(':scope > .text')];
  }

  #select() {
    const texts = this.#texts;
    const last = texts.at(-1);
    if (last) getSelection()?.setBaseAndExtent(texts[0]!, 0, last, last.childNodes.length);
  }

  /** Says of the message whether it is edited. Not by `:has()`: each node that comes would have the whole message looked through. */
  #mark() {
    this.#element.parentElement?.classList.toggle('editing', this.#editor !== undefined);
  }

  #edit() {
    const {strings, host} = this.#context;
    const {id, text} = this.#message;
    const close = () => {
      this.#editor?.remove();
      this.#editor = undefined;
      this.#mark();
    };
    this.#editor = createEditor({
      text,
      strings,
      enterKey: host.enterKey,
      onSend: (changed) => {
        close();
        host.focusNext();
        void host.edit(id, changed);
      },
      onCancel: () => {
        close();
        this.#nodes.get('edit')?.focus({preventScroll: true});
      },
    });
    this.#element.prepend(this.#editor);
    this.#mark();
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
      // It begins by ending what another message says.
      const speaking = speakText(
        this.#message.text,
        host.closest('[lang]')?.getAttribute('lang') || strings.language,
        strings,
      );
      this.#drawSpeak();
      // With the message goes the button that stops it.
      watch = setInterval(() => this.#element.isConnected || stopSpeaking(), watchInterval);
      await speaking;
    } catch (error) {
      console.error('<stream-chat> could not read aloud.', error);
    } finally {
      clearInterval(watch);
      this.#isSpeaking = false;
      this.#drawSpeak();
    }
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
