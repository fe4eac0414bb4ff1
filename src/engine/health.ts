import type { BackupReason } from "./backup-file.ts";
import type { BackupShelf } from "../ports/backup-shelf.ts";
import type { CheckpointReader, CheckpointStore, StateSize } from "../ports/checkpoint-store.ts";
import { shelved } from "./backups.ts";
import { NO_UPKEEP, UPKEEP_KEY, type UpkeepMemory } from "./upkeep.ts";

/** How safe a state is, and how much room it takes. */
export interface Health {
  readonly backups: {
    readonly enabled: boolean;
    readonly count: number;
    readonly bytes: number;
    /** Files whose first line is no backup's. */
    readonly damaged: number;
    readonly newest: {
      readonly file: string;
      readonly generation: number;
      readonly made_at: string;
      readonly reason: BackupReason;
      readonly bytes: number;
      /** By the clock of now; null where that says the backup is yet to be made. */
      readonly age_seconds: number | null;
      /** Generations that the state has gone on since; null where it is of another lineage. */
      readonly generations_behind: number | null;
    } | null;
  };
  readonly storage: (StateSize & { readonly bytes_per_asset: number | null; readonly growth_bytes: number | null }) | null;
  /** The last time that a run read the whole state. */
  readonly validation: UpkeepMemory["validation"];
  readonly last_cleanup: string | null;
}

/** Reads what there is to know, and asks neither source nor target. */
export async function readHealth(
  { store, shelf, backup_enabled }: { readonly store: CheckpointStore; readonly shelf: BackupShelf; readonly backup_enabled: boolean },
  reader: CheckpointReader,
  now: number,
): Promise<Health> {
  const [head, size, { backups, damaged }] = [await reader.head(), await store.size(), await shelved(shelf)];
  const memory = head === null ? NO_UPKEEP : (((await reader.memory(UPKEEP_KEY)) ?? NO_UPKEEP) as unknown as UpkeepMemory);
  const checkpoints = head === null ? 0 : await reader.count();
  const [newest] = backups;
  const age = newest === undefined ? 0 : Math.round((now - Date.parse(newest.made_at)) / 1_000);
  return {
    backups: {
      enabled: backup_enabled,
      count: backups.length,
      bytes: backups.reduce((sum, { bytes }) => sum + bytes, 0),
      damaged: damaged.length,
      newest:
        newest === undefined
          ? null
          : {
              file: newest.file,
              generation: newest.generation,
              made_at: newest.made_at,
              reason: newest.reason,
              bytes: newest.bytes,
              age_seconds: age < 0 ? null : age,
              generations_behind: head !== null && head.lineage === newest.lineage ? head.generation - newest.generation : null,
            },
    },
    storage:
      size === null
        ? null
        : {
            ...size,
            bytes_per_asset: checkpoints === 0 ? null : Math.round(size.total / checkpoints),
            growth_bytes: memory.bytes === null ? null : size.total - memory.bytes,
          },
    validation: memory.validation,
    last_cleanup: memory.moments.at(-1)?.at ?? null,
  };
}
