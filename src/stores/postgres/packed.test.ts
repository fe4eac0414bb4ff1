import { afterAll, describe, expect, test } from "vitest";
import { memoryHarness } from "../../../test/helpers/memory-harness.ts";
import { postgresServer } from "../../../test/helpers/postgres.ts";
import { postgresStore } from "../../../test/helpers/postgres-harness.ts";
import { BOUNDED_WALKS, editAndPrune } from "../../../test/helpers/small-state.ts";
import { exportState } from "../../engine/export-state.ts";
import type { Checkpoint } from "../../model/checkpoint.ts";
import type { CheckpointLease, CheckpointReader } from "../../ports/checkpoint-store.ts";
import { aCheckpoint, aHead, aHistoryRecord, anOutcome } from "../../testing/checkpoint-builders.ts";

const server = await postgresServer();
afterAll(() => server?.[Symbol.asyncDispose]());

async function aDatabase(): Promise<string> {
  return (await server?.createDatabase()) ?? "";
}

async function asked(url: string, sql: string): Promise<unknown> {
  return (await server?.ask(sql, [], url))?.[0]?.[0];
}

function checkpoints(count: number): readonly Checkpoint[] {
  return Array.from({ length: count }, (_, n) => aCheckpoint(`SALES.T${100 + n}`));
}

/** The dictionaries (0: none) that snapshots are packed with, and how many with each. */
const DICTIONARIES = `SELECT jsonb_object_agg(id, count) FROM
  (SELECT get_byte(packed, 0) AS id, count(*) FROM tidemark.record WHERE packed IS NOT NULL GROUP BY 1) AS packed`;

/** Versions in the order of their age: `-` leans on its next, `|` stands by itself. */
const WALKS = `SELECT string_agg(CASE WHEN substr(packed, 1, 4) = '\\xffffffff' THEN '-' ELSE '|' END, '' ORDER BY seq) FROM tidemark.version WHERE snapshot IS NOT NULL OR packed IS NOT NULL`;

