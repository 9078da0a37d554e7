/** A stream as a server of others sends it, and what a user has to see of it. */
export interface ServerStream {
  readonly name: string;
  /** Where its shape is documented, or the code that writes it. */
  readonly source: string;
  readonly body: string;
  readonly contentType?: string;
  /** The format that it is recognised as. */
  readonly protocol: string;
  readonly text: string;
  readonly reasoning?: string;
  /** Calls as `name(arguments)`, with `= result` where there is one, and `!` in front where the server runs them. */
  readonly calls?: readonly string[];
  /** Sources as `address`, or `address title`. */
  readonly sources?: readonly string[];
  /** Counts of tokens as `input/output`. */
  readonly usage?: string;
  readonly reason?: string;
  /** Words of the error. */
  readonly error?: string;
}

/** Writes server-sent events without names. */
export function events(...data: readonly unknown[]): string {
  return data.map((one) => `data: ${typeof one === 'string' ? one : JSON.stringify(one)}\n\n`).join('');
}

/** Writes named events: pairs of name and data. */
export function named(...pairs: readonly (readonly [name: string, data: unknown])[]): string {
  return pairs.map(([name, data]) => `event: ${name}\ndata: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`).join('');
}

/** Writes events named as the type in their data. */
export function typed(...data: readonly {readonly type: string}[]): string {
  return named(...data.map((one) => [one.type, one] as const));
}

/** Writes a JSON object a line. */
export function lines(...data: readonly unknown[]): string {
  return data.map((one) => `${JSON.stringify(one)}\n`).join('');
}
