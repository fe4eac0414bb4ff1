import { appendFileSync, existsSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { keepFiles, put, putBack, type StateFile, told } from "../../../test/helpers/flipped-state.ts";
import { holdLease } from "../../../test/helpers/lease-process.ts";
import { makeSmallState, MEMORY_KEYS } from "../../../test/helpers/small-state.ts";
import { aStateFolder, OPEN_TO_ALL, type StateFolder, sqliteStore } from "../../../test/helpers/sqlite-harness.ts";
import type { Intent } from "../../model/checkpoint.ts";
import { type Json, rawNumber } from "../../model/json.ts";
import {
  aCheckpoint,
  aFingerprint,
  aHead,
  aHistoryRecord,
  anAcknowledgement,
  anIntent,
  anOutcome,
  aReport,
} from "../../testing/checkpoint-builders.ts";
import { wholeState } from "../../testing/whole-state.ts";

/** A small state, and one run more upon it. */
async function twoRuns(): Promise<StateFolder> {
  const state = await aStateFolder({ on: "memory" });
  await makeSmallState(state.folder);
  await runOnce(state.folder, "SALES.Later");
  return state;
}

async function runOnce(folder: string, ...ids: readonly string[]): Promise<void> {
  await using lease = await sqliteStore(folder).acquire();
  await lease.begin(aHead());
  const intents = await lease.intend(ids.map((id) => anIntent(id)));
  await lease.record(intents.map(({ seq, asset_id }) => anOutcome(seq, aCheckpoint(asset_id))));
  await lease.commit({ head: aHead({ clean: true }), memory: new Map(), report: null });
}

async function tell(folder: string): Promise<string> {
  await using reader = await sqliteStore(folder).reader();
  return await told(reader);
}

const file = ({ folder }: StateFolder, name: StateFile): string => join(folder, name);
const damage = (path: string): void => writeFileSync(path, "not a database ".repeat(500));

test("a damaged state falls back to all that was durable, marked as recovered, and its files are kept", async () => {
  await using state = await twoRuns();
  const before = await tell(state.folder);
  damage(state.path);
  await expect(sqliteStore(state.folder).acquire()).rejects.toMatchObject({ code: "state_damaged" });

  const place = await sqliteStore(state.folder).fallBack();

  expect(place).toBe(join(state.folder, "quarantine", "1"));
  expect(readFileSync(join(place ?? "", "state.db"), "utf8")).toContain("not a database");
  expect(await tell(state.folder)).toBe(before);
  await using lease = await sqliteStore(state.folder).acquire();
  expect(await lease.head()).toMatchObject({ generation: 2, clean: false, recovered: true });
  expect((await sqliteStore(state.folder).verify())?.problems).toEqual([]);
});

test("what was written after a fallback is there after the next", async () => {
  await using state = await twoRuns();
  for (const id of ["SALES.X", "SALES.Y"]) {
    damage(state.path);
    await sqliteStore(state.folder).fallBack();
    await runOnce(state.folder, id);
  }
  await using reader = await sqliteStore(state.folder).reader();
  expect([...(await reader.get(["SALES.Later", "SALES.X", "SALES.Y"])).keys()]).toEqual(["SALES.Later", "SALES.X", "SALES.Y"]);
});

test("whatever a write can hold comes back of the journal as it stood in the state", async () => {
  await using state = await twoRuns();
  const odd = {
    "": [null, true, ""],
    ...Object.fromEntries([["__proto__", { polluted: "no" }]]),
    lone: "\ud800",
    exact: [rawNumber("1.0"), rawNumber("12345678901234567890123"), -7],
    lines: "\n\r\u2028",
  };
  await (async () => {
    await using lease = await sqliteStore(state.folder).acquire();
    await lease.begin(aHead());
    const target = anAcknowledgement("SALES.Odd", { document: odd });
    const [kept] = await lease.intend([anIntent("SALES.Odd", { pending: aCheckpoint("SALES.Odd", { target }) })]);
    await lease.record([
      anOutcome(null, aCheckpoint("SALES.\u0000\u{10FFFF}", { raw: null, target })),
      { seq: null, asset_id: "SALES.Items", checkpoint: null },
    ]);
    await lease.record([{ seq: null, asset_id: "SALES.Orders", checkpoint: undefined, history: aHistoryRecord("SALES.Orders") }]);
    await lease.keep([{ ...(kept as Intent), limbo: 1 }]);
    const entry = { raw: { token: "t", basis: "basis-9" }, fingerprint: aFingerprint("new"), mapping: "mapping-9" };
    await lease.refresh([{ asset_id: "SALES.Orders", entry }]);
    await lease.addRun({ ...aReport("run-9"), duration_ms: 0.1 });
    const memory = new Map<string, Json>([
      ["a", odd],
      ["b", null],
      ["__proto__", 1],
    ]);
    await lease.commit({ head: aHead({ scope: "another" }), memory, report: aReport("run-10") });
  })();
  const before = await tell(state.folder);
  damage(state.path);
  await sqliteStore(state.folder).fallBack();
  expect(await tell(state.folder)).toBe(before);
});

test("an older state that was put back by hand is refused by whoever reads it, and falls back to the newest", async () => {
  await using state = await twoRuns();
  const old = readFileSync(state.path);
  await runOnce(state.folder, "SALES.Newest");
  const before = await tell(state.folder);
  writeFileSync(state.path, old);
  const refusal = { code: "state_damaged", message: expect.stringContaining("it is older than its journal") as unknown };
  await expect(sqliteStore(state.folder).reader()).rejects.toMatchObject(refusal);
  await expect(sqliteStore(state.folder).acquire()).rejects.toMatchObject(refusal);

  await sqliteStore(state.folder).fallBack();

  expect(await tell(state.folder)).toBe(before);
});

test("a state of before its journal began is refused as older too", async () => {
  await using state = await twoRuns();
  const old = readFileSync(state.path);
  await runOnce(state.folder, "SALES.Newest");
  rmSync(file(state, "journal.ndjson"));
  await runOnce(state.folder, "SALES.Newest");
  writeFileSync(state.path, old);
  await expect(sqliteStore(state.folder).reader()).rejects.toMatchObject({
    message: expect.stringContaining("its journal begins at") as unknown,
  });
});

test("a state of another history in its place is refused", async () => {
  await using state = await twoRuns();
  await using other = await aStateFolder({ on: "memory" });
  await (async () => {
    await using lease = await sqliteStore(other.folder).acquire();
    await lease.begin(aHead({ lineage: "another" }));
  })();
  writeFileSync(state.path, readFileSync(other.path));
  await expect(sqliteStore(state.folder).acquire()).rejects.toMatchObject({
    code: "state_damaged",
    message: expect.stringContaining("of another history (another)") as unknown,
  });
});

test("a log (-wal) that is lost with all that a killed run wrote to it is found, and falls back to what was acknowledged", async () => {
  await using state = await twoRuns();
  const holder = await holdLease(state.folder);
  await holder?.kill("SIGKILL");
  // The writes of one more run stand in the log alone.
  const kept = keepFiles(state.folder);
  const lease = await sqliteStore(state.folder).acquire();
  await lease.record([anOutcome(null, aCheckpoint("SALES.A"))]);
  await lease.record([anOutcome(null, aCheckpoint("SALES.B"))]);
  const acknowledged = await told(lease);
  const journal = readFileSync(file(state, "journal.ndjson"));
  await lease[Symbol.asyncDispose]();
  putBack(state.folder, new Map([...kept, ["journal.ndjson", journal]]));

  await expect(sqliteStore(state.folder).acquire()).rejects.toMatchObject({ code: "state_damaged" });
  await sqliteStore(state.folder).fallBack();
  expect(await tell(state.folder)).toBe(acknowledged);
});

test("a write that reached the journal and not the state is carried out by the next run, and is no damage", async () => {
  await using state = await twoRuns();
  const before = keepFiles(state.folder);
  await (await sqliteStore(state.folder).acquire())[Symbol.asyncDispose]();
  const ahead = readFileSync(file(state, "journal.ndjson"));
  putBack(
    state.folder,
    new Map([...before, ["journal.ndjson", Buffer.concat([ahead, Buffer.from("a line that was not written to its e")])]]),
  );

  await using reader = await sqliteStore(state.folder).reader();
  expect(await reader.head()).toMatchObject({ recovered: false });
  await using lease = await sqliteStore(state.folder).acquire();
  expect(await lease.head()).toMatchObject({ clean: true, recovered: false });
  const lines = readFileSync(file(state, "journal.ndjson"), "utf8").trimEnd().split("\n");
  expect(lines.slice(-2).map((line) => (JSON.parse(line.slice(33)) as { change: { kind: string } }).change.kind)).toEqual(["take", "take"]);
});

test.each<[what: string, how: (state: StateFolder) => void]>([
  ["is missing", (state) => rmSync(file(state, "journal.ndjson"))],
  ["was cut", (state) => truncateSync(file(state, "journal.ndjson"), 900)],
  ["begins with another line", (state) => put(file(state, "journal.ndjson"), 40, 0)],
  ["has lines behind its end that nobody wrote", (state) => appendFileSync(file(state, "journal.ndjson"), "one\ntwo\n")],
  ["lacks its copy", (state) => rmSync(file(state, "previous.db"))],
  ["has an empty copy", (state) => truncateSync(file(state, "previous.db"), 0)],
])("a journal that %s harms nothing: the next run makes a new copy and begins a new journal", async (_, how) => {
  await using state = await twoRuns();
  const before = await tell(state.folder);
  how(state);
  expect(await tell(state.folder)).toBe(before);
  await (await sqliteStore(state.folder).acquire())[Symbol.asyncDispose]();
  expect(await sqliteStore(state.folder).verify()).toEqual({ checkpoints: 5, problems: [] });
  damage(state.path);
  await sqliteStore(state.folder).fallBack();
  expect(await tell(state.folder)).toBe(before);
});

test.each<[what: string, how: (state: StateFolder) => void]>([
  ["the copy is missing", (state) => rmSync(file(state, "previous.db"))],
  ["the copy is damaged", (state) => damage(file(state, "previous.db"))],
  ["the journal is missing", (state) => rmSync(file(state, "journal.ndjson"))],
  ["a line of the journal is damaged", (state) => put(file(state, "journal.ndjson"), 1_000, 0)],
  [
    "the journal's last line is damaged",
    (state) => put(file(state, "journal.ndjson"), statSync(file(state, "journal.ndjson")).size - 2, 0),
  ],
  ["the journal lacks a line", (state) => cutOut(file(state, "journal.ndjson"), 2)],
])("where %s too, a damaged state does not fall back, and nothing is changed", async (_, how) => {
  await using state = await twoRuns();
  damage(state.path);
  how(state);
  const before = keepFiles(state.folder);
  expect(await sqliteStore(state.folder).fallBack()).toBeNull();
  expect(keepFiles(state.folder)).toEqual(before);
  expect(readdirSync(state.folder).toSorted()).toEqual([...before.keys(), "lock.db"].toSorted());
});

test("a whole check finds a copy and a journal that are not what was written, and says the way out", async () => {
  await using state = await twoRuns();
  damage(file(state, "previous.db"));
  put(file(state, "journal.ndjson"), 1_000, 0);
  expect((await sqliteStore(state.folder).verify())?.problems).toEqual(
    ["journal.ndjson", "previous.db"].map(
      (name) => expect.stringMatching(new RegExp(`could not fall back on \\S*${name}: .* delete the file`)) as unknown,
    ),
  );
  for (const name of ["previous.db", "journal.ndjson"] as const) rmSync(file(state, name));
  await (await sqliteStore(state.folder).acquire())[Symbol.asyncDispose]();
  expect((await sqliteStore(state.folder).verify())?.problems).toEqual([]);
});

test("a state that is gone while its journal is not is lost, and nothing begins anew", async () => {
  await using state = await twoRuns();
  rmSync(state.path);
  for (const open of [sqliteStore(state.folder).reader(), sqliteStore(state.folder).acquire()])
    await expect(open).rejects.toMatchObject({ code: "state_lost", remedy: expect.stringContaining("checkpoint rebuild") as unknown });
});

test("the journal stays small beside the state: it is replaced by a copy, and what came before and since is fallen back to", async () => {
  await using state = await aStateFolder({ on: "memory" });
  const sizes: number[] = [];
  for (let run = 0; run < 8; run++) {
    await runOnce(state.folder, ...Array.from({ length: 150 }, (_, n) => `SALES.T${run}_${n}`));
    sizes.push(statSync(file(state, "journal.ndjson")).size);
  }
  const bound = Math.max(1 << 20, statSync(state.path).size / 2);
  expect(Math.max(...sizes)).toBeLessThan(bound);
  expect(Math.min(...sizes.slice(1))).toBeLessThan(sizes[0] ?? 0);
  const before = await tell(state.folder);
  damage(state.path);
  await sqliteStore(state.folder).fallBack();
  expect(await tell(state.folder)).toBe(before);
});

test("a run that died between a new copy and its journal leaves what can be fallen back to, and gone on from", async () => {
  await using state = await twoRuns();
  const old = keepFiles(state.folder);
  rmSync(file(state, "journal.ndjson"));
  await (await sqliteStore(state.folder).acquire())[Symbol.asyncDispose]();
  const renewed = keepFiles(state.folder);
  // The new copy beside the journal of before it, which knows all that the copy holds.
  putBack(state.folder, new Map([...old, ["previous.db", renewed.get("previous.db") as Buffer]]));
  const before = await tell(state.folder);
  damage(state.path);
  expect(await sqliteStore(state.folder).fallBack()).not.toBeNull();
  expect(await tell(state.folder)).toBe(before);
});

test("nobody who was overtaken writes the journal", async () => {
  await using state = await twoRuns();
  await using first = await sqliteStore(state.folder).acquire();
  await using second = await sqliteStore(state.folder, OPEN_TO_ALL).acquire();
  await second.record([anOutcome(null, aCheckpoint("SALES.Second"))]);
  const journal = readFileSync(file(state, "journal.ndjson"));
  await expect(first.record([anOutcome(null, aCheckpoint("SALES.First"))])).rejects.toMatchObject({ code: "lease_lost" });
  expect(readFileSync(file(state, "journal.ndjson"))).toEqual(journal);
  expect((await wholeState(second, MEMORY_KEYS)).count).toBe(6);
});

test("reading leaves a damaged state, its copy and its journal as they are", async () => {
  await using state = await twoRuns();
  damage(state.path);
  const before = keepFiles(state.folder);
  await expect(sqliteStore(state.folder).reader()).rejects.toMatchObject({ code: "state_damaged" });
  expect(keepFiles(state.folder)).toEqual(before);
  expect(existsSync(join(state.folder, "quarantine"))).toBe(false);
});

/** Takes a line out of a file. */
function cutOut(path: string, at: number): void {
  const lines = readFileSync(path, "utf8").split("\n");
  writeFileSync(path, lines.toSpliced(at, 1).join("\n"));
}
