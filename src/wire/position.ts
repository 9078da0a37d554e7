/** Deduplicates frames that a server resends after a reconnect. */
export interface Position {
  /** Last event ID applied, after which the server resumes. Empty while there is none. */
  readonly lastId: string;

  /**
   * Starts a connection. `resumed`: the request asked to resume after `lastId`, so frames before the first event ID
   * of this connection follow the frame with that ID.
   */
  connect(resumed: boolean): void;

  /** Returns whether the frame with this event ID of its own, or none, is new. Call `commit` once it is applied. */
  accept(id: string | undefined): boolean;

  /** Records that the accepted frame was applied. */
  commit(): void;

  /** Returns the position as plain data, to be stored for a reload. */
  save(): SavedPosition;
}

/** A position as plain data: a run, the ordinal in it, and the IDs of earlier runs. */
export interface SavedPosition {
  readonly run: string;
  readonly ordinal: number;
  readonly seen: readonly string[];
}

/** Maximum number of IDs stored for a reload; no server is known to overlap by more. */
const maxStoredIds = 256;

/**
 * Creates the position at the beginning of an answer, or restores a saved one. A position is a run and an ordinal in
 * it. A run starts at each new event ID; frames without an ID, or with the same one, are counted in it. A frame is new
 * if its run is new, or if it is further in the last run than the last one applied. So any replay that starts at a
 * frame with an ID yields every frame once, however far it overlaps.
 */
export function createPosition(saved?: SavedPosition): Position {
  let lastRun = saved?.run ?? '';
  let lastOrdinal = saved?.ordinal ?? -1;
  const seen = new Set<string>(saved?.seen);

  let run = '';
  let ordinal = -1;
  let hasId = false;

  return {
    get lastId() {
      return lastRun;
    },
    connect(resumed) {
      run = resumed ? lastRun : '';
      ordinal = run === '' ? -1 : 0;
      hasId = false;
    },
    accept(id) {
      // The first ID of a connection starts its run again, even if it is the ID of the last run.
      if (id && (id !== run || !hasId)) {
        run = id;
        ordinal = 0;
        hasId = true;
      } else ordinal++;
      return run === lastRun ? ordinal > lastOrdinal : !seen.has(run);
    },
    commit() {
      if (run !== lastRun) {
        seen.add(lastRun);
        lastRun = run;
      }
      lastOrdinal = ordinal;
    },
    save: () => ({run: lastRun, ordinal: lastOrdinal, seen: [...seen].slice(-maxStoredIds)}),
  };
}
