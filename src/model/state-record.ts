import type { AssetVersion, Checkpoint, HistoryRecord, Intent, StateHead } from "./checkpoint.ts";
import { TidemarkError } from "./errors.ts";
import type { Json } from "./json.ts";
import { compareCodePoints } from "./order.ts";
import type { RunReport } from "./report.ts";

/** One part of a whole state. Backups, exports and migrations are made of these, in this order, one a line. */
export type StateRecord =
  | { readonly record: "head"; readonly head: StateHead }
  /** In code-point order of their ids. */
  | { readonly record: "checkpoint"; readonly checkpoint: Checkpoint }
  /** Oldest first. */
  | { readonly record: "version"; readonly version: AssetVersion }
  /** Oldest first. */
  | { readonly record: "intent"; readonly intent: Intent }
  /** In code-point order of their keys. */
  | { readonly record: "memory"; readonly key: string; readonly value: Json }
  /** Oldest first. */
  | { readonly record: "history"; readonly history: HistoryRecord }
  /** Oldest first. */
  | { readonly record: "run"; readonly report: RunReport };

/** The records as they come, on condition that they make a state: one head first, then each kind in its turn, no key twice. */
export async function* inStateOrder(records: AsyncIterable<readonly StateRecord[]>): AsyncGenerator<readonly StateRecord[]> {
  let last: StateRecord | null = null;
  for await (const page of records) {
    for (const record of page) {
      const problem = last === null ? firstProblem(record) : problemBehind(last, record);
      if (problem !== null) throw noState(problem);
      last = record;
    }
    yield page;
  }
  if (last === null) throw noState("there are none");
}

const TURNS: readonly StateRecord["record"][] = ["head", "checkpoint", "version", "intent", "memory", "history", "run"];

function firstProblem({ record }: StateRecord): string | null {
  return record === "head" ? null : `they begin with one of kind ${record}, not with the head`;
}

function problemBehind(last: StateRecord, record: StateRecord): string | null {
  const [before, now] = [TURNS.indexOf(last.record), TURNS.indexOf(record.record)];
  if (now < before) return `a record of kind ${record.record} comes behind one of kind ${last.record}`;
  if (record.record === "head") return "they have two heads";
  if (record.record === "checkpoint" && last.record === "checkpoint")
    return ascends(last.checkpoint.asset_id, record.checkpoint.asset_id, "checkpoint");
  if (record.record === "memory" && last.record === "memory") return ascends(last.key, record.key, "memory");
  if (record.record === "intent" && last.record === "intent" && record.intent.seq <= last.intent.seq)
    return `intent ${record.intent.seq} comes behind intent ${last.intent.seq}`;
  return null;
}

function ascends(before: string, now: string, kind: string): string | null {
  return compareCodePoints(before, now) < 0 ? null : `the ${kind} ${JSON.stringify(now)} comes behind ${JSON.stringify(before)}`;
}

function noState(problem: string): TidemarkError {
  return new TidemarkError("state_damaged", `These records are no state: ${problem}.`, {
    remedy: "Take another backup or export. Nothing was replaced.",
  });
}
