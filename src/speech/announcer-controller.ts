import type {ReactiveController, ReactiveControllerHost} from 'lit';

import type {Strings} from '../locales/en.js';
import type {Announcer, AnnouncerHost} from './announcer.js';

/** What the controller reads from its element, in addition to what the announcer does. */
export interface AnnouncerControllerHost extends AnnouncerHost, ReactiveControllerHost {
  loadModule<T>(module: Promise<T>, name: string, consequence: string): Promise<Partial<T>>;
}

/** Loads the announcer unless `announce` is `off`. */
export class AnnouncerController implements ReactiveController {
  #host: AnnouncerControllerHost;
  #readStrings: () => Strings;
  #announcer: Announcer | undefined;

  constructor(host: AnnouncerControllerHost, readStrings: () => Strings) {
    this.#readStrings = readStrings;
    (this.#host = host).addController(this);
  }

  hostDisconnected(): void {
    this.#announcer?.disconnect();
    this.#announcer = undefined;
  }

  /** Announces a text to screen readers. */
  announceText(text: string): void {
    if (this.#host.announce !== 'off') this.#announcer?.enqueue(text);
  }

  /** Loads the announcer, once. */
  async load(): Promise<void> {
    const module = import('./announcer.js');
    const {Announcer} = await this.#host.loadModule(module, 'announcer', 'nothing is announced to screen readers');
    if (Announcer && this.#host.isConnected) this.#announcer ??= new Announcer(this.#host, this.#readStrings);
  }
}
