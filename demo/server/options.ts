/** How fast an answer is written. */
export const speedNames = ['slow', 'normal', 'fast', 'burst'] as const;
export type SpeedName = (typeof speedNames)[number];

/** Milliseconds for one piece; `burst` writes all of them at once. */
export const pieceDelay: Readonly<Record<SpeedName, number>> = {slow: 110, normal: 26, fast: 4, burst: 0};

/** What can go wrong on request. */
export const faultNames = [
  'none',
  'cut',
  'end-early',
  'silence',
  'slow-start',
  'rate-limit',
  'server-error',
  'unauthorized',
  'malformed',
  'stream-error',
  'redirect',
] as const;
export type FaultName = (typeof faultNames)[number];

/** Whether `name` is one of `speedNames`. */
export const isSpeedName = (name: string): name is SpeedName => speedNames.some((known) => known === name);

/** Whether `name` is one of `faultNames`. */
export const isFaultName = (name: string): name is FaultName => faultNames.some((known) => known === name);
