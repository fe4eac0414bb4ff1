import { expect, test } from "vitest";
import type { Asset, AssetId } from "../model/asset.ts";
import type { PlanRecord } from "../model/plan.ts";
import type { CheckpointReader } from "../ports/checkpoint-store.ts";
import type { Spool } from "../ports/spool.ts";
import { openMemorySpool } from "../stores/spool/index.ts";
import { aColumn, anAsset } from "../testing/builders.ts";
import { aCheckpoint } from "../testing/checkpoint-builders.ts";
import { planRenames } from "./plan-renames.ts";

/** A plan that deletes some assets and creates others; and a reader of the former that notes how many it is asked for at a time. */
async function aPlan(vanished: readonly Asset[], appeared: readonly Asset[]) {
  const spool = await openMemorySpool();
  await spool.append([...vanished.map(({ id }) => step(id)), ...appeared.map((asset) => step(asset.id, asset))]);
  const recorded = new Map(vanished.map((asset) => [asset.id, aCheckpoint(asset.id, { snapshot: asset })]));
  const asked: number[] = [];
  const get: CheckpointReader["get"] = async (ids) => {
    asked.push(ids.length);
    return new Map(ids.flatMap((id) => [...recorded].filter(([known]) => known === id)));
  };
  return { spool, reader: { get } as CheckpointReader, asked };
}

function step(asset_id: AssetId, asset?: Asset): PlanRecord {
  const change = { asset_id, change_type: asset === undefined ? "deleted" : "created" };
  return {
    record: "step",
    step: asset === undefined ? { kind: "delete", change } : { kind: "put", change, asset },
  } as unknown as PlanRecord;
}

/** Of each pair of names and columns of its own, one asset. */
function assets(count: number, name: string): readonly Asset[] {
  return Array.from({ length: count }, (_, i) => anAsset({ name: `${name}${String(i).padStart(4, "0")}`, columns: [aColumn(`C${i}`)] }));
}

async function renamesIn(spool: Spool): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const page of spool.records(["rename"]))
    for (const record of page) if (record.record === "rename") found.push(`${record.rename.from} ${record.rename.to} ${record.carried}`);
  return found;
}

test("each of many assets that took another name is found, and their snapshots are read a batch at a time", async () => {
  const { spool, reader, asked } = await aPlan(assets(1_050, "Old"), assets(1_050, "New"));
  await planRenames(reader, spool, "carry");
  const renames = await renamesIn(spool);
  const numbers = Array.from({ length: 1_050 }, (_, i) => String(i).padStart(4, "0"));
  expect(renames).toEqual(numbers.map((n) => `SALES.Old${n} SALES.New${n} true`));
  expect(Math.max(...asked)).toBe(100);
});

test("where nothing that appeared is built like what vanished, no snapshot is read a second time", async () => {
  const { spool, reader, asked } = await aPlan(assets(3, "Old"), [anAsset({ name: "New", columns: [aColumn("OTHER")] })]);
  await planRenames(reader, spool, "show");
  expect(await renamesIn(spool)).toEqual([]);
  expect(asked).toEqual([3]);
});

test("what could be either of two that stand pages apart is not guessed", async () => {
  const copy = (name: string) => anAsset({ name, columns: [aColumn("C0")] });
  const { spool, reader } = await aPlan(assets(1, "Old"), [copy("Copy"), ...assets(1_500, "New").slice(1), copy("Other")]);
  await planRenames(reader, spool, "show");
  expect(await renamesIn(spool)).toEqual([]);
});

test("a plan that deletes more than ten thousand is no matter of renames", async () => {
  const { spool, reader } = await aPlan([], assets(1, "New"));
  const ids = Array.from({ length: 10_001 }, (_, i): AssetId => `SALES.Old${i}`);
  await spool.append(ids.map((id) => step(id)));
  const unread: CheckpointReader["get"] = async (asked) =>
    new Map(
      asked.map((id) => [
        id,
        aCheckpoint(id, { snapshot: anAsset({ name: id.slice("SALES.".length), columns: [aColumn(`C${id.slice("SALES.Old".length)}`)] }) }),
      ]),
    );
  await planRenames({ ...reader, get: unread }, spool, "show");
  expect(await renamesIn(spool)).toEqual([]);
});
