import { chmodSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { holdLease } from "../../../test/helpers/lease-process.ts";
import { makeSmallState, MEMORY_KEYS } from "../../../test/helpers/small-state.ts";
import { aStateFolder, sqliteStore } from "../../../test/helpers/sqlite-harness.ts";
import { aCheckpoint, aHead, anOutcome } from "../../testing/checkpoint-builders.ts";
import { wholeState } from "../../testing/whole-state.ts";
import { requireSqlite } from "./schema.ts";

/** Every file of a folder with its bytes, inode and times. */
function trace(folder: string): unknown {
  return readdirSync(folder).map((name) => {
    const { ino, mtimeMs, ctimeMs, mode } = statSync(join(folder, name));
    return { name, ino, mtimeMs, ctimeMs, mode, bytes: readFileSync(join(folder, name)).toString("base64") };
  });
}

test("a reader where there is nothing creates nothing, not even the folder", async () => {
  await using state = await aStateFolder();
  await using reader = await sqliteStore(state.folder).reader();
  expect(await reader.head()).toBeNull();
  expect(await sqliteStore(state.folder).verify()).toBeNull();
  expect(() => statSync(state.folder)).toThrow(/ENOENT/);
});

test("a reader of a state at rest leaves no trace, also where it may not write", async () => {
  await using state = await aStateFolder();
  const told = await makeSmallState(state.folder);
  rmSync(join(state.folder, "lock.db"));
  chmodSync(state.folder, 0o500);
  const before = trace(state.folder);
  await using reader = await sqliteStore(state.folder).reader();
  expect(await wholeState(reader, MEMORY_KEYS)).toEqual(told);
  expect(await sqliteStore(state.folder).verify()).toEqual({ checkpoints: 4, problems: [] });
  expect(trace(state.folder)).toEqual(before);
  chmodSync(state.folder, 0o700);
});

test("the folder and the state are their owner's alone", async () => {
  await using state = await aStateFolder();
  await makeSmallState(state.folder);
  expect(statSync(state.folder).mode & 0o777).toBe(0o700);
  const files = ["journal.ndjson", "lock.db", "previous.db", "state.db"];
  expect(readdirSync(state.folder).toSorted()).toEqual(files);
  for (const name of files) expect(statSync(join(state.folder, name)).mode & 0o777).toBe(0o600);
});

test("a reader beneath a writer keeps its moment, and waits for nobody", async () => {
  await using state = await aStateFolder();
  await using lease = await sqliteStore(state.folder).acquire();
  await lease.begin(aHead());
  await lease.record([anOutcome(null, aCheckpoint("SALES.A"))]);
  await using reader = await sqliteStore(state.folder).reader();
  await lease.record([anOutcome(null, aCheckpoint("SALES.B"))]);
  expect((await Array.fromAsync(reader.entries())).flat().map((entry) => entry.asset_id)).toEqual(["SALES.A"]);
  await using later = await sqliteStore(state.folder).reader();
  expect(await later.count()).toBe(2);
});

test("a reader of a state at rest notices a writer, and tells a whole moment of what it wrote", async () => {
  await using state = await aStateFolder();
  await makeSmallState(state.folder);
  await using reader = await sqliteStore(state.folder).reader();
  expect(await reader.count()).toBe(4);
  for (let i = 0; i < 3; i++) {
    await using lease = await sqliteStore(state.folder).acquire();
    await lease.begin(aHead());
    await lease.record(Array.from({ length: 500 }, (_, n) => anOutcome(null, aCheckpoint(`SALES.T${i}_${n}`))));
    await lease.commit({ head: aHead({ clean: true }), memory: new Map(), report: null });
  }
  expect((await Array.fromAsync(reader.checkpoints())).flat().length).toBe(await reader.count());
  expect(await reader.count()).toBe(1_504);
});

test("what a killed run wrote is read, by a reader too", async () => {
  await using state = await aStateFolder();
  await makeSmallState(state.folder);
  const holder = await holdLease(state.folder);
  await holder?.kill("SIGKILL");
  await using reader = await sqliteStore(state.folder).reader();
  expect(await reader.head()).toMatchObject({ clean: false, generation: 1 });
  expect(await reader.count()).toBe(4);
});

test("that a run is under way stands in the file itself, so that a lost log cannot hide it", async () => {
  await using state = await aStateFolder();
  await makeSmallState(state.folder);
  const holder = await holdLease(state.folder);
  await holder?.kill("SIGKILL");
  rmSync(`${state.path}-wal`);
  rmSync(`${state.path}-shm`);
  await using reader = await sqliteStore(state.folder).reader();
  expect(await reader.head()).toMatchObject({ clean: false });
});

test.each(["3.51.3", "3.53.4", "4.0.0"])("SQLite %s is good enough", (version) => {
  expect(() => requireSqlite(version)).not.toThrow();
});

test.each(["3.51.2", "3.50.9", "2.99.99", "3"])("SQLite %s is refused, because it can damage a state", (version) => {
  expect(() => requireSqlite(version)).toThrow(/the sqlite store needs 3\.51\.3 or newer/);
});
