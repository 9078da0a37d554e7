import type {DeltaEvent, DoneEvent, StreamChat} from 'stream-chat-element';

// Each line below one that says so is wrong, and has to be refused. Angular checks what a component does with an event,
// and not what a template gives to a custom element.
export class Refused {
  count({detail}: DeltaEvent) {
    // wrong: the detail has no such member
    return detail.words;
  }

  end({detail}: DoneEvent) {
    // wrong: there is no such reason
    return detail.reason === 'finished';
  }

  ask(chat: StreamChat) {
    // wrong: not a question
    return chat.send(42);
  }
}
