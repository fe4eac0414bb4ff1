import { type AssetId, spaceOf } from "../../model/asset.ts";
import type { Checkpoint, CheckpointEntry } from "../../model/checkpoint.ts";
import { compareCodePoints } from "../../model/order.ts";
import { parseStored } from "../../model/stored-json.ts";
import type { CheckpointReader } from "../../ports/checkpoint-store.ts";
import type { MemoryState } from "./memory-state.ts";

/** Reads a state in memory. */
export function memoryReader(state: MemoryState): CheckpointReader {
  return {
    head: async () => state.head,
    count: async () => state.count,
    spaces: async () => [...new Set(state.ids.map(spaceOf))].sort(compareCodePoints),
    entries: ({ after } = {}) => pages(state, entryOf, after),
    checkpoints: ({ after } = {}) => pages(state, (checkpoint) => checkpoint, after),
    get: async (ids) => new Map(ids.flatMap((id) => entriesOf(id, state.get(id)))),
    intents: async () => [...state.intents.values()],
    memory: async (key) => {
      const text = state.memory.get(key);
      return text === undefined ? undefined : parseStored(text);
    },
    memories: () => {
      const keys = [...state.memory.keys()].sort(compareCodePoints);
      return inPages(keys.map((key) => [key, parseStored(state.memory.get(key) as string)] as const));
    },
    versions: ({ asset_id, run_id, oldest_first = false } = {}) => {
      const found = state.versions.filter(
        (version) => (asset_id ?? version.asset_id) === version.asset_id && (run_id ?? version.run_id) === version.run_id,
      );
      return inPages(oldest_first ? found : found.reverse());
    },
    reports: () => inPages([...state.runs]),
    trail: () => inPages([...state.history]),
    runs: async (limit) => state.runs.toReversed().slice(0, limit),
    history: async ({ asset_id, limit, skip = 0 }) => {
      const records = asset_id === undefined ? state.history : state.history.filter((record) => record.asset_id === asset_id);
      return records.toReversed().slice(skip, skip + limit);
    },
    [Symbol.asyncDispose]: async () => undefined,
  };
}

const PAGE = 1_000;

async function* inPages<T>(rows: readonly T[]): AsyncIterable<readonly T[]> {
  for (let at = 0; at < rows.length; at += PAGE) yield rows.slice(at, at + PAGE);
}

async function* pages<T>(state: MemoryState, view: (checkpoint: Checkpoint) => T, after: AssetId | undefined): AsyncIterable<readonly T[]> {
  let last = after;
  for (;;) {
    const ids = idsBehind(state.ids, last, PAGE);
    if (ids.length > 0) yield ids.flatMap((id) => entriesOf(id, state.get(id))).map(([, checkpoint]) => view(checkpoint));
    if (ids.length < PAGE) return;
    last = ids.at(-1);
  }
}

function idsBehind(ids: readonly AssetId[], after: AssetId | undefined, count: number): readonly AssetId[] {
  if (after === undefined) return ids.slice(0, count);
  let [low, high] = [0, ids.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareCodePoints(ids[middle] as AssetId, after) > 0) high = middle;
    else low = middle + 1;
  }
  return ids.slice(low, low + count);
}

function entriesOf(id: AssetId, checkpoint: Checkpoint | undefined): [AssetId, Checkpoint][] {
  return checkpoint === undefined ? [] : [[id, checkpoint]];
}

function entryOf({ asset_id, raw, fingerprint, target, tombstone }: Checkpoint): CheckpointEntry {
  return { asset_id, raw, fingerprint, ref: target?.ref ?? null, mapping: target?.mapping ?? null, tombstone };
}
