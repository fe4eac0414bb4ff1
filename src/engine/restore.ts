import type { AssetId } from "../model/asset.ts";
import type { Checkpoint, StateHead } from "../model/checkpoint.ts";
import { TidemarkError } from "../model/errors.ts";
import type { StateRecord } from "../model/state-record.ts";
import type { BackupShelf } from "../ports/backup-shelf.ts";
import type { CheckpointStore } from "../ports/checkpoint-store.ts";
import type { Clock } from "../ports/clock.ts";
import { type BackupHeader, type BackupInput, proveBackup, readRecords } from "./backup-file.ts";
import { backUp, type MadeBackup } from "./backups.ts";
import { mergeById } from "./merge-by-id.ts";

/** What the state now knows and another one would not. */
export interface Loss {
  /** How far the state goes back; negative where it goes on. */
  readonly generations: number;
  /** Checkpoints that would be gone. */
  readonly forgotten: number;
  /** Checkpoints that would be there again. */
  readonly returned: number;
  /** Checkpoints that would be those of an earlier or later moment. */
  readonly changed: number;
}

/** What stands before a replacement of the state, to be told before it is done. */
export interface Replacement {
  readonly header: BackupHeader;
  /** The state that there is; null where there is none, or none that can be read. */
  readonly current: { readonly lineage: string; readonly generation: number; readonly checkpoints: number } | null;
  /** Why the state that there is cannot be read. */
  readonly unreadable: string | null;
  /** Null where there is no state to lose anything of. */
  readonly loss: Loss | null;
}

/** What a replacement came to. */
export interface Replaced {
  readonly pipeline: string;
  readonly from: string;
  readonly lineage: string;
  readonly generation: number;
  readonly checkpoints: number;
  /** Where the state lies that was replaced; null where there was none. */
  readonly set_aside: string | null;
  /** Of the state that was replaced; null where it could not be read, or there was none. */
  readonly backup: MadeBackup | null;
}

export interface RestoreParts {
  readonly pipeline: string;
  readonly store: CheckpointStore;
  readonly shelf: BackupShelf;
  readonly clock: Clock;
}

/** Proves the backup, compares it with the state, and writes nothing. Refuses one of another pipeline, and one of another lineage. */
export async function lookAtRestore(parts: RestoreParts, input: BackupInput): Promise<Replacement> {
  const found = await lookAtReplacement(parts, input);
  const { header, current } = found;
  if (current !== null && current.lineage !== header.lineage)
    throw new TidemarkError(
      "usage",
      `${input.name} belongs to lineage ${header.lineage}, and the state of pipeline ${parts.pipeline} to lineage ${current.lineage}: it is not restored.`,
      { remedy: "Take a backup of the same lineage: `tidemark checkpoint backup --list` shows them." },
    );
  return found;
}

/** As {@link lookAtRestore}, whatever the lineage. */
export async function lookAtReplacement({ pipeline, store }: RestoreParts, input: BackupInput): Promise<Replacement> {
  const header = await proveBackup(input);
  if (header.pipeline !== pipeline)
    throw new TidemarkError("usage", `${input.name} is of pipeline ${header.pipeline}, and this is pipeline ${pipeline}.`, {
      remedy: `Choose it with --pipeline ${header.pipeline}.`,
    });
  try {
    await using reader = await store.reader();
    const head = await reader.head();
    if (head === null) return { header, current: null, unreadable: null, loss: null };
    const loss = await lossOf(header, head, checkpointsIn(input), reader.checkpoints());
    return {
      header,
      current: { lineage: head.lineage, generation: head.generation, checkpoints: await reader.count() },
      unreadable: null,
      loss,
    };
  } catch (error) {
    if (!(error instanceof TidemarkError) || (error.code !== "state_damaged" && error.code !== "state_lost")) throw error;
    return { header, current: null, unreadable: error.message, loss: null };
  }
}

async function lossOf(
  header: BackupHeader,
  head: StateHead,
  then: AsyncIterable<readonly (Checkpoint & { readonly id: AssetId })[]>,
  now: AsyncIterable<readonly Checkpoint[]>,
): Promise<Loss> {
  let [forgotten, returned, changed] = [0, 0, 0];
  for await (const pairs of mergeById(then, now)) {
    for (const { listed, entry } of pairs) {
      if (listed === null) forgotten++;
      else if (entry === null) returned++;
      else if (listed.sync_version !== entry.sync_version || listed.target?.revision !== entry.target?.revision) changed++;
    }
  }
  return { generations: head.generation - header.generation, forgotten, returned, changed };
}

/** The checkpoints of a backup, in their order. */
export async function* checkpointsIn(input: BackupInput): AsyncGenerator<readonly (Checkpoint & { readonly id: AssetId })[]> {
  for await (const page of readRecords(input))
    yield page.flatMap((record) => (record.record === "checkpoint" ? [{ id: record.checkpoint.asset_id, ...record.checkpoint }] : []));
}

/**
 * Puts a proved backup in the state's place. What is there gets a backup of its own where it can be read, and is moved, not deleted. The
 * new state's generation is above every one that was, and it is marked as recovered: the next run scans the target and deletes nothing.
 */
export async function restore(parts: RestoreParts, input: BackupInput, { header }: Pick<Replacement, "header">): Promise<Replaced> {
  const backup = await backUpFirst(parts);
  const { head, set_aside } = await parts.store.replace(raised(parts, header, readRecords(input)));
  const { lineage, generation } = head;
  return { pipeline: parts.pipeline, from: input.name, lineage, generation, checkpoints: header.checkpoints, set_aside, backup };
}

/** Under the lease, so that a run under way is met before anything is written. */
async function backUpFirst({ store, shelf, clock }: RestoreParts): Promise<MadeBackup | null> {
  try {
    await using lease = await store.acquire();
    return await backUp(shelf, lease, clock, "restore");
  } catch (error) {
    const isNone = error instanceof TidemarkError && (error.code === "state_damaged" || error.code === "state_lost");
    if (!isNone) throw error;
    return null;
  }
}

/** The head is made when it is asked for: under the lease, when no other run can raise the generation any more. */
async function* raised(
  { store }: RestoreParts,
  header: BackupHeader,
  records: AsyncIterable<readonly StateRecord[]>,
): AsyncGenerator<readonly StateRecord[]> {
  const generation = Math.max(header.generation, await generationOf(store)) + 1;
  for await (const page of records)
    yield page.map((record) =>
      record.record === "head" ? { record: "head", head: { ...record.head, generation, clean: true, recovered: true } } : record,
    );
}

/** Of the state that is there; 0 where there is none that can be read. */
export async function generationOf(store: CheckpointStore): Promise<number> {
  try {
    await using reader = await store.reader();
    return (await reader.head())?.generation ?? 0;
  } catch (error) {
    if (error instanceof TidemarkError && error.code.startsWith("state_")) return 0;
    throw error;
  }
}
