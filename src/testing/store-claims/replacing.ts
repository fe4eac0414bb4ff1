import { expect } from "vitest";
import { exportState } from "../../engine/export-state.ts";
import type { Json } from "../../model/json.ts";
import type { StateRecord } from "../../model/state-record.ts";
import { aCheckpoint, aHead, anIntent, anOutcome, aReport } from "../checkpoint-builders.ts";
import { type Claim, type StoreHarness, withState } from "../store-harness.ts";

/** A whole state out of records, and its size. */
export function replacing(claim: Claim): void {
  claim("a state made of its own records is the same state, and goes on as one", async (harness) => {
    await fill(harness);
    const records = await recordsOf(harness);
    await withState(harness, (lease) => lease.record([anOutcome(null, aCheckpoint("SALES.Later"))]));
    const { head, set_aside } = await harness.open().replace(inPages(records, 3));
    expect(set_aside).toEqual(expect.any(String));
    expect(await recordsOf(harness)).toEqual(records);
    expect(records[0]).toEqual({ record: "head", head });
    await withState(harness, async (lease) => {
      const open = await lease.intents();
      const [next] = await lease.intend([anIntent("SALES.Next")]);
      expect(next?.seq).toBeGreaterThan(open.at(-1)?.seq ?? 0);
      await lease.record([anOutcome(null, aCheckpoint("SALES.A", { version: 7 }))]);
      expect((await lease.commit({ head: aHead(), memory: new Map(), report: null })).generation).toBe(head.generation + 1);
      expect((await Array.fromAsync(lease.versions({ asset_id: "SALES.A" }))).flat().map((version) => version.snapshot)).toEqual([
        aCheckpoint("SALES.A", { version: 2 }).snapshot,
        aCheckpoint("SALES.A").snapshot,
        null,
      ]);
    });
  });

  claim("where there is no state, its records make one", async (harness) => {
    const head = { ...aHead({ recovered: true }), format: 1, generation: 41 };
    const records: StateRecord[] = [
      { record: "head", head },
      { record: "checkpoint", checkpoint: aCheckpoint("SALES.A") },
    ];
    const made = await harness.open().replace(inPages(records, 1));
    expect(made).toEqual({ head: { ...head, format: made.head.format }, set_aside: null });
    await using reader = await harness.open().reader();
    expect(await reader.head()).toEqual(made.head);
    expect(await reader.count()).toBe(1);
  });

  claim("records that are no state replace nothing, nor do records that break off", async (harness) => {
    await fill(harness);
    const records = await recordsOf(harness);
    for (const wrong of [[], records.slice(1), records.toReversed(), [...records.slice(0, 3), ...records.slice(2)]]) {
      await expect(harness.open().replace(inPages(wrong, 2))).rejects.toMatchObject({ code: "state_damaged" });
    }
    const breaksOff = async function* (): AsyncGenerator<readonly StateRecord[]> {
      yield records.slice(0, 4);
      throw new Error("the backup broke off");
    };
    await expect(harness.open().replace(breaksOff())).rejects.toThrow("the backup broke off");
    expect(await recordsOf(harness)).toEqual(records);
  });

  claim("a state is not replaced while another holds its lease", async (harness) => {
    await withState(harness, async () => {
      await expect(harness.open().replace(inPages([], 1))).rejects.toMatchObject({ code: "lease_held" });
    });
  });

  claim("a state has a size, what is not there has none", async (harness) => {
    expect(await harness.open().size()).toBeNull();
    await fill(harness);
    const size = await harness.open().size();
    expect(size?.total).toBeGreaterThan(1_000);
    expect(Object.values(size?.parts ?? {}).reduce((sum, bytes) => sum + bytes, 0)).toBe(size?.total);
  });
}

async function fill(harness: StoreHarness): Promise<void> {
  await withState(harness, async (lease) => {
    await lease.record(["SALES.A", "SALES.B", "HR.\u{1F600}"].map((id) => anOutcome(null, aCheckpoint(id as `${string}.${string}`))));
    await lease.record([anOutcome(null, aCheckpoint("SALES.A", { version: 2 }))]);
    await lease.intend([anIntent("SALES.B"), anIntent("SALES.C", { op: "remove", pending: null })]);
    const memory = new Map<string, Json>([
      ["b", { deep: [1] }],
      ["a", "text"],
    ]);
    await lease.commit({ head: aHead({ clean: true }), memory, report: aReport("run-1", { started_at: "2026-03-04T05:06:07.000Z" }) });
  });
}

async function recordsOf(harness: StoreHarness): Promise<readonly StateRecord[]> {
  await using reader = await harness.open().reader();
  return (await Array.fromAsync(exportState(reader))).flat();
}

async function* inPages(records: readonly StateRecord[], size: number): AsyncGenerator<readonly StateRecord[]> {
  for (let at = 0; at < records.length; at += size) yield records.slice(at, at + size);
}
