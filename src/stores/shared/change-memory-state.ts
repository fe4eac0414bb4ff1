import type { AssetId } from "../../model/asset.ts";
import type { Checkpoint, OutcomeRecord, StateHead } from "../../model/checkpoint.ts";
import { requireWellFormed } from "../../model/well-formed.ts";
import type { MemoryState } from "./memory-state.ts";
import type { StateChange } from "./state-change.ts";

/** Throws where a store of files could not hold what a change says. */
export function requireStorable(change: StateChange): void {
  if (change.kind === "record") for (const outcome of change.outcomes) requireStorableOutcome(outcome);
  if (change.kind === "commit") for (const [key] of change.memory) requireWellFormed(key);
}

/** Carries a change out on a state in memory that was begun. */
export function changeMemoryState(state: MemoryState, change: StateChange): void {
  switch (change.kind) {
    case "take":
      return;
    case "begin":
      state.head = { ...begun(state), clean: false };
      return;
    case "recover":
      state.head = { ...begun(state), clean: false, recovered: true };
      return;
    case "intend":
      for (const intent of change.intents) state.addIntent(intent);
      return;
    case "record":
      for (const { seq, asset_id, checkpoint, history } of change.outcomes) {
        if (checkpoint !== undefined && history !== undefined) keepVersion(state, asset_id, checkpoint, history.run_id);
        if (checkpoint === null) state.remove(asset_id);
        else if (checkpoint !== undefined) state.put(checkpoint);
        if (seq !== null) state.intents.delete(seq);
        if (history !== undefined) state.history.push(history);
      }
      return;
    case "refresh":
      for (const { asset_id, entry } of change.items) {
        const stored = state.get(asset_id);
        if (stored === undefined) continue;
        const { raw, fingerprint, mapping } = entry;
        const { target } = stored;
        state.put({ ...stored, raw, fingerprint, target: target && { ...target, mapping: mapping ?? target.mapping } });
      }
      return;
    case "keep":
      for (const intent of change.intents) if (state.intents.has(intent.seq)) state.intents.set(intent.seq, intent);
      return;
    case "add_run":
      state.runs.push(change.report);
      return;
    case "commit": {
      const { lineage, generation, format } = begun(state);
      for (const [key, value] of change.memory) {
        if (value === null) state.memory.delete(key);
        else state.memory.set(key, JSON.stringify(value));
      }
      if (change.report !== null) state.runs.push(change.report);
      state.head = { ...change.head, format, lineage, generation: generation + 1 };
      return;
    }
    case "drop":
      state.runs.splice(0, change.runs);
      state.history.splice(0, change.history);
      state.versions.splice(0, change.versions);
  }
}

function keepVersion(state: MemoryState, asset_id: AssetId, next: Checkpoint | null, run_id: string): void {
  const { sync_version = null, snapshot = null } = state.get(asset_id) ?? {};
  if (JSON.stringify(snapshot) === JSON.stringify(next?.snapshot ?? null)) return;
  state.versions.push({ asset_id, run_id, generation: begun(state).generation + 1, sync_version, snapshot });
}

function begun({ head }: MemoryState): StateHead {
  if (head === null) throw new Error("A state is written before it was begun.");
  return head;
}

function requireStorableOutcome({ checkpoint, history }: OutcomeRecord): void {
  if (history !== undefined) requireWellFormed(history.asset_id);
  if (checkpoint == null) return;
  for (const name of [checkpoint.asset_id, checkpoint.target?.ref, checkpoint.raw?.token]) if (name !== undefined) requireWellFormed(name);
}
