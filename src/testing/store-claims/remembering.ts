import { expect } from "vitest";
import type { AssetId } from "../../model/asset.ts";
import type { AssetVersion, Checkpoint, OutcomeRecord } from "../../model/checkpoint.ts";
import { type Json, rawNumber } from "../../model/json.ts";
import type { CheckpointLease, CheckpointReader, VersionOptions } from "../../ports/checkpoint-store.ts";
import { aCheckpoint, aHead, aHistoryRecord, aReport } from "../checkpoint-builders.ts";
import { type Claim, withState } from "../store-harness.ts";

/** What was: versions, the trail, reports; and what may go of it. */
export function remembering(claim: Claim): void {
  claim("what an asset was before a run changed it is kept, newest first, of one asset, of one run, or of all", async (harness) => {
    const [first, second] = [aCheckpoint("SALES.A"), aCheckpoint("SALES.A", { version: 2 })];
    await withState(harness, async (lease) => {
      await lease.record([by("run-1", first), by("run-1", aCheckpoint("SALES.B"))]);
      await commit(lease, "run-1");
      await lease.record([by("run-2", second)]);
      await commit(lease, "run-2");
      await lease.record([removal("run-3", "SALES.A")]);
    });
    await using reader = await harness.open().reader();
    const created = { run_id: "run-1", generation: 1, sync_version: null, snapshot: null };
    const ofA: AssetVersion[] = [
      { asset_id: "SALES.A", run_id: "run-3", generation: 3, sync_version: 2, snapshot: second.snapshot },
      { asset_id: "SALES.A", run_id: "run-2", generation: 2, sync_version: 1, snapshot: first.snapshot },
      { asset_id: "SALES.A", ...created },
    ];
    const ofB: AssetVersion = { asset_id: "SALES.B", ...created };
    const [third, , begun] = ofA as [AssetVersion, AssetVersion, AssetVersion];
    expect(await versions(reader, { asset_id: "SALES.A" })).toEqual(ofA);
    expect(await versions(reader, { asset_id: "SALES.A", oldest_first: true })).toEqual(ofA.toReversed());
    expect(await versions(reader, { run_id: "run-1" })).toEqual([ofB, begun]);
    expect(await versions(reader, { asset_id: "SALES.A", run_id: "run-3" })).toEqual([third]);
    expect(await versions(reader, { asset_id: "SALES.None" })).toEqual([]);
    expect(await versions(reader)).toEqual([...ofA.slice(0, 2), ofB, begun]);
    expect(await versions(reader, { oldest_first: true })).toEqual([begun, ofB, ...ofA.slice(0, 2).toReversed()]);
  });

  claim("an outcome that leaves the snapshot as it is, or tells of no run, keeps no version", async (harness) => {
    const first = aCheckpoint("SALES.A");
    await withState(harness, async (lease) => {
      await lease.record([{ seq: null, asset_id: "SALES.A", checkpoint: first }]);
      await lease.record([by("run-1", { ...first, sync_version: 2, decisions: [] })]);
      await lease.record([{ seq: null, asset_id: "SALES.A", checkpoint: undefined, history: aHistoryRecord("SALES.A") }]);
      await lease.record([removal("run-1", "SALES.None")]);
      expect(await versions(lease)).toEqual([]);
    });
  });

  claim("versions come back whole through many changes, a removal, a new beginning and what no run did", async (harness) => {
    const text = (n: number): Checkpoint => {
      const { snapshot, ...rest } = aCheckpoint("SALES.A", { version: n });
      const odd: Json = {
        n,
        exact: rawNumber(`${n}.5`),
        lone: "\ud800",
        list: Array.from({ length: 30 }, (_, i) => `item ${i} of ${n % 7}`),
      };
      return { ...rest, snapshot: { ...snapshot, metadata: { ...snapshot.metadata, custom_properties: { odd } } } };
    };
    const expected: (Checkpoint | null)[] = [];
    let last: Checkpoint | null = null;
    await using lease = await harness.open().acquire();
    await lease.begin(aHead());
    for (let n = 1; n <= 60; n++) {
      const next: Checkpoint | null = n % 23 === 0 ? null : text(n);
      if (n % 10 === 0) {
        // Known anew, by nobody's run.
        last = text(1_000 + n);
        await lease.record([{ seq: null, asset_id: "SALES.A", checkpoint: last }]);
      }
      expected.push(last);
      await lease.record([next === null ? removal(`run-${n}`, "SALES.A") : by(`run-${n}`, next)]);
      last = next;
    }
    const told = await versions(lease, { oldest_first: true });
    expect(told.map(({ snapshot }) => snapshot)).toEqual(expected.map((checkpoint) => checkpoint?.snapshot ?? null));
    expect(await versions(lease, { asset_id: "SALES.A" })).toEqual(told.toReversed());
  });

  claim("the trail, the reports and all that is remembered come whole and in bounded pages", async (harness) => {
    const ids = Array.from({ length: 2_100 }, (_, i): AssetId => `SALES.T${i}`);
    await withState(harness, async (lease) => {
      await lease.record(ids.map((id) => ({ seq: null, asset_id: id, checkpoint: undefined, history: aHistoryRecord(id) })));
      await lease.commit({ head: aHead(), memory: new Map(ids.map((id) => [id, [id]])), report: aReport("run-1") });
      await lease.addRun(aReport("run-2"));
    });
    await using reader = await harness.open().reader();
    const [trail, memories] = [await Array.fromAsync(reader.trail()), await Array.fromAsync(reader.memories())];
    for (const pages of [trail, memories]) expect(Math.max(...pages.map((page) => page.length))).toBeLessThanOrEqual(1_000);
    expect(trail.flat().map(({ asset_id }) => asset_id)).toEqual(ids);
    expect(memories.flat()).toEqual(ids.toSorted().map((id) => [id, [id]]));
    expect((await Array.fromAsync(reader.reports())).flat()).toEqual([aReport("run-1"), aReport("run-2")]);
  });

  claim("pruning drops what is older than a moment from the oldest on, and keeps the newest runs whatever their age", async (harness) => {
    await withState(harness, async (lease) => {
      for (const day of [1, 2, 3, 4, 5]) {
        await lease.record([by(`run-${day}`, aCheckpoint("SALES.A", { version: day })), by(`run-${day}`, aCheckpoint(`SALES.B${day}`))]);
        await commit(lease, `run-${day}`, day);
      }
      const [intent] = await lease.intend([]);
      expect(intent).toBeUndefined();
      const before = "2026-03-04T00:00:00.000Z";
      expect(await lease.prune({ before, keep: 4 })).toEqual({ runs: 1, history: 2, versions: 2 });
      expect(await lease.prune({ before, keep: 1 })).toEqual({ runs: 2, history: 4, versions: 4 });
      expect(await lease.prune({ before, keep: 0 })).toEqual({ runs: 0, history: 0, versions: 0 });
    });
    await using reader = await harness.open().reader();
    expect((await reader.runs(10)).map(({ run_id }) => run_id)).toEqual(["run-5", "run-4"]);
    expect((await reader.history({ limit: 10 })).map(({ run_id }) => run_id)).toEqual(["run-5", "run-5", "run-4", "run-4"]);
    expect((await versions(reader, { asset_id: "SALES.A" })).map(({ snapshot }) => snapshot)).toEqual(
      [4, 3].map((version) => aCheckpoint("SALES.A", { version }).snapshot),
    );
    expect(await reader.count()).toBe(6);
  });

  claim("a state that was pruned of everything goes on counting and keeping", async (harness) => {
    await withState(harness, async (lease) => {
      await lease.record([by("run-1", aCheckpoint("SALES.A"))]);
      await commit(lease, "run-1", 1);
      await lease.record([by("run-2", aCheckpoint("SALES.A", { version: 2 }))]);
      await commit(lease, "run-2", 2);
      await lease.prune({ before: "9999", keep: 0 });
      expect([await versions(lease), await lease.runs(9), await lease.history({ limit: 9 })]).toEqual([[], [], []]);
      await lease.record([by("run-3", aCheckpoint("SALES.A", { version: 3 }))]);
      await commit(lease, "run-3", 3);
    });
    await using reader = await harness.open().reader();
    expect((await reader.head())?.generation).toBe(3);
    expect((await versions(reader)).map(({ snapshot }) => snapshot)).toEqual([aCheckpoint("SALES.A", { version: 2 }).snapshot]);
    expect((await reader.history({ limit: 9 })).map(({ run_id }) => run_id)).toEqual(["run-3"]);
  });
}

function by(run_id: string, checkpoint: Checkpoint): OutcomeRecord {
  const { asset_id } = checkpoint;
  return { seq: null, asset_id, checkpoint, history: aHistoryRecord(asset_id, { run_id }) };
}

function removal(run_id: string, asset_id: AssetId): OutcomeRecord {
  return { seq: null, asset_id, checkpoint: null, history: aHistoryRecord(asset_id, { run_id, change_type: "deleted" }) };
}

async function commit(lease: CheckpointLease, run_id: string, day?: number): Promise<void> {
  const traits = day === undefined ? {} : { started_at: `2026-03-0${day}T12:00:00.000Z` };
  await lease.commit({ head: aHead(), memory: new Map(), report: aReport(run_id, traits) });
}

async function versions(reader: CheckpointReader, options?: VersionOptions): Promise<readonly AssetVersion[]> {
  return (await Array.fromAsync(reader.versions(options))).flat();
}