describe.skipIf(server === null)("snapshots in PostgreSQL", () => {
  test("are packed with a dictionary of the state's own as soon as it holds enough of them, those before it anew", async () => {
    const url = await aDatabase();
    await using lease = await postgresStore({ url }).acquire();
    await lease.begin(aHead());
    const all = checkpoints(60);
    const record = async (some: readonly Checkpoint[]) => await lease.record(some.map((one) => anOutcome(null, one)));
    await record(all.slice(0, 47));
    expect(await asked(url, DICTIONARIES)).toEqual({ "0": 47 });
    await record(all.slice(47, 50));
    expect(await asked(url, DICTIONARIES)).toEqual({ "1": 50 });
    await record(all.slice(50));
    expect(await asked(url, DICTIONARIES)).toEqual({ "1": 60 });
    expect(await asked(url, "SELECT count(*)::int FROM tidemark.dictionary")).toBe(1);
    expect((await Array.fromAsync(lease.checkpoints())).flat()).toEqual(all);
    expect(await postgresStore({ url }).verify()).toEqual({ checkpoints: 60, problems: [] });
  });

  test("a transaction that failed leaves no dictionary behind that later ones would pack with", async () => {
    const url = await aDatabase();
    await using lease = await postgresStore({ url }).acquire();
    await lease.begin(aHead());
    const outcomes = checkpoints(50).map((one) => anOutcome(null, one));
    await asked(
      url,
      "ALTER TABLE tidemark.meta ADD CONSTRAINT no_dictionary CHECK (key <> 'ledger' OR value NOT LIKE '%\"dictionary\":1%')",
    );
    await expect(lease.record(outcomes)).rejects.toMatchObject({ code: "23514" });
    await asked(url, "ALTER TABLE tidemark.meta DROP CONSTRAINT no_dictionary");
    await lease.record(outcomes.slice(0, 10));
    expect(await asked(url, DICTIONARIES)).toEqual({ "0": 10 });
    await lease.record(outcomes.slice(10));
    expect(await postgresStore({ url }).verify()).toEqual({ checkpoints: 50, problems: [] });
  });

  test("stay text where compression is off, and packed and text stand side by side", async () => {
    const url = await aDatabase();
    const all = checkpoints(50);
    const edited = all.map(({ asset_id }) => aCheckpoint(asset_id, { version: 2 }));
    const write = async (compress: boolean, some: readonly Checkpoint[]) => {
      await using lease = await postgresStore({ url, compress }).acquire();
      if ((await lease.head()) === null) await lease.begin(aHead());
      await lease.record(some.map((one) => anOutcome(null, one)));
    };
    await write(false, all);
    expect(await asked(url, "SELECT count(*)::int FROM tidemark.record WHERE snapshot IS NOT NULL AND packed IS NULL")).toBe(50);
    expect(await asked(url, "SELECT count(*)::int FROM tidemark.dictionary")).toBe(0);
    await write(true, edited.slice(0, 20));
    await write(
      false,
      edited.slice(0, 10).map(({ asset_id }) => aCheckpoint(asset_id, { version: 3 })),
    );
    await using reader = await postgresStore({ url }).reader();
    const versions = (await Array.fromAsync(reader.versions({ asset_id: "SALES.T100" }))).flat();
    expect(versions.map(({ snapshot }) => snapshot)).toEqual([edited[0]?.snapshot, all[0]?.snapshot, null]);
    expect(await postgresStore({ url }).verify()).toEqual({ checkpoints: 50, problems: [] });
  });

  test("where the oldest version goes whenever a new one comes, the walk to a text stays bounded; also where all is put in place anew", async () => {
    const url = await aDatabase();
    {
      await using lease = await postgresStore({ url }).acquire();
      await editAndPrune(lease);
    }
    expect(await asked(url, WALKS)).toMatch(BOUNDED_WALKS);
    const store = postgresStore({ url });
    await using reader = await store.reader();
    const records = (await Array.fromAsync(exportState(reader))).flat();
    await store.replace(inPagesOf(7, records));
    expect(await asked(url, `${WALKS} AND state = (SELECT max(id) FROM tidemark.state)`)).toMatch(BOUNDED_WALKS);
    await using replaced = await store.reader();
    expect((await Array.fromAsync(exportState(replaced))).flat()).toEqual(records);
    expect(await store.verify()).toEqual({ checkpoints: 1, problems: [] });
  });

  test("are told as the model tells them after many edits and removals, of which a version is kept or not", async () => {
    await using model = await memoryHarness();
    const url = await aDatabase();
    const stores = [model.open(), postgresStore({ url })];
    const tellings: unknown[] = [];
    for (const store of stores) {
      await using lease = await store.acquire();
      await editAtRandom(lease);
      tellings.push(await versionsIn(lease));
    }
    expect(tellings[1]).toEqual(tellings[0]);
    const walks = String(await asked(url, WALKS));
    expect(walks).toMatch(/-/);
    expect(walks).toMatch(/\|/);
    expect((await stores[1]?.verify?.())?.problems).toEqual([]);
  });
});

async function* inPagesOf<T>(size: number, items: readonly T[]): AsyncGenerator<readonly T[]> {
  for (let at = 0; at < items.length; at += size) yield items.slice(at, at + size);
}

/** Two hundred batches over six assets; of every asset many versions, some of which the next change leaves without their next. */
async function editAtRandom(lease: CheckpointLease): Promise<void> {
  await lease.begin(aHead());
  let state = 1;
  const below = (bound: number): number => (state = (state * 48_271) % 2_147_483_647) % bound;
  for (let batch = 0; batch < 200; batch++) {
    const outcomes = Array.from({ length: 1 + below(4) }, () => {
      const asset_id = `SALES.T${below(6)}`;
      const checkpoint = below(12) === 0 ? null : aCheckpoint(asset_id, { version: 1 + below(50) });
      return {
        seq: null,
        asset_id,
        checkpoint,
        ...(below(5) === 0 ? {} : { history: aHistoryRecord(asset_id, { run_id: `run-${batch % 40}` }) }),
      };
    });
    await lease.record(outcomes);
  }
}

/** All versions, in each order that they can be asked for. */
async function versionsIn(reader: CheckpointReader): Promise<unknown> {
  const told: unknown[] = [];
  for (const oldest_first of [true, false])
    for (const wanted of [{}, { asset_id: "SALES.T1" }, { run_id: "run-7" }, { asset_id: "SALES.T2", run_id: "run-8" }])
      told.push((await Array.fromAsync(reader.versions({ ...wanted, oldest_first }))).flat());
  return told;
}
