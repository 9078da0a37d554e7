/** Verdict on one scenario. */
export interface Verdict {
  readonly combination: string;
  readonly index: number;
  readonly format: string;
  readonly exact: boolean;
  readonly problems: readonly string[];
  readonly faults: readonly {
    readonly attempt: number;
    readonly kind: string;
    readonly how?: string;
    readonly status?: number;
    readonly event?: number;
    readonly at?: number;
  }[];
}

/** Shortens the delays before reconnecting. Returns a function that restores them. */
export function shortenDelays(): () => void;

/** Runs the scenarios of a session until there are none left, `workers` in parallel. Resolves to their verdicts. */
export function runSession(options: {
  readonly session: string;
  readonly workers: number;
  /** A URL that cannot be reached. */
  readonly refused: string;
}): Promise<Verdict[]>;
