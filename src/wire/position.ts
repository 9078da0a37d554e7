/** Tells the frames that are new from those that a server sends again. */
export interface Position {
  /** The last id applied; what a server is asked to go on behind. Empty while there is none. */
  readonly lastId: string;

  /**
   * Says that a connection begins. `resumed`: it was asked to go on behind `lastId`, so that frames before the first
   * id of it follow the frame of that id.
   */
  connect(resumed: boolean): void;

  /**
   * Whether the frame that came with this id of its own, or none, has to be applied. Call `commit` once it is.
   */
  accept(id: string | undefined): boolean;

  /** Says that the accepted frame was applied. */
  commit(): void;

  /** The position as plain data, to be kept over a reload. */
  save(): SavedPosition;
}

/** A position as plain data: the run and the ordinal in it, and the ids of the runs before. */
export interface SavedPosition {
  readonly run: string;
  readonly ordinal: number;
  readonly seen: readonly string[];
}

/** Ids that are kept over a reload: a server that overlaps by more is not known. */
const keptIds = 256;

/**
 * Makes the position at the beginning of an answer. A position is the id of a run and the ordinal in it: a run begins
 * at an id that differs from the one before, and frames without an id, or with the same one, are counted in it. A frame
 * is new if its run is, or if it is further in the last run than what was applied. So any replay that begins at an
 * event with an id, however far it overlaps, gives every frame once.
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
      // The first id of a connection begins its run again, even where it is the id of the last one.
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
    save: () => ({run: lastRun, ordinal: lastOrdinal, seen: [...seen].slice(-keptIds)}),
  };
}
