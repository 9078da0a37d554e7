import type {ReactiveControllerHost} from 'lit';

import type {ChatState} from '../chat/events.js';
import type {Strings} from '../locales/en.js';
import type {EnterKey} from '../lib/enter-key.js';
import type {Message, MessageInit, Part} from '../model/conversation.js';
import type {FileInfo} from '../protocols/protocol.js';

/** What the composer reads from its element, and calls on it. */
export interface ComposerHost extends ReactiveControllerHost, HTMLElement {
  readonly renderRoot: HTMLElement | DocumentFragment;
  readonly messages: readonly Message[];
  readonly placeholder: string;
  readonly disabled: boolean;
  readonly enterKey: EnterKey;
  readonly mode: 'inline' | 'launcher';
  readonly maxLength: number | undefined;
  readonly suggestions: readonly string[];
  readonly attach: string | undefined;
  readonly maxFiles: number;
  readonly maxFileSize: number;
  readonly voice: 'off' | 'dictate';
  readonly state: ChatState;
  /** Resolves when the stored conversation is restored; `undefined` if nothing has to wait for it. */
  readonly restoring: Promise<void> | undefined;
  send(question: MessageInit): Promise<Message | undefined>;
  edit(id: string, text: string, files?: readonly Part[]): Promise<Message | undefined>;
  stop(): void;
  /** Waits for a lazy module. If it cannot be loaded, reports that and the consequence, and resolves to an empty object. */
  loadModule<T>(module: Promise<T>, name: string, consequence: string): Promise<Partial<T>>;
  /** Announces a text to screen readers. */
  announceText(text: string): void;
  /** Resolves to whether the wire format supports a file. */
  supportsFile(file: FileInfo): Promise<boolean>;
}

/** A lazy module of the composer, loaded if an attribute needs it. It adds its own elements to the form. */
export interface ComposerPart {
  /** Called after each render, because the form and the strings may be new ones. */
  update(form: HTMLFormElement, strings: Strings): void;
}
