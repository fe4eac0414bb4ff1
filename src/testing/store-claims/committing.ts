import { expect } from "vitest";
import type { AssetId } from "../../model/asset.ts";
import { type Json, rawNumber } from "../../model/json.ts";
import { aHead, aHistoryRecord, aReport } from "../checkpoint-builders.ts";
import { type Claim, withState } from "../store-harness.ts";

/** Generations, memory, runs and history. */
export function committing(claim: Claim): void {
  claim("a commit is the next generation of the same lineage", async (harness) => {
    await withState(harness, async (lease) => {
      const listings = [{ scope: "SALES", complete: true, count: 3 }];
      const head = await lease.commit({
        head: aHead({ lineage: "another", scope: "scope-2", clean: true, listings }),
        memory: new Map(),
        report: null,
      });
      expect(head).toEqual({ ...aHead({ scope: "scope-2", clean: true, listings }), format: head.format, generation: 1 });
      expect((await lease.commit({ head: aHead(), memory: new Map(), report: null })).generation).toBe(2);
    });
  });

  claim("the report of a run that was refused is kept, and the state stays the generation that it was", async (harness) => {
    await withState(harness, async (lease) => {
      const head = await lease.commit({ head: aHead({ clean: true }), memory: new Map(), report: aReport("run-1") });
      await lease.addRun(aReport("run-2"));
      expect(await lease.head()).toEqual(head);
    });
    await using reader = await harness.open().reader();
    expect(await reader.runs(10)).toEqual([aReport("run-2"), aReport("run-1")]);
  });

  claim("memory keeps values between runs, replaces them, and forgets on null", async (harness) => {
    const kept = new Map<string, Json>([
      ["kept", { list: ["x", rawNumber("0.50")] }],
      ["replaced", "old"],
      ["forgotten", 1],
      ["__proto__", "fine"],
      ["", "the empty key"],
    ]);
    await withState(harness, (lease) => lease.commit({ head: aHead(), memory: kept, report: null }));
    await withState(harness, (lease) =>
      lease.commit({
        head: aHead(),
        memory: new Map<string, string | null>([
          ["replaced", "new"],
          ["forgotten", null],
          ["never there", null],
        ]),
        report: null,
      }),
    );
    await using reader = await harness.open().reader();
    const values = await Promise.all([...kept.keys(), "never there", "kep", "constructor"].map((key) => reader.memory(key)));
    expect(values).toEqual([{ list: ["x", rawNumber("0.5")] }, "new", undefined, "fine", "the empty key", undefined, undefined, undefined]);
  });

  claim(
    "runs and history come newest first, history of one asset or of all, as many as asked for, from where it is asked for",
    async (harness) => {
      const of = (id: AssetId, run_id: string) => ({
        seq: null,
        asset_id: id,
        checkpoint: undefined,
        history: aHistoryRecord(id, { run_id }),
      });
      await withState(harness, async (lease) => {
        await lease.record([of("SALES.A", "run-1"), of("SALES.B", "run-1")]);
        await lease.commit({ head: aHead(), memory: new Map(), report: aReport("run-1") });
        await lease.record([of("SALES.A", "run-2")]);
        await lease.commit({ head: aHead(), memory: new Map(), report: aReport("run-2") });
      });
      await using reader = await harness.open().reader();
      expect(await reader.runs(10)).toEqual([aReport("run-2"), aReport("run-1")]);
      expect(await reader.runs(1)).toEqual([aReport("run-2")]);
      expect((await reader.history({ limit: 10 })).map((line) => [line.asset_id, line.run_id])).toEqual([
        ["SALES.A", "run-2"],
        ["SALES.B", "run-1"],
        ["SALES.A", "run-1"],
      ]);
      expect((await reader.history({ limit: 2 })).map((line) => line.asset_id)).toEqual(["SALES.A", "SALES.B"]);
      expect((await reader.history({ asset_id: "SALES.A", limit: 10 })).map((line) => line.run_id)).toEqual(["run-2", "run-1"]);
      expect(await reader.history({ asset_id: "SALES.None", limit: 10 })).toEqual([]);
      expect(await reader.history({ limit: 0 })).toEqual([]);
      expect((await reader.history({ limit: 1, skip: 1 })).map((line) => [line.asset_id, line.run_id])).toEqual([["SALES.B", "run-1"]]);
      expect((await reader.history({ asset_id: "SALES.A", limit: 10, skip: 1 })).map((line) => line.run_id)).toEqual(["run-1"]);
      expect(await reader.history({ limit: 10, skip: 3 })).toEqual([]);
    },
  );
}
