import type {ToolCallPart} from '../model/conversation.js';
import {revealInvisible} from '../lib/reveal-invisible.js';
import {messageOf} from '../model/thrown.js';
import type {ToolDescription} from '../protocols/protocol.js';
import type {ToolCallDetail, ToolCallEvent} from './events.js';
import {parseJson} from './partial-json.js';

/** Maximum length of the arguments in the description of a call, in characters. */
const longestArguments = 300;
/** Default timeout of a tool, in seconds. */
const defaultTimeout = 60;

/** Context passed to a tool in addition to its arguments. */
export interface ToolContext {
  readonly id: string;
  readonly name: string;
  /** Aborts when the answer is stopped, and when the tool times out. */
  readonly signal: AbortSignal;
}

/** A tool that the model can call. */
export interface Tool extends ToolDescription {
  /** Returns the result, a JSON value, or a promise of one. Without it, a `toolcall` listener has to answer. */
  // A method, because its parameters are bivariant: a tool can declare the type of its arguments.
  execute?(args: Readonly<Record<string, unknown>>, context: ToolContext): unknown;
  /** Whether the user has to confirm each call. */
  readonly confirm?: boolean;
  /** Timeout of a call in seconds, without the wait for confirmation. 0: no timeout. */
  readonly timeout?: number;
}

/** The tool calls of one round, and what they run with. */
export interface ToolRun {
  readonly calls: readonly ToolCallPart[];
  readonly tools: readonly Tool[];
  readonly signal: AbortSignal;
  /** Dispatches `toolcall`. */
  readonly dispatch: (detail: ToolCallDetail) => ToolCallEvent;
  /** Resolves to whether the user allows the call. `description`: its name and arguments, to be announced. */
  readonly confirm: (key: string, description: string) => Promise<boolean>;
  readonly update: (key: string, change: Partial<ToolCallPart>) => void;
  /** Reports the failure of a tool to the host page. */
  readonly fail: (message: string, cause: unknown) => void;
}

/** Runs the calls of one round in parallel. Resolves to whether all have a result; never rejects. */
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
    const isAllowed = await run.confirm(key, describeCall(name, args));
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
    // A `toolcall` listener may wait for the user: no default timeout.
    const seconds = tool?.timeout ?? (event.response ? 0 : defaultTimeout);
    const aborted = new Promise<never>((_, reject) => {
      controller.signal.addEventListener('abort', () => reject(controller.signal.reason as Error));
      if (seconds > 0 && seconds < Infinity) {
        timer = setTimeout(() => controller.abort(new Error(`It did not answer within ${seconds} s.`)), seconds * 1000);
      }
    });
    const context = {id, name, signal: controller.signal};
    const result = await Promise.race([event.response ?? execute(tool!, args, context), aborted]);
    update(key, {state: 'done', result: toPlainJson(result)});
    return true;
  } catch (cause) {
    return fail(messageOf(cause), cause);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  }
}

async function execute(tool: Tool, args: Readonly<Record<string, unknown>>, context: ToolContext): Promise<unknown> {
  return tool.execute!(args, context);
}

/** Returns the result as plain JSON, because it is stored, sent and rendered. Throws if it cannot be encoded. */
function toPlainJson(result: unknown): unknown {
  if (result === undefined) return null;
  const json = JSON.stringify(result) as string | undefined;
  if (json === undefined) throw new Error(`Its result, a ${typeof result}, cannot be written as JSON.`);
  return JSON.parse(json) as unknown;
}

/** Returns the name of a tool and its arguments without the signs of JSON, which a voice would read or skip. */
function describeCall(name: string, args: Readonly<Record<string, unknown>>): string {
  const write = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));
  const all = Object.entries(args).map(([key, value]) => `${key} ${write(value)}`).join(', ');
  const shown = all.length > longestArguments ? `${all.slice(0, longestArguments)}…` : all;
  return revealInvisible(shown === '' ? name : `${name}, ${shown}`);
}
