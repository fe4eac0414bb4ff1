import { expect } from "vitest";
import type { AssetId } from "../../model/asset.ts";
import type { Checkpoint } from "../../model/checkpoint.ts";
import { compareCodePoints } from "../../model/order.ts";
import { aCheckpoint, aHead, anOutcome } from "../checkpoint-builders.ts";
import { type Claim, withState } from "../store-harness.ts";

/** Order and pages, whatever the ids. */
export function ordering(claim: Claim): void {
  claim("checkpoints and entries come in code-point order of their ids, none lost, whatever the id", async (harness) => {
    await withState(harness, (lease) => lease.record(AWKWARD_IDS.map((id) => anOutcome(null, aCheckpoint(id)))));
    await using reader = await harness.open().reader();
    const sorted = AWKWARD_IDS.toSorted(compareCodePoints);
    expect((await Array.fromAsync(reader.entries())).flat().map((entry) => entry.asset_id)).toEqual(sorted);
    expect((await Array.fromAsync(reader.checkpoints())).flat()).toEqual(sorted.map((id) => aCheckpoint(id)));
    expect(new Set((await reader.get(AWKWARD_IDS)).keys())).toEqual(new Set(AWKWARD_IDS));
    expect(await reader.spaces()).toEqual(["S%20A", "SALE", "SALES", "SALES_EU"]);
    for (const [i, after] of sorted.entries()) {
      expect((await Array.fromAsync(reader.entries({ after }))).flat().map((entry) => entry.asset_id)).toEqual(sorted.slice(i + 1));
    }
  });

  claim(
    "tokens, where a store tells them by themselves, are those of its entries, and null where an equal one proves nothing",
    async (harness) => {
      const [plain, other, marked] = ["SALES.a", "SALES.b", "SALES.c"].map((id) => aCheckpoint(id)) as [Checkpoint, Checkpoint, Checkpoint];
      const raw = { token: "t", basis: "basis" };
      const checkpoints: readonly Checkpoint[] = [
        { ...plain, raw },
        { ...other, raw: { token: "t", basis: "another" } },
        { ...marked, raw, tombstone: { generation: 1, confirmations: 0 } },
        ...AWKWARD_IDS.map((id): Checkpoint => ({ ...aCheckpoint(id), raw })),
      ];
      await withState(harness, (lease) => lease.record(checkpoints.map((checkpoint) => anOutcome(null, checkpoint))));
      await using reader = await harness.open().reader();
      const mapping = plain.target?.mapping ?? "";
      if (reader.tokens === undefined) return;
      const told = await Array.fromAsync(reader.tokens({ basis: "basis", mapping }));
      const rows = told.flatMap(({ ids, tokens, refs }) => ids.map((id, at) => [id, tokens[at], refs[at]]));
      const entries = (await Array.fromAsync(reader.entries())).flat();
      expect(rows).toEqual(entries.map(({ asset_id, ref }) => [asset_id, ["SALES.b", "SALES.c"].includes(asset_id) ? null : "t", ref]));
      const elsewhere = await Array.fromAsync(reader.tokens({ basis: "basis", mapping: "moved" }));
      expect(new Set(elsewhere.flatMap(({ tokens }) => tokens))).toEqual(new Set([null]));
    },
  );

  claim("entries of certain ids, where a store tells them by themselves, are those of their checkpoints", async (harness) => {
    await withState(harness, (lease) => lease.record(AWKWARD_IDS.map((id) => anOutcome(null, aCheckpoint(id)))));
    await using reader = await harness.open().reader();
    if (reader.entriesAt === undefined) return;
    const asked = [...AWKWARD_IDS.slice(1), "SALES.absent", "SALES.\ud800"];
    const told = await reader.entriesAt(asked);
    const entries = (await Array.fromAsync(reader.entries())).flat();
    expect([...told.values()].toSorted((a, b) => compareCodePoints(a.asset_id, b.asset_id))).toEqual(
      entries.filter(({ asset_id }) => asset_id !== AWKWARD_IDS[0]),
    );
    for (const [id, { asset_id }] of told) expect(asset_id).toBe(id);
  });

  claim("thousands come in bounded pages, from any place, and while the lease writes between two of them", async (harness) => {
    const ids = Array.from({ length: 2_345 }, (_, i) => `SALES.T${String(i).padStart(5, "0")}`);
    await using lease = await harness.open().acquire();
    await lease.begin(aHead());
    await lease.record(ids.map((id) => anOutcome(null, aCheckpoint(id))));
    const pages = await Array.fromAsync(lease.entries());
    expect(Math.max(...pages.map((page) => page.length))).toBeLessThanOrEqual(1_000);
    expect(pages.flat().map((entry) => entry.asset_id)).toEqual(ids);
    const met: string[] = [];
    for await (const page of lease.checkpoints({ after: "SALES.T00100x" })) {
      met.push(...page.map((checkpoint) => checkpoint.asset_id));
      await lease.record([
        { seq: null, asset_id: "SALES.T00000", checkpoint: null },
        anOutcome(null, aCheckpoint(met.at(-1) as AssetId, { version: 2 })),
      ]);
    }
    expect(met).toEqual(ids.slice(101));
  });
}

/** Ids that a careless store confuses, cuts or reorders. */
const AWKWARD_IDS: readonly AssetId[] = [
  "SALES.Orders",
  "SALES.orders",
  "SALES.Orders ",
  "SALES.__proto__",
  "SALES.constructor",
  "SALES.a\nb",
  "SALES.a\u0000b",
  "SALES.a\u0000c",
  'SALES.it\'s "quoted"; DROP TABLE entry',
  "SALES.%_?",
  "SALES.é",
  "SALES.e\u0301",
  "SALES.\uE000",
  "SALES.\uFFFD",
  "SALES.\u{1F600}",
  "SALES.\u{10FFFF}",
  `SALES.${"x".repeat(300)}`,
  "SALES.",
  "SALE.Orders",
  "SALES_EU.Orders",
  "S%20A.Orders",
];
