import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { aCheckpoint, aHistoryRecord } from "../../testing/checkpoint-builders.ts";
import { wholeState, type WholeState } from "../../testing/whole-state.ts";
import { makeSmallState, MEMORY_KEYS } from "../../../test/helpers/small-state.ts";
import { migrate } from "./migrate.ts";
import { StateDatabase } from "./state-database.ts";
import { aStateFolder, sqliteStore } from "../../../test/helpers/sqlite-harness.ts";

// Written by the code of the first format, by test/helpers/small-state.ts and die-in-small-state.ts of that time.
const FIXTURES = join(import.meta.dirname, "../../../test/fixtures/state-format-1");

/** Puts a state of the first format there: one that rests, or one whose writer was killed and whose every write is still in its log. */
function layOut(folder: string, how: "rest" | "killed"): void {
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(join(FIXTURES, how)))
    writeFileSync(join(folder, name.replace(/\.gz$/, "")), gunzipSync(readFileSync(join(FIXTURES, how, name))));
}

/** What that state holds: all but versions, which the first format did not keep. */
async function held(): Promise<Partial<WholeState>> {
  await using state = await aStateFolder();
  return comparable(await makeSmallState(state.folder));
}

function comparable({ versions: _versions, records, ...rest }: WholeState): Partial<WholeState> {
  return { ...rest, records: records.filter(({ record }) => record !== "version") };
}

function formatOf(path: string): unknown {
  using database = new DatabaseSync(path, { readOnly: true });
  return database.prepare("PRAGMA user_version").get();
}

async function told(folder: string, how: "reader" | "lease"): Promise<Partial<WholeState>> {
  const store = sqliteStore(folder);
  await using opened = await (how === "reader" ? store.reader() : store.acquire());
  return comparable(await wholeState(opened, MEMORY_KEYS));
}

test.each(["rest", "killed"] as const)("a state of the first format (%s) is read as it is, and nothing of it is written", async (how) => {
  await using state = await aStateFolder();
  layOut(state.folder, how);
  const before = statSync(state.path, { bigint: true });
  expect(await told(state.folder, "reader")).toEqual(await held());
  expect(await sqliteStore(state.folder).verify()).toEqual({ checkpoints: 4, problems: [] });
  expect(statSync(state.path, { bigint: true }).mtimeNs).toBe(before.mtimeNs);
  expect(formatOf(state.path)).toEqual({ user_version: 1 });
});

test.each(["rest", "killed"] as const)(
  "a state of the first format (%s) becomes one of the present when it is opened for writing, with its copy and journal, and loses nothing",
  async (how) => {
    await using state = await aStateFolder();
    layOut(state.folder, how);
    expect(await told(state.folder, "lease")).toEqual(await held());
    expect([formatOf(state.path), formatOf(join(state.folder, "previous.db"))]).toEqual([{ user_version: 2 }, { user_version: 2 }]);
    expect(await sqliteStore(state.folder).verify()).toEqual({ checkpoints: 4, problems: [] });
    await using lease = await sqliteStore(state.folder).acquire();
    await lease.record([
      {
        seq: null,
        asset_id: "SALES.Items",
        checkpoint: aCheckpoint("SALES.Items", { version: 2 }),
        history: aHistoryRecord("SALES.Items"),
      },
    ]);
    expect((await Array.fromAsync(lease.versions())).flat().map(({ snapshot }) => snapshot)).toEqual([aCheckpoint("SALES.Items").snapshot]);
  },
);

test.each(["rest", "killed"] as const)(
  "a damaged state of the first format (%s) falls back on its copy and journal of that format",
  async (how) => {
    await using state = await aStateFolder();
    layOut(state.folder, how);
    rmSync(`${state.path}-wal`, { force: true });
    writeFileSync(state.path, "damaged");
    await expect(sqliteStore(state.folder).acquire()).rejects.toMatchObject({ code: "state_damaged" });
    expect(await sqliteStore(state.folder).fallBack()).toEqual(expect.any(String));
    const whole = await held();
    expect(await told(state.folder, "lease")).toEqual({ ...whole, head: { ...whole.head, clean: false, recovered: true } });
    expect(await sqliteStore(state.folder).verify()).toEqual({ checkpoints: 4, problems: [] });
  },
);

test("a run that dies right after the change of format loses nothing: the old journal and copy still lead to the state", async () => {
  await using state = await aStateFolder();
  layOut(state.folder, "rest");
  const [journal, copy] = ["journal.ndjson", "previous.db"].map((name) => readFileSync(join(state.folder, name)));
  const opened = new StateDatabase(state.path, "write");
  migrate(opened);
  opened.close();
  expect([readFileSync(join(state.folder, "journal.ndjson")), readFileSync(join(state.folder, "previous.db"))]).toEqual([journal, copy]);
  expect(await told(state.folder, "reader")).toEqual(await held());
  expect(await told(state.folder, "lease")).toEqual(await held());
  expect(formatOf(join(state.folder, "previous.db"))).toEqual({ user_version: 2 });
});
