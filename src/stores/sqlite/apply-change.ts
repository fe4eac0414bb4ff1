import type { StateHead } from "../../model/checkpoint.ts";
import { parseStored } from "../../model/stored-json.ts";
import type { StateChange } from "../shared/state-change.ts";
import { readMeta } from "./check-state.ts";
import { toRecordRow } from "./checkpoint-rows.ts";
import { SNAPSHOT } from "./read-rows.ts";
import type { Queries } from "./state-database.ts";
import {
  addHistory,
  addIntent,
  addRun,
  dropOldest,
  endIntent,
  keepIntent,
  putCheckpoint,
  refreshEntry,
  remember,
  removeCheckpoint,
  type Write,
} from "./write-rows.ts";
import { letStandAlone, supersede } from "./write-versions.ts";
import { renewDictionary } from "./renew-dictionary.ts";
import { writeMeta } from "./write-meta.ts";

export type StoredHead = Omit<StateHead, "format">;

/** Carries a change out, to the last sum, within a transaction of the caller's. */
export function applyChange(write: Write, change: StateChange): void {
  const { state, ledger } = write;
  switch (change.kind) {
    case "take":
      // From here on every older lease finds a ledger that it did not write.
      ledger.epoch += 1;
      return;
    case "begin":
      writeHead(write, { ...readHead(state), clean: false });
      return;
    case "recover":
      writeHead(write, { ...readHead(state), clean: false, recovered: true });
      return;
    case "intend":
      for (const intent of change.intents) addIntent(write, intent);
      return;
    case "record": {
      const generation = readHead(state).generation + 1;
      for (const { seq, asset_id, checkpoint, history } of change.outcomes) {
        const record = checkpoint == null ? null : toRecordRow(checkpoint);
        if (checkpoint !== undefined && history !== undefined)
          supersede(write, asset_id, record?.[SNAPSHOT] ?? null, { run_id: history.run_id, generation });
        else if (checkpoint !== undefined) letStandAlone(write, asset_id);
        if (checkpoint === null) removeCheckpoint(write, asset_id);
        else if (checkpoint !== undefined) putCheckpoint(write, checkpoint, record ?? undefined);
        if (seq !== null) endIntent(write, seq);
        if (history !== undefined) addHistory(write, history);
      }
      if (write.compress) renewDictionary(write);
      return;
    }
    case "refresh":
      for (const item of change.items) refreshEntry(write, item);
      return;
    case "keep":
      for (const intent of change.intents) keepIntent(write, intent);
      return;
    case "add_run":
      addRun(write, change.report);
      return;
    case "commit": {
      const { lineage, generation } = readHead(state);
      for (const [key, value] of change.memory) remember(write, key, value);
      if (change.report !== null) addRun(write, change.report);
      writeHead(write, { ...change.head, lineage, generation: generation + 1 });
      return;
    }
    case "drop":
      dropOldest(write, "version", change.versions);
      dropOldest(write, "history", change.history);
      dropOldest(write, "run", change.runs);
  }
}

export function readHead(state: Queries): StoredHead {
  return parseStored(readMeta(state, "head")) as unknown as StoredHead;
}

function writeHead({ state }: Write, head: StoredHead): void {
  writeMeta(state, "head", JSON.stringify(head));
}
