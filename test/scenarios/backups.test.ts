import { mkdir, readFile, readdir, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { backupText, readHeader, readRecords } from "../../src/engine/backup-file.ts";
import { fromShelf, shelved } from "../../src/engine/backups.ts";
import type { Parts, Upkeep } from "../../src/engine/parts.ts";
import { lookAtRestore, restore, type RestoreParts } from "../../src/engine/restore.ts";
import { sync } from "../../src/engine/sync.ts";
import type { RunReport } from "../../src/model/report.ts";
import type { CheckpointStore } from "../../src/ports/checkpoint-store.ts";
import { folderShelf } from "../../src/stores/backups/index.ts";
import { anAsset } from "../../src/testing/builders.ts";
import { makeHeavy } from "../helpers/a-heavy-state.ts";
import { aMemoryPipeline, type MemoryPipeline, NEVER } from "../helpers/memory-pipeline.ts";
import { jsonHarness } from "../helpers/json-harness.ts";
import { postgresServer } from "../helpers/postgres.ts";
import { postgresHarness } from "../helpers/postgres-harness.ts";
import { aStateFolder, sqliteHarness, sqliteStore } from "../helpers/sqlite-harness.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";

const DAY = 86_400_000;
const START = Date.parse("2026-03-01T05:06:07Z");

interface Kept {
  readonly pipeline: MemoryPipeline;
  readonly folder: string;
  readonly tools: RestoreParts;
  /** A sync when the clock says so. */
  sync(now: number): Promise<RunReport>;
}

/** A pipeline over a store of its own that keeps backups. */
async function kept(store: CheckpointStore, upkeep: Partial<Upkeep> = {}, compress = true): Promise<Kept> {
  const pipeline = aMemoryPipeline(Array.from({ length: 30 }, (_, n) => anAsset({ name: `T${10 + n}` })));
  const folder = join(await temporaryFolder(), "backup");
  const shelf = folderShelf({ folder, compress });
  const parts = (now: number): Parts => ({
    ...pipeline.parts(store),
    clock: { now: () => now, monotonic: () => 0, sleep: async () => undefined },
    upkeep: { shelf, backup_enabled: true, retention_days: 30, cleanup_interval_hours: 24, ...upkeep },
  });
  const tools = { pipeline: "sales", store, shelf, clock: parts(START + 9 * DAY).clock };
  return { pipeline, folder, tools, sync: (now) => sync(parts(now), { signal: NEVER }) };
}

async function aSqliteStore(): Promise<CheckpointStore> {
  return (await sqliteHarness()).open();
}

const server = await postgresServer();
afterAll(() => server?.[Symbol.asyncDispose]());

const STORES: { readonly [name: string]: () => Promise<CheckpointStore> } = {
  sqlite: aSqliteStore,
  json: async () => (await jsonHarness()).open(),
  ...(server === null ? {} : { postgres: async () => (await postgresHarness(server.quick)).open() }),
};

async function generations({ tools }: Kept): Promise<readonly number[]> {
  return (await shelved(tools.shelf)).backups.map(({ generation }) => generation);
}

test("a run makes one backup a day of the state it found, and another before it deletes", async () => {
  const all = await kept(await aSqliteStore());
  const made: unknown[] = [];
  for (const [hours, remove] of [
    [0, null],
    [1, null],
    [2, null],
    [3, "SALES.T10"],
    [26, null],
  ] as const) {
    if (remove !== null) all.pipeline.tenant.delete(remove);
    const { upkeep } = await all.sync(START + hours * 3_600_000);
    made.push(upkeep?.backup === undefined ? null : [upkeep.backup.reason, upkeep.backup.generation, upkeep.backup.checkpoints]);
  }

  expect(made).toEqual([null, ["daily", 1, 30], null, ["deletion", 3, 30], ["daily", 4, 29]]);
  expect((await readdir(all.folder)).sort()).toEqual([
    "datasphere_checkpoints_20260301T060607Z_g1.ndjson.zst",
    "datasphere_checkpoints_20260301T080607Z_g3.ndjson.zst",
    "datasphere_checkpoints_20260302T070607Z_g4.ndjson.zst",
  ]);
});

test("a backup is not made where they are switched off", async () => {
  const all = await kept(await aSqliteStore(), { backup_enabled: false });
  for (const day of [0, 1, 2]) await all.sync(START + day * DAY);
  expect(await generations(all)).toEqual([]);
});

describe.each(Object.entries(STORES))("of the store %s", (_name, open) => {
  test("each of the last seven backups restores and converges: nothing lost, nothing deleted by the first run", async () => {
    const all = await kept(await open(), {}, false);
    for (let day = 0; day < 9; day++) {
      all.pipeline.tenant.put(anAsset({ name: `T${10 + day}`, description: `changed on day ${day}` }));
      all.pipeline.tenant.put(anAsset({ name: `N${day}` }));
      if (day > 0) all.pipeline.tenant.delete(`SALES.N${day - 1}`);
      await all.sync(START + day * DAY);
    }
    const { backups } = await shelved(all.tools.shelf);
    expect(backups.slice(0, 7).map(({ generation }) => generation)).toEqual([8, 7, 6, 5, 4, 3, 2]);

    for (const { file } of backups.slice(0, 7)) {
      const input = fromShelf(all.tools.shelf, file);
      const before = await headOf(all.tools.store);
      const found = await lookAtRestore(all.tools, input);
      const restored = await restore(all.tools, input, found);
      expect(restored.generation).toBeGreaterThan(before.generation);
      expect(restored.set_aside).not.toBeNull();
      expect(await headOf(all.tools.store)).toMatchObject({ recovered: true, lineage: before.lineage });

      const first = await all.sync(START + 9 * DAY);
      expect(first.summary.deleted).toBe(0);
      await all.sync(START + 9 * DAY);
      const writes = all.pipeline.catalog.writes;
      const last = await all.sync(START + 9 * DAY);
      expect([last.status, last.summary.unchanged, last.summary.assets]).toEqual(["succeeded", 31, 31]);
      expect([all.pipeline.catalog.writes, all.pipeline.catalog.places().length]).toEqual([writes, 31]);
    }
  });

  test("a restore while a run holds the lease is refused with 5's reason, and writes nothing", async () => {
    const all = await kept(await open());
    await all.sync(START);
    await all.sync(START + 1);
    const file = (await shelved(all.tools.shelf)).backups[0]?.file ?? "";
    const input = fromShelf(all.tools.shelf, file);
    const files = await readdir(all.folder);
    await using _lease = await all.tools.store.acquire();

    await expect(restore(all.tools, input, await lookAtRestore(all.tools, input))).rejects.toMatchObject({ code: "lease_held" });
    expect(await readdir(all.folder)).toEqual(files);
  });
});

test("restoring an older backup says beforehand what it forgets, and how far it goes back", async () => {
  const all = await kept(await aSqliteStore());
  await all.sync(START);
  await all.sync(START + 1);
  for (let n = 0; n < 12; n++) all.pipeline.tenant.put(anAsset({ name: `Z${n}` }));
  all.pipeline.tenant.put(anAsset({ name: "T10", description: "another" }));
  all.pipeline.tenant.delete("SALES.T11");
  await all.sync(START + 2);
  await all.sync(START + 3);

  const oldest = (await shelved(all.tools.shelf)).backups.at(-1);
  const found = await lookAtRestore(all.tools, fromShelf(all.tools.shelf, oldest?.file ?? ""));

  expect(found.loss).toEqual({ generations: 3, forgotten: 12, returned: 1, changed: 1 });
});

test("a backup of another lineage is not restored", async () => {
  const all = await kept(await aSqliteStore());
  for (const now of [START, START + 1]) await all.sync(now);
  const file = (await shelved(all.tools.shelf)).backups[0]?.file ?? "";
  const input = fromShelf(all.tools.shelf, file);
  const header = { ...(await readHeader(input)), lineage: "another" };
  const text = (await Array.fromAsync(backupText(header, readRecords(input)))).join("");
  const other = {
    name: "other.ndjson",
    lines: async function* (): AsyncGenerator<string> {
      yield* text.trimEnd().split("\n");
    },
  };

  await expect(lookAtRestore(all.tools, other)).rejects.toMatchObject({
    code: "usage",
    message: expect.stringContaining("lineage another") as unknown,
  });
});

test("a backup with any byte changed, cut or added to is refused, and the state stays as it is", async () => {
  const all = await kept(await aSqliteStore(), {}, false);
  await all.sync(START);
  await all.sync(START + 1);
  const file = (await shelved(all.tools.shelf)).backups[0]?.file ?? "";
  const path = join(all.folder, file);
  const whole = await readFile(path);
  const damaged: Uint8Array[] = [whole.subarray(0, -1).subarray(0, whole.length >> 1), Buffer.concat([whole, Buffer.from("{}\n")])];
  for (let at = 3; at < whole.length; at += 997) {
    const flipped = Uint8Array.from(whole);
    flipped[at] = (flipped[at] as number) ^ 1;
    damaged.push(flipped);
  }
  const before = await headOf(all.tools.store);

  for (const bytes of damaged) {
    await writeFile(path, bytes);
    await expect(lookAtRestore(all.tools, fromShelf(all.tools.shelf, file))).rejects.toMatchObject({
      code: expect.stringMatching(/^(input_invalid|usage)$/) as unknown,
    });
  }
  expect(damaged.length).toBeGreaterThan(20);
  expect(await headOf(all.tools.store)).toEqual(before);
});

test("backups, history and versions outlive a clock that jumps to 1970 and to 2100 and back", async () => {
  const all = await kept(await aSqliteStore(), { cleanup_interval_hours: 0 });
  let made = 0;
  for (let run = 0; run < 12; run++) {
    const day = START + run * DAY;
    const now = run % 3 === 1 ? Date.parse("2100-01-01T00:00:00Z") + run : run % 3 === 2 ? run : day;
    all.pipeline.tenant.put(anAsset({ name: "T10", description: `run ${run}` }));
    const { upkeep } = await all.sync(now);
    if (upkeep?.backup !== undefined) made++;
    expect(upkeep?.cleanup).toMatchObject({ runs: 0, history: 0, versions: 0 });
  }

  const left = await generations(all);
  expect(left.slice(0, 7)).toEqual([11, 10, 9, 8, 7, 6, 5]);
  expect(left.length).toBe(made);
  await using reader = await all.tools.store.reader();
  expect((await reader.runs(100)).length).toBe(12);
});

test("after a month of runs a day each, one backup a day is left of the last 30 days, and never fewer than seven", async () => {
  const all = await kept(await aSqliteStore(), { retention_days: 3 });
  for (let day = 0; day < 12; day++) await all.sync(START + day * DAY);
  expect(await generations(all)).toEqual([11, 10, 9, 8, 7, 6, 5]);
});

test("a shelf that cannot be written is told, and the run goes on", async () => {
  const all = await kept(await aSqliteStore());
  await all.sync(START);
  await writeFile(all.folder, "a file stands where the folder belongs");

  const report = await all.sync(START + 1);
  expect([report.status, report.problems.map(({ code }) => code)]).toEqual(["succeeded", ["backup_failed"]]);
  await rm(all.folder);
  expect((await all.sync(START + 2)).upkeep?.backup?.reason).toBe("daily");
});

test("a copy of the state that cannot be made anew is told, and the run goes on", async () => {
  await using state = await aStateFolder({ on: "memory" });
  const store = sqliteStore(state.folder);
  const pipeline = aMemoryPipeline([anAsset({ name: "T10" })]);
  const told = async (): Promise<readonly unknown[]> => {
    const { status, problems } = await sync(pipeline.parts(store), { signal: NEVER });
    return [status, ...problems.map(({ code, message }) => `${code}: ${message}`)];
  };
  expect(await told()).toEqual(["succeeded"]);
  await (async () => {
    await using lease = await store.acquire();
    await makeHeavy(lease, 2_000);
  })();
  const copy = join(state.folder, "previous.db");
  await rm(copy);
  await mkdir(join(copy, "in the way"), { recursive: true });

  expect(await told()).toEqual([
    "succeeded",
    expect.stringMatching(/^copy_failed: The state's journal could not be replaced.*previous\.db cannot be written/s),
  ]);
  expect((await headOf(store)).generation).toBe(2);
  await rm(copy, { recursive: true });
  expect(await told()).toEqual(["succeeded"]);
  expect((await stat(copy)).size).toBeGreaterThan(1 << 20);
});

async function headOf(store: CheckpointStore): Promise<{ readonly generation: number; readonly lineage: string }> {
  await using reader = await store.reader();
  const head = await reader.head();
  return { ...(head as NonNullable<typeof head>) };
}
