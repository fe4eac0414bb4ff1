import { copyFileSync, existsSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { makeSmallState, MEMORY_KEYS } from "../../../test/helpers/small-state.ts";
import { aStateFolder, sqliteStore } from "../../../test/helpers/sqlite-harness.ts";
import type { TidemarkError } from "../../model/errors.ts";
import { aHead } from "../../testing/checkpoint-builders.ts";
import { wholeState, type WholeState } from "../../testing/whole-state.ts";

async function readAll(folder: string): Promise<WholeState> {
  await using reader = await sqliteStore(folder).reader();
  return await wholeState(reader, MEMORY_KEYS);
}

/** What a whole check finds; what keeps it from beginning is a finding too. */
async function problemsOf(folder: string): Promise<readonly string[] | undefined> {
  try {
    return (await sqliteStore(folder).verify())?.problems;
  } catch (error) {
    return [(error as TidemarkError).code];
  }
}

/** Changes the state behind the store's back. */
function tamper(path: string, sql: string): void {
  const database = new DatabaseSync(path, { defensive: false });
  database.exec(sql);
  database.close();
}

const DAMAGES: readonly [what: string, how: (path: string) => void, message: RegExp][] = [
  ["emptied", (path) => writeFileSync(path, ""), /it is empty \(0 bytes\)/],
  ["overwritten with text", (path) => writeFileSync(path, "not a database ".repeat(500)), /file is not a database/],
  ["overwritten with zeros", (path) => writeFileSync(path, Buffer.alloc(statSync(path).size)), /./],
  ["cut in the middle", (path) => truncateSync(path, statSync(path).size / 2), /malformed/],
  ["cut by one byte", (path) => truncateSync(path, statSync(path).size - 1), /./],
  ["cut within the header", (path) => truncateSync(path, 60), /./],
  ["replaced by another program's database", (path) => (rmSync(path), tamper(path, "CREATE TABLE t (x)")), /not a Tidemark state/],
  ["of a format that never was", (path) => tamper(path, "PRAGMA user_version = 0"), /format 0 was never in use/],
  ["without a table", (path) => tamper(path, "DROP TABLE intent"), /tables are not those/],
  ["with a table more", (path) => tamper(path, "CREATE TABLE more (x)"), /tables are not those/],
  ["without its head", (path) => tamper(path, "DELETE FROM meta WHERE key = 'head'"), /head is missing/],
  [
    "with another generation",
    (path) => tamper(path, `UPDATE meta SET value = replace(value, '"generation":1', '"generation":7')`),
    /head is not what was written/,
  ],
  [
    "with another content hash",
    (path) => tamper(path, "UPDATE entry SET content = 'x' WHERE asset_id = 'SALES.Items'"),
    /row "SALES.Items" of entry is not what was written/,
  ],
  [
    "with another id",
    (path) => tamper(path, "UPDATE entry SET asset_id = 'SALES.Itemz' WHERE asset_id = 'SALES.Items'"),
    /row "SALES.Itemz" of entry/,
  ],
  ["without an entry", (path) => tamper(path, "DELETE FROM entry WHERE asset_id = 'SALES.Items'"), /entry should hold 4 rows and holds 3/],
  [
    "with another snapshot",
    (path) => tamper(path, "UPDATE record SET snapshot = '{}', packed = NULL"),
    /of record is not what was written/,
  ],
  [
    "with the record of another asset",
    (path) => tamper(path, "UPDATE record SET packed = (SELECT packed FROM record WHERE asset_id = 'SALES.Orders')"),
    /of record is not what was written/,
  ],
  ["with a cut snapshot", (path) => tamper(path, "UPDATE record SET packed = substr(packed, 1, 60)"), /of record is not what was written/],
  [
    "whose snapshots name a dictionary that is missing",
    (path) => tamper(path, "UPDATE record SET packed = CAST(x'07000000' || substr(packed, 5) AS BLOB)"),
    /dictionary 7 is missing/,
  ],
  [
    "without a record",
    (path) => tamper(path, "DELETE FROM record WHERE asset_id = 'SALES.Items'"),
    /row "SALES.Items" of record is missing/,
  ],
  ["without a basis", (path) => tamper(path, "DELETE FROM basis"), /row 1 of basis is missing/],
  ["without an intent", (path) => tamper(path, "DELETE FROM intent WHERE seq = 1"), /intent should hold 2 rows and holds 1/],
  [
    "without the last line of history",
    (path) => tamper(path, "DELETE FROM history WHERE seq = (SELECT max(seq) FROM history)"),
    /of history is missing/,
  ],
  ["without the first line of history", (path) => tamper(path, "DELETE FROM history WHERE seq = 1"), /rows of history are missing/],
  ["without a run", (path) => tamper(path, "DELETE FROM run"), /rows of run are missing/],
  ["with another value in memory", (path) => tamper(path, "UPDATE memory SET value = '2'"), /of memory is not what was written/],
  ["without a key in memory", (path) => tamper(path, "DELETE FROM memory WHERE key = 'a'"), /memory should hold 2 rows and holds 1/],
  ["with another key in memory", (path) => tamper(path, "UPDATE memory SET key = 'c' WHERE key = 'a'"), /row "c" of memory/],
];

test.each(DAMAGES)("a state %s is damaged, never empty, and is left as it is", async (_, damage, message) => {
  await using state = await aStateFolder({ on: "memory" });
  await makeSmallState(state.folder);
  damage(state.path);
  const bytes = readFileSync(state.path);
  const failure = {
    code: "state_damaged",
    message: expect.stringMatching(message),
    remedy: expect.stringContaining("tidemark checkpoint rebuild"),
  };
  await expect(readAll(state.folder)).rejects.toMatchObject(failure);
  expect(readFileSync(state.path)).toEqual(bytes);
  expect(await problemsOf(state.folder)).not.toHaveLength(0);
});

test("a state whose file is gone while its log is not is damaged", async () => {
  await using state = await aStateFolder({ on: "memory" });
  await makeSmallState(state.folder);
  copyFileSync(state.path, `${state.path}-wal`);
  rmSync(state.path);
  await expect(readAll(state.folder)).rejects.toMatchObject({
    code: "state_damaged",
    message: expect.stringMatching(/missing, and its log/),
  });
  await expect(sqliteStore(state.folder).acquire()).rejects.toMatchObject({ code: "state_damaged" });
});

test("a state that a newer Tidemark wrote is refused as such", async () => {
  await using state = await aStateFolder({ on: "memory" });
  await makeSmallState(state.folder);
  tamper(state.path, "PRAGMA user_version = 3");
  await expect(readAll(state.folder)).rejects.toMatchObject({
    code: "state_newer",
    message: expect.stringMatching(/format 3; this Tidemark knows formats up to 2/),
  });
  await expect(sqliteStore(state.folder).acquire()).rejects.toMatchObject({ code: "state_newer" });
});

test("the lease on a damaged state is refused, and free again at once", async () => {
  await using state = await aStateFolder({ on: "memory" });
  await makeSmallState(state.folder);
  tamper(state.path, "DROP TABLE intent");
  for (const _ of [1, 2]) await expect(sqliteStore(state.folder).acquire()).rejects.toMatchObject({ code: "state_damaged" });
});

test("a whole check finds what no ordinary read meets, and names it", async () => {
  await using state = await aStateFolder({ on: "memory" });
  await makeSmallState(state.folder);
  expect(await sqliteStore(state.folder).verify()).toEqual({ checkpoints: 4, problems: [] });
  tamper(
    state.path,
    "UPDATE record SET target = NULL WHERE asset_id = 'SALES.Items'; INSERT INTO record SELECT 'SALES.Extra', asset_type, source_system, last_sync_time, sync_version, snapshot, target, decisions, packed FROM record LIMIT 1; DELETE FROM past",
  );
  tamper(state.path, "DELETE FROM run");
  const found = await sqliteStore(state.folder).verify();
  expect(found?.problems).toEqual([
    expect.stringMatching(/row "SALES.Items" of record is not what was written/),
    expect.stringMatching(/run should hold 1 rows and holds 0/),
    expect.stringMatching(/4 entries and 5 records/),
    expect.stringMatching(/row 5 of past is missing/),
    expect.stringMatching(/tells of 1 earlier snapshots and holds 0/),
  ]);
});

test("a state that is set aside keeps its files, and a new one can begin", async () => {
  await using state = await aStateFolder({ on: "memory" });
  const store = sqliteStore(state.folder);
  await mkdir(state.folder, { recursive: true });
  expect(await store.setAside()).toBeNull();
  for (const place of ["1", "2"]) {
    await makeSmallState(state.folder);
    writeFileSync(state.path, "damaged");
    expect(await store.setAside()).toBe(`${state.folder}/quarantine/${place}`);
    expect(readdirSync(`${state.folder}/quarantine/${place}`)).toEqual(["journal.ndjson", "previous.db", "state.db"]);
    expect(existsSync(state.path)).toBe(false);
  }
  await using lease = await store.acquire();
  expect((await lease.begin(aHead())).generation).toBe(0);
});
