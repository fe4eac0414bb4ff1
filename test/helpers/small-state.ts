import { type Json, rawNumber } from "../../src/model/json.ts";
import type { CheckpointLease } from "../../src/ports/checkpoint-store.ts";
import { aCheckpoint, aHead, aHistoryRecord, anIntent, anOutcome, aReport } from "../../src/testing/checkpoint-builders.ts";
import { type WholeState, wholeState } from "../../src/testing/whole-state.ts";
import { sqliteStore } from "./sqlite-harness.ts";

/** The keys of memory in a small state. */
export const MEMORY_KEYS: readonly string[] = ["a", "b"];

/** Makes a state with a few rows in every table and answers with all that it tells. */
export async function makeSmallState(folder: string): Promise<WholeState> {
  await using lease = await sqliteStore(folder).acquire();
  return await fillSmallState(lease);
}

/** Begins a small state under a lease. */
export async function fillSmallState(lease: CheckpointLease): Promise<WholeState> {
  await lease.begin(aHead());
  const ids = ["SALES.Orders", "SALES.Items", "FINANCE.Ledger", "SALES.\u{1F600}"];
  await lease.record(ids.map((id) => anOutcome(null, aCheckpoint(id))));
  await lease.record([anOutcome(null, aCheckpoint("SALES.Orders", { version: 2, tombstone: { generation: 1, confirmations: 1 } }))]);
  await lease.intend([anIntent("SALES.Items"), anIntent("SALES.New", { op: "remove", pending: null })]);
  await lease.record([
    {
      seq: null,
      asset_id: "SALES.Items",
      checkpoint: undefined,
      history: aHistoryRecord("SALES.Items", { outcome: "failed", message: "no" }),
    },
  ]);
  const memory = new Map<string, Json>([
    ["a", { exact: rawNumber("1.0") }],
    ["b", "text"],
  ]);
  await lease.commit({
    head: aHead({ clean: true, listings: [{ scope: "SALES", complete: true, count: 3 }] }),
    memory,
    report: aReport("run-1"),
  });
  return await wholeState(lease, MEMORY_KEYS);
}

/** Edits one asset of a small state twice and removes another, each as a run does: what they were before is kept. */
export async function editSmallState(lease: CheckpointLease): Promise<WholeState> {
  for (const version of [3, 4]) {
    const [asset_id, run_id] = ["SALES.Orders", `run-${version}`];
    await lease.record([{ ...anOutcome(null, aCheckpoint(asset_id, { version })), history: aHistoryRecord(asset_id, { run_id }) }]);
  }
  await lease.record([{ seq: null, asset_id: "SALES.Items", checkpoint: null, history: aHistoryRecord("SALES.Items") }]);
  return await wholeState(lease, MEMORY_KEYS);
}

/** Edits one asset sixty times, and from the twentieth on drops its oldest version each time. */
export async function editAndPrune(lease: CheckpointLease): Promise<void> {
  await lease.begin(aHead());
  for (let version = 1; version <= 60; version++) {
    const run_id = `run-${version}`;
    const checkpoint = aCheckpoint("SALES.Orders", { version });
    await lease.record([{ ...anOutcome(null, checkpoint), history: aHistoryRecord("SALES.Orders", { run_id }) }]);
    await lease.addRun(aReport(run_id, { started_at: "2026-03-04T05:06:07.000Z" }));
    await lease.prune({ before: "9999", keep: 20 });
  }
}

/** Twenty versions as they stand behind that, those that lean on their next as `-`. */
export const BOUNDED_WALKS: RegExp = /^(?=.{20}$)-{0,15}\|(-{15}\|)*-{0,15}$/;
