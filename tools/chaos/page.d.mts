/** What the bench says of one play. */
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

/** Makes the waits of the element short. Returns a function that undoes it. */
export function hurry(): () => void;

/** Takes plays from a session until there are none, so many at a time. Resolves to their verdicts. */
export function playSession(options: {
  readonly session: string;
  readonly workers: number;
  /** A URL that cannot be reached. */
  readonly refused: string;
}): Promise<Verdict[]>;
