import type { StateRecord } from "../../model/state-record.ts";
import type { MemoryState } from "./memory-state.ts";

/** Puts one record of a whole state into a state in memory that is being made; `format` is the store's own. */
export function restoreRecord(state: MemoryState, record: StateRecord, format: number): void {
  switch (record.record) {
    case "head":
      state.head = { ...record.head, format };
      return;
    case "checkpoint":
      state.put(record.checkpoint);
      return;
    case "version":
      state.versions.push(record.version);
      return;
    case "intent":
      state.putIntent(record.intent);
      return;
    case "memory":
      state.memory.set(record.key, JSON.stringify(record.value));
      return;
    case "history":
      state.history.push(record.history);
      return;
    case "run":
      state.runs.push(record.report);
  }
}
