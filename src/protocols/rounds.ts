import type {Message, Part, ToolCallPart} from '../model/conversation.js';

/** One turn of the model inside an answer: what it said, and the calls that the page then answered. */
export interface Round {
  readonly text: string;
  /** All parts in order; those of tools only where they were answered or ran at the provider. */
  readonly parts: readonly Part[];
  /** The calls that the page answered. */
  readonly calls: readonly ToolCallPart[];
}

/** A part that holds a file. */
export type FilePart = Extract<Part, {type: 'file'}>;

/** Returns the messages that a model is told: what says nothing is left out. Of a lost answer it is told what came. */
export function withoutFailed(messages: readonly Message[]): readonly Message[] {
  return messages.filter((message) => {
    if (message.role === 'tool') return false;
    if (message.role !== 'assistant') return message.text !== '' || filesOf(message).length > 0;
    return roundsOf(message).length > 0;
  });
}

/** Returns the turns of an answer: one ends where the model speaks again after its calls were answered. */
export function roundsOf(message: Message): readonly Round[] {
  const rounds: {text: string; parts: Part[]; calls: ToolCallPart[]}[] = [];
  let parts: readonly Part[] = message.parts;
  if (message.text !== '' && !parts.some(({type}) => type === 'text' || type === 'refusal')) {
    parts = [{type: 'text', text: message.text}, ...parts];
  }
  // Providers refuse a call without its result.
  parts = parts.filter((part) => part.type !== 'tool-call' || part.state === 'done' || part.state === 'failed');
  for (const [index, part] of parts.entries()) {
    const isCall = part.type === 'tool-call';
    let round = rounds.at(-1);
    if (!round || beginsRound(round.calls.at(-1), parts.slice(index))) rounds.push((round = {text: '', parts: [], calls: []}));
    round.parts.push(part);
    if (part.type === 'text' || part.type === 'refusal') round.text += part.text;
    if (isCall && !part.server) round.calls.push(part);
  }
  return rounds.filter(({text, calls}) => text !== '' || calls.length > 0);
}

/** Whether the model spoke again after its last call was answered. Between calls of one turn there may be signatures. */
function beginsRound(last: ToolCallPart | undefined, [part, ...rest]: readonly Part[]): boolean {
  if (!last || !part) return false;
  if (part.type === 'text' || part.type === 'refusal') return true;
  const next = part.type === 'tool-call' ? part : rest.find(({type}) => type === 'tool-call' || type === 'text' || type === 'refusal');
  return next?.type !== 'tool-call' || (next.round ?? 0) !== (last.round ?? 0);
}

/** Returns the files that a message carries. */
export function filesOf({parts}: Message): readonly FilePart[] {
  return parts.filter((part) => part.type === 'file');
}

/** Returns the result of a call as text, or what went wrong. */
export function resultText({result, error}: ToolCallPart): string {
  return error ?? (typeof result === 'string' ? result : (JSON.stringify(result) ?? ''));
}
