import { TidemarkError } from "../model/errors.ts";
import type { StateRecord } from "../model/state-record.ts";
import type { CheckpointReader, CheckpointStore, Replaced } from "../ports/checkpoint-store.ts";
import { exportState } from "./export-state.ts";

/** What a migration came to. */
export interface Migrated extends Replaced {
  /** Where the state that was moved lies now; null where its store cannot move it. */
  readonly left_behind: string | null;
}

/**
 * Moves a pipeline's state from one store to another: read under its lease, built and proved there, then set aside here, so that a run
 * which still looks here finds no state instead of an older one. The first sync after it deletes nothing.
 */
export async function migrateState(pipeline: string, from: CheckpointStore, to: CheckpointStore): Promise<Migrated> {
  await requireNoState(pipeline, to);
  const replaced = await copy(pipeline, from, to);
  return { ...replaced, left_behind: (await from.setAside?.()) ?? null };
}

async function copy(pipeline: string, from: CheckpointStore, to: CheckpointStore): Promise<Replaced> {
  await using seen = await from.reader();
  if ((await seen.head()) === null)
    throw new TidemarkError("usage", `Pipeline ${pipeline} has no state to migrate.`, {
      remedy: "Set `storage_type` in the configuration, then run `tidemark sync`.",
    });
  await using lease = await from.acquire();
  return await to.replace(raised(lease));
}

async function* raised(reader: CheckpointReader): AsyncGenerator<readonly StateRecord[]> {
  for await (const page of exportState(reader)) {
    yield page.map((record) =>
      record.record === "head" ? { ...record, head: { ...record.head, generation: record.head.generation + 1, recovered: true } } : record,
    );
  }
}

async function requireNoState(pipeline: string, to: CheckpointStore): Promise<void> {
  await using reader = await to.reader();
  if ((await reader.head()) === null) return;
  throw new TidemarkError("usage", `Pipeline ${pipeline} has a state where it would be migrated to, which that would replace.`, {
    remedy: "Look at it with `tidemark checkpoint list`, its store configured. If it is not to be kept, move it out of the way first.",
  });
}
