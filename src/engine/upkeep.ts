import type { Json } from "../model/json.ts";
import { TidemarkError } from "../model/errors.ts";
import type { UpkeepReport } from "../model/report.ts";
import { schemeId } from "../detect/scheme.ts";
import type { BackupReason } from "./backup-file.ts";
import { backUp, shelved } from "./backups.ts";
import type { Ready } from "./carry-out.ts";
import { cutOff, DAY, isPlausible, type Moment, withMoment } from "./own-time.ts";
import type { Parts, Upkeep } from "./parts.ts";
import { dayOf, supersededBackups } from "./superseded-backups.ts";

/** How many of the newest runs keep their history, reports and versions whatever their age. */
export const RUNS_ALWAYS_KEPT = 100;

/** Where the state remembers its upkeep. */
export const UPKEEP_KEY = "engine:upkeep";

/** What the state remembers of its upkeep. */
export interface UpkeepMemory {
  /** Of the clean-ups, oldest first: by these the past grows old. */
  readonly moments: readonly Moment[];
  /** What the state took at the last clean-up. */
  readonly bytes: number | null;
  readonly validation: { readonly at: string; readonly generation: number; readonly checkpoints: number; readonly problems: number } | null;
}

export const NO_UPKEEP: UpkeepMemory = { moments: [], bytes: null, validation: null };

/** What the end of a run has of its upkeep. */
export interface Kept {
  /** Null where nothing was due. */
  readonly report: UpkeepReport | null;
  readonly memory: ReadonlyMap<string, Json>;
}

/**
 * What a run does for its own state. Before it writes: a backup, where one is due, and with each clean-up the whole state is read. `end`,
 * before the commit: the clean-up, where one is due. What fails of it is told, and ends no run.
 */
export async function beginUpkeep(ready: Ready): Promise<{ end(): Promise<Kept> }> {
  const { parts, run, lease } = ready;
  const { upkeep, clock } = parts;
  if (upkeep === undefined) return { end: async () => ({ report: null, memory: new Map() }) };
  const memory = ((await lease.memory(UPKEEP_KEY)) ?? NO_UPKEEP) as unknown as UpkeepMemory;
  const now = new Date(clock.now()).toISOString();
  const isDue = cleanUpDue(memory.moments.at(-1), now, upkeep);
  const validation = isDue && run.head !== null ? await validate(ready) : null;
  const backup = run.head === null ? null : await backUpWhereDue(ready, upkeep, now);
  return {
    end: async () => {
      const cleaned = isDue ? await cleanUp(ready, upkeep, memory, now) : null;
      const report: UpkeepReport = {
        ...(backup === null ? {} : { backup }),
        ...(validation === null ? {} : { validation }),
        ...cleaned?.report,
      };
      const remembered = cleaned === null ? [] : [[UPKEEP_KEY, remember(ready, cleaned.memory, memory, validation, now)] as const];
      return { report: Object.keys(report).length === 0 ? null : report, memory: new Map(remembered) };
    },
  };
}

function cleanUpDue(last: Moment | undefined, now: string, { cleanup_interval_hours }: Upkeep): boolean {
  if (last === undefined || now < last.at) return true;
  return Date.parse(now) - Date.parse(last.at) >= cleanup_interval_hours * 3_600_000;
}

async function validate({ parts, problems }: Ready): Promise<NonNullable<UpkeepReport["validation"]> | null> {
  const started = parts.clock.monotonic();
  const found = (await parts.store.verify?.()) ?? null;
  if (found === null) return null;
  const [first] = found.problems;
  if (first !== undefined) {
    const more = found.problems.length === 1 ? "" : ` (and ${found.problems.length - 1} more)`;
    problems.add({
      code: "state_unsound",
      message: `${first}${more} \`tidemark checkpoint verify\` tells all, \`tidemark checkpoint repair\` mends.`,
    });
  }
  return { checkpoints: found.checkpoints, problems: found.problems.length, duration_ms: Math.round(parts.clock.monotonic() - started) };
}

