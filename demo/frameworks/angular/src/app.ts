import {Component, CUSTOM_ELEMENTS_SCHEMA, signal} from '@angular/core';
import type {AnswerErrorEvent, DeltaEvent, DoneEvent} from 'stream-chat-element';

import {getHeaders, strings, tools} from '../../settings';

@Component({
  selector: 'app-root',
  // Angular would look for a component of the name `stream-chat`, and fail.
  schemas: [CUSTOM_ELEMENTS_SCHEMA],
  template: `
    <main>
      <p>
        <output id="letters">{{ letters() }}</output> letters, <output id="ended">{{ ended() }}</output>
        <output id="failed">{{ failed() }}</output>
      </p>
      <button id="toggle" (click)="isOpen.set(!isOpen())">{{ isOpen() ? 'Close' : 'Open' }}</button>
      <button id="lock" (click)="isLocked.set(!isLocked())">{{ isLocked() ? 'Unlock' : 'Lock' }}</button>
      @if (isOpen()) {
        <stream-chat
          endpoint="/api/chat"
          heading="Angular"
          [maxLength]="200"
          [disabled]="isLocked()"
          [headers]="getHeaders"
          [tools]="tools"
          [strings]="strings"
          (delta)="count($event)"
          (done)="end($event)"
          (error)="fail($event)"
        ></stream-chat>
      }
    </main>
  `,
})
export class App {
  readonly getHeaders = getHeaders;
  readonly tools = tools;
  readonly strings = strings;

  readonly letters = signal(0);
  readonly ended = signal('');
  readonly failed = signal('');
  readonly isLocked = signal(false);
  readonly isOpen = signal(true);

  count({detail}: DeltaEvent) {
    this.letters.update((count) => count + detail.text.length);
  }

  end({detail}: DoneEvent) {
    this.ended.set(`${detail.reason}, ${detail.message.text.length}`);
  }

  fail({detail}: AnswerErrorEvent) {
    this.failed.set(detail.error.code);
  }
}
