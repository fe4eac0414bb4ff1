const HOUR = 3_600_000;
export const DAY: number = 24 * HOUR;

/** No gap between two moments counts for more, so that no clock that jumped makes anything old. */
const LONGEST_GAP: number = DAY;

/** A clock that went on by more than this between two clean-ups is not believed. */
const LEAP: number = 7 * DAY;

/** A moment of a pipeline's own time: what the wall clock said, and the milliseconds that had passed by the pipeline's own count. */
export interface Moment {
  readonly at: string;
  readonly elapsed_ms: number;
}

/** What counts as passed between two readings of a wall clock: nothing where it went back, a day where it went on further. */
export function passedBetween(earlier: string, later: string): number {
  return Math.min(Math.max(Date.parse(later) - Date.parse(earlier), 0), LONGEST_GAP);
}

/** Whether the wall clock can be believed since the last moment. */
export function isPlausible(last: Moment | undefined, now: string): boolean {
  const gap = last === undefined ? 0 : Date.parse(now) - Date.parse(last.at);
  return gap >= 0 && gap <= LEAP;
}

/** Adds a moment. Old ones that no cut-off needs any more go, and those that crowd. */
export function withMoment(moments: readonly Moment[], at: string, retention_ms: number): readonly Moment[] {
  const last = moments.at(-1);
  const elapsed_ms = last === undefined ? 0 : last.elapsed_ms + passedBetween(last.at, at);
  const before = moments.at(-2);
  const crowds = before !== undefined && elapsed_ms - before.elapsed_ms < Math.max(HOUR, retention_ms / 100);
  const kept = crowds ? moments.slice(0, -1) : moments;
  const old = kept.findLastIndex((moment) => elapsed_ms - moment.elapsed_ms >= retention_ms);
  return [...kept.slice(Math.max(old, 0)), { at, elapsed_ms }];
}

/** The wall time before which everything is older than the retention by the pipeline's own count; null where nothing is. */
export function cutOff(moments: readonly Moment[], retention_ms: number): string | null {
  const now = moments.at(-1)?.elapsed_ms ?? 0;
  return moments.findLast((moment) => now - moment.elapsed_ms >= retention_ms)?.at ?? null;
}