async function backUpWhereDue(
  ready: Ready,
  { shelf, backup_enabled }: Upkeep,
  now: string,
): Promise<NonNullable<UpkeepReport["backup"]> | null> {
  if (!backup_enabled) return null;
  const { parts, lease, problems } = ready;
  try {
    const reason = await backupDue(ready, shelf, now);
    return reason === null ? null : await backUp(shelf, lease, parts.clock, reason);
  } catch (error) {
    // A state that cannot be read is the run's affair; a shelf that cannot be written is not.
    if (error instanceof TidemarkError && error.code.startsWith("state_") && error.code !== "state_unwritable") throw error;
    problems.add({ code: "backup_failed", message: `No backup of the state was made: ${(error as Error).message} The run goes on.` });
    return null;
  }
}

/** Before deletions and a change of scheme, unless this very generation has one; and one a day, told by the newest one's day alone. */
async function backupDue({ parts, run, prepared }: Ready, shelf: Upkeep["shelf"], now: string): Promise<BackupReason | null> {
  const newest = (await shelved(shelf)).backups[0];
  const { head } = run;
  if (head === null) return null;
  const isCovered = newest?.lineage === head.lineage && newest.generation === head.generation;
  if (!isCovered && prepared.summary.deleted > 0) return "deletion";
  if (!isCovered && schemeId(head.scheme) !== schemeId(parts.settings.scheme)) return "scheme";
  return newest === undefined || dayOf(newest) !== now.slice(0, 10) ? "daily" : null;
}

interface Cleaned {
  readonly report: Pick<UpkeepReport, "cleanup" | "storage">;
  readonly memory: Pick<UpkeepMemory, "moments" | "bytes">;
}

/** A clock that went back or leapt since the last clean-up only makes a note of the time: the next one counts from there. */
async function cleanUp({ parts, lease }: Ready, upkeep: Upkeep, memory: UpkeepMemory, now: string): Promise<Cleaned> {
  const started = parts.clock.monotonic();
  const retention_ms = upkeep.retention_days * DAY;
  const moments = withMoment(memory.moments, now, retention_ms);
  const before = isPlausible(memory.moments.at(-1), now) ? cutOff(moments, retention_ms) : null;
  const pruned = before === null ? NOTHING : await lease.prune({ before, keep: RUNS_ALWAYS_KEPT });
  const backups = await dropBackups(parts, upkeep);
  const bytes = (await parts.store.size())?.total ?? null;
  const duration_ms = Math.round(parts.clock.monotonic() - started);
  const storage = bytes === null ? {} : { storage: { bytes, growth_bytes: memory.bytes === null ? null : bytes - memory.bytes } };
  return { report: { cleanup: { backups, ...pruned, duration_ms }, ...storage }, memory: { moments, bytes } };
}

const NOTHING = { runs: 0, history: 0, versions: 0 };

/** Drops the backups that others have superseded. Answers with how many. */
export async function dropBackups({ log }: Pick<Parts, "log">, { shelf, retention_days }: Upkeep): Promise<number> {
  const superseded = supersededBackups((await shelved(shelf)).backups, retention_days);
  for (const { file } of superseded) {
    await shelf.remove(file);
    log.event({ kind: "debug", message: "backup dropped", fields: { file } });
  }
  return superseded.length;
}

function remember(
  { run }: Ready,
  cleaned: Cleaned["memory"],
  before: UpkeepMemory,
  validation: UpkeepReport["validation"] | null,
  now: string,
): Json {
  const validated =
    validation == null
      ? before.validation
      : { at: now, generation: run.head?.generation ?? 0, checkpoints: validation.checkpoints, problems: validation.problems };
  return { moments: cleaned.moments.map((moment) => ({ ...moment })), bytes: cleaned.bytes, validation: validated && { ...validated } };
}
