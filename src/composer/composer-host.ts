import type {ReactiveControllerHost} from 'lit';

import type {ChatState} from '../chat/events.js';
import type {Strings} from '../locales/en.js';
import type {Message, MessageInit, Part} from '../model/conversation.js';
import type {FileInfo} from '../protocols/protocol.js';

/** What the composer reads from its element, and asks of it. */
export interface ComposerHost extends ReactiveControllerHost, HTMLElement {
  readonly renderRoot: HTMLElement | DocumentFragment;
  readonly messages: readonly Message[];
  readonly placeholder: string;
  readonly disabled: boolean;
  readonly enterKey: 'send' | 'newline';
  readonly maxLength: number | undefined;
  readonly suggestions: readonly string[];
  readonly attach: string | undefined;
  readonly maxFiles: number;
  readonly maxFileSize: number;
  readonly voice: 'off' | 'dictate';
  readonly state: ChatState;
  send(question: MessageInit): Promise<Message | undefined>;
  edit(id: string, text: string, files?: readonly Part[]): Promise<Message | undefined>;
  stop(): void;
  /** Waits for a lazy module. If it cannot be loaded, reports that and the consequence, and resolves to an empty object. */
  loadModule<T>(module: Promise<T>, name: string, consequence: string): Promise<Partial<T>>;
  /** Lets a screen reader say it. */
  tell(text: string): void;
  /** Whether the format of the chat has a place for a file. */
  takesFile(file: FileInfo): Promise<boolean>;
}

/** A part of the composer that is loaded where an attribute asks for it. It puts what it shows into the form by itself. */
export interface ComposerPart {
  /** Called after each rendering: the form may be another one, and the strings. */
  update(form: HTMLFormElement, strings: Strings): void;
}
