import type {ReactiveController, ReactiveControllerHost} from 'lit';

import {CloseEvent, OpenEvent} from '../chat/events.js';
import type {Strings} from '../locales/en.js';
import type {Launcher, LauncherHost} from './launcher.js';

/** What the controller reads from its element, in addition to what the launcher does. */
export interface LauncherControllerHost extends LauncherHost, ReactiveControllerHost {
  readonly renderRoot: HTMLElement | DocumentFragment;
  readonly theme: string;
  mode: 'inline' | 'launcher';
  loadModule<T>(module: Promise<T>, name: string, consequence: string): Promise<Partial<T>>;
}

/** Loads the launcher while `mode` is `launcher`, and removes it otherwise. */
export class LauncherController implements ReactiveController {
  /** Resolves when the launcher is shown; `undefined` without one. */
  loading: Promise<void> | undefined;

  #host: LauncherControllerHost;
  #launcher: Launcher | undefined;

  constructor(host: LauncherControllerHost) {
    (this.#host = host).addController(this);
  }

  hostDisconnected(): void {
    this.#remove();
  }

  /** Makes the panel take the focus when it opens next. */
  takeFocus(): void {
    this.#launcher?.takeFocus();
  }

  /** Called after each update of the element. `wasToggled`: the panel was opened or closed. */
  update(strings: Strings, wasToggled: boolean): void {
    if (this.#host.mode === 'launcher') this.loading = this.#update(strings, wasToggled);
    else this.#remove();
  }

  async #update(strings: Strings, wasToggled: boolean) {
    const host = this.#host;
    if (!this.#launcher) {
      const {Launcher} = await host.loadModule(import('./launcher.js'), 'launcher', 'the chat is shown in the page');
      if (!Launcher) host.mode = 'inline';
      if (!Launcher || host.mode !== 'launcher' || !host.isConnected) return;
      this.#launcher ??= new Launcher(host, host.renderRoot.querySelector<HTMLElement>('.base')!);
    }
    this.#launcher.update(strings, host.theme);
    if (wasToggled) host.dispatchEvent(host.open ? new OpenEvent() : new CloseEvent());
  }

  #remove() {
    this.#launcher?.remove();
    this.#launcher = this.loading = undefined;
  }
}
