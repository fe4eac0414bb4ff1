import type { Checkpoint, CheckpointEntry, HistoryRecord, Intent, StateHead } from "../model/checkpoint.ts";
import type { Json } from "../model/json.ts";
import type { RunReport } from "../model/report.ts";
import type { CheckpointReader } from "../ports/checkpoint-store.ts";

/** Everything that a reader tells, so that two states can be compared. */
export interface WholeState {
  readonly head: StateHead | null;
  readonly count: number;
  readonly spaces: readonly string[];
  readonly entries: readonly CheckpointEntry[];
  readonly checkpoints: readonly Checkpoint[];
  readonly intents: readonly Intent[];
  readonly history: readonly HistoryRecord[];
  readonly runs: readonly RunReport[];
  readonly memory: readonly (Json | undefined)[];
}

/** Reads everything, the values of these keys of memory among it. */
export async function wholeState(reader: CheckpointReader, memoryKeys: readonly string[] = []): Promise<WholeState> {
  return {
    head: await reader.head(),
    count: await reader.count(),
    spaces: await reader.spaces(),
    entries: (await Array.fromAsync(reader.entries())).flat(),
    checkpoints: (await Array.fromAsync(reader.checkpoints())).flat(),
    intents: await reader.intents(),
    history: await reader.history({ limit: ALL }),
    runs: await reader.runs(ALL),
    memory: await Promise.all(memoryKeys.map((key) => reader.memory(key))),
  };
}

const ALL = 1_000_000;
