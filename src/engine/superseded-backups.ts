import type { BackupHeader } from "./backup-file.ts";
import { DAY, passedBetween } from "./own-time.ts";

/** How many of the newest backups always stay. */
export const ALWAYS_KEPT = 7;

type Dated = Pick<BackupHeader, "number" | "made_at">;

/**
 * Which backups may go: not the newest seven; of the others not the newest of each day, until they are `days` old.
 *
 * Their order is that in which they were made, and their age the sum of the gaps between them, none counted for more than a day: a clock
 * that jumped to 2100 and back ages nothing.
 */
export function supersededBackups<T extends Dated>(backups: readonly T[], days: number): readonly T[] {
  const newestFirst = backups.toSorted((a, b) => b.number - a.number);
  let age = 0;
  return newestFirst.filter((backup, at) => {
    const newer = newestFirst[at - 1];
    if (newer === undefined) return false;
    age += passedBetween(backup.made_at, newer.made_at);
    return at >= ALWAYS_KEPT && (dayOf(newer) === dayOf(backup) || age > days * DAY);
  });
}

/** The day that a backup was made on, by the clock of then. */
export function dayOf({ made_at }: Pick<BackupHeader, "made_at">): string {
  return made_at.slice(0, 10);
}
