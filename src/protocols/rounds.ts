import type {Message, Part, ToolCallPart} from '../model/conversation.js';

/** One model call inside an answer: its output, and the tool calls that the host page answered. */
export interface Round {
  readonly text: string;
  /** All parts in order; tool calls only if they were answered or ran at the provider. */
  readonly parts: readonly Part[];
  /** Tool calls that the host page answered. */
  readonly calls: readonly ToolCallPart[];
}

/** A part that holds a file. */
export type FilePart = Extract<Part, {type: 'file'}>;

/** Returns the messages to send to the model, without empty ones. Of an interrupted answer, sends what arrived. */
export function withoutFailed(messages: readonly Message[]): readonly Message[] {
  return messages.filter((message) => {
    if (message.role === 'tool') return false;
    if (message.role !== 'assistant') return message.text !== '' || filesOf(message).length > 0;
    return roundsOf(message).length > 0;
  });
}

/** Splits an answer into rounds: a new one starts where output follows answered calls. */
export function roundsOf(message: Message): readonly Round[] {
  const rounds: {text: string; parts: Part[]; calls: ToolCallPart[]}[] = [];
  let parts: readonly Part[] = message.parts;
  if (message.text !== '' && !parts.some(({type}) => type === 'text' || type === 'refusal')) {
    parts = [{type: 'text', text: message.text}, ...parts];
  }
  // Providers reject a call without its result.
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

/** Returns whether a part starts a new round. Signatures may occur between the calls of one round. */
function beginsRound(last: ToolCallPart | undefined, [part, ...rest]: readonly Part[]): boolean {
  if (!last || !part) return false;
  if (part.type === 'text' || part.type === 'refusal') return true;
  const next = part.type === 'tool-call' ? part : rest.find(({type}) => type === 'tool-call' || type === 'text' || type === 'refusal');
  return next?.type !== 'tool-call' || (next.round ?? 0) !== (last.round ?? 0);
}

/** Returns the files of a message. */
export function filesOf({parts}: Message): readonly FilePart[] {
  return parts.filter((part) => part.type === 'file');
}

/** Returns the result of a call as text, or its error message. */
export function resultText({result, error}: ToolCallPart): string {
  return error ?? (typeof result === 'string' ? result : (JSON.stringify(result) ?? ''));
}
