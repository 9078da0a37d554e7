import type {ReactiveController, ReactiveControllerHost} from 'lit';

import type {Strings} from '../locales/en.js';
import type {Announcer, AnnouncerHost} from './announcer.js';

/** What the controller reads from its element, in addition to what the announcer does. */
export interface AnnouncerControllerHost extends AnnouncerHost, ReactiveControllerHost {
  /** Loads the modules that are needed after the first paint. Resolves to none of them if their file is missing. */
  loadDeferred(): Promise<{readonly Announcer?: typeof Announcer}>;
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
    this.#announcer?.announce(text);
  }

  /** Loads the announcer, once. */
  async load(): Promise<void> {
    const {Announcer} = await this.#host.loadDeferred();
    if (Announcer && this.#host.isConnected) this.#announcer ??= new Announcer(this.#host, this.#readStrings);
  }
}
