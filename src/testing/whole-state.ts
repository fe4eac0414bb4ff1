import { exportState } from "../engine/export-state.ts";
import type { AssetVersion, Checkpoint, CheckpointEntry, HistoryRecord, Intent, StateHead } from "../model/checkpoint.ts";
import type { Json } from "../model/json.ts";
import type { RunReport } from "../model/report.ts";
import type { StateRecord } from "../model/state-record.ts";
import type { CheckpointReader } from "../ports/checkpoint-store.ts";

/** Everything that a reader tells, so that two states can be compared. */
export interface WholeState {
  /** Without its format, which is each store's own affair. */
  readonly head: Omit<StateHead, "format"> | null;
  readonly count: number;
  readonly spaces: readonly string[];
  readonly entries: readonly CheckpointEntry[];
  readonly checkpoints: readonly Checkpoint[];
  readonly intents: readonly Intent[];
  readonly history: readonly HistoryRecord[];
  readonly runs: readonly RunReport[];
  readonly memory: readonly (Json | undefined)[];
  readonly versions: readonly AssetVersion[];
  /** All but the head as records. */
  readonly records: readonly StateRecord[];
}

/** Reads everything, the values of these keys of memory among it. */
export async function wholeState(reader: CheckpointReader, memoryKeys: readonly string[] = []): Promise<WholeState> {
  const head = await reader.head();
  return {
    head: head === null ? null : withoutFormat(head),
    count: await reader.count(),
    spaces: await reader.spaces(),
    entries: (await Array.fromAsync(reader.entries())).flat(),
    checkpoints: (await Array.fromAsync(reader.checkpoints())).flat(),
    intents: await reader.intents(),
    history: await reader.history({ limit: ALL }),
    runs: await reader.runs(ALL),
    versions: (await Array.fromAsync(reader.versions())).flat(),
    records: (await Array.fromAsync(exportState(reader))).flat().slice(1),
    memory: await Promise.all(memoryKeys.map((key) => reader.memory(key))),
  };
}

function withoutFormat({ format: _format, ...head }: StateHead): Omit<StateHead, "format"> {
  return head;
}

const ALL = 1_000_000;
