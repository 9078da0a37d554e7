import type {ToolCallPart} from '../model/conversation.js';
import type {ToolDescription} from '../protocols/protocol.js';
import type {ToolCallDetail, ToolCallEvent} from './events.js';
import {parseJson} from './structured.js';

/** Seconds that a tool may take, where it says nothing else. */
const defaultTimeout = 60;

/** What a tool is told beside its arguments. */
export interface ToolContext {
  readonly id: string;
  readonly name: string;
  /** Aborts when the person stops the answer, and when the time is over. */
  readonly signal: AbortSignal;
}

/** A tool that the model may call. */
export interface Tool extends ToolDescription {
  /** Returns the result, something that can be written as JSON, or a promise of it. Without it `toolcall` has to answer. */
  // A method, so that a tool may say what its own arguments are.
  execute?(args: Readonly<Record<string, unknown>>, context: ToolContext): unknown;
  /** The person has to allow each call. */
  readonly confirm?: boolean;
  /** Seconds that a call may take, beyond the wait for the person. 0: as long as it likes. */
  readonly timeout?: number;
}

/** What the calls of one turn are run with. */
export interface ToolRun {
  readonly calls: readonly ToolCallPart[];
  readonly tools: readonly Tool[];
  readonly signal: AbortSignal;
  /** Dispatches `toolcall`. */
  readonly dispatch: (detail: ToolCallDetail) => ToolCallEvent;
  /** Resolves to whether the person allows the call. */
  readonly ask: (key: string) => Promise<boolean>;
  readonly update: (key: string, change: Partial<ToolCallPart>) => void;
  /** Tells the page of a tool that failed. */
  readonly fail: (message: string, cause: unknown) => void;
}

/** Runs the calls of one turn, all at once. Resolves to whether all have a result; never rejects. */
export async function runTools(run: ToolRun): Promise<boolean> {
  const answered = await Promise.all(run.calls.map((call) => runTool(call, run)));
  return answered.every(Boolean);
}

async function runTool(call: ToolCallPart, run: ToolRun): Promise<boolean> {
  const {key, id, name} = call;
  const {tools, signal, update} = run;
  const tool = tools.find((known) => known.name === name);
  const fail = (error: string, cause?: unknown) => {
    if (signal.aborted) return true;
    update(key, {state: 'failed', error});
    run.fail(`The tool "${name}" failed: ${error}`, cause);
    return true;
  };

  let args: Readonly<Record<string, unknown>>;
  try {
    args = parseJson(call.arguments || '{}') as typeof args;
  } catch (cause) {
    return fail('The arguments are no JSON.', cause);
  }
  if (tool?.confirm) {
    update(key, {state: 'asking'});
    const isAllowed = await run.ask(key);
    if (signal.aborted) return true;
    if (!isAllowed) {
      update(key, {state: 'failed', error: 'The person did not allow this call.'});
      return true;
    }
  }
  update(key, {state: 'running'});
  const controller = new AbortController();
  const stop = () => controller.abort(signal.reason);
  signal.addEventListener('abort', stop, {once: true});
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    const event = run.dispatch({id, name, arguments: args});
    if (!event.response && !tool?.execute) {
      update(key, {state: 'called'});
      return false;
    }
    // What the page answers by an event may be a person's: it takes the time it takes, unless the tool has a limit.
    const seconds = tool?.timeout ?? (event.response ? 0 : defaultTimeout);
    const over = new Promise<never>((_, reject) => {
      controller.signal.addEventListener('abort', () => reject(asError(controller.signal.reason)));
      if (seconds > 0 && seconds < Infinity) {
        timer = setTimeout(() => controller.abort(new Error(`It did not answer within ${seconds} s.`)), seconds * 1000);
      }
    });
    const context = {id, name, signal: controller.signal};
    const result = await Promise.race([event.response ?? execute(tool!, args, context), over]);
    update(key, {state: 'done', result: plain(result)});
    return true;
  } catch (cause) {
    return fail(asError(cause).message, cause);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  }
}

async function execute(tool: Tool, args: Readonly<Record<string, unknown>>, context: ToolContext): Promise<unknown> {
  return tool.execute!(args, context);
}

function asError(cause: unknown): Error {
  return cause instanceof Error ? cause : new Error(String(cause));
}

/** Returns what a result is when it is written as JSON: it is stored, sent and drawn. Throws where it cannot be. */
function plain(result: unknown): unknown {
  if (result === undefined) return null;
  const json = JSON.stringify(result) as string | undefined;
  if (json === undefined) throw new Error(`Its result, a ${typeof result}, cannot be written as JSON.`);
  return JSON.parse(json) as unknown;
}
