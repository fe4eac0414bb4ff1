import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { told } from "../../../test/helpers/flipped-state.ts";
import { jsonStore } from "../../../test/helpers/json-harness.ts";
import { fillSmallState } from "../../../test/helpers/small-state.ts";
import { aStateFolder, OPEN_TO_ALL, type StateFolder } from "../../../test/helpers/sqlite-harness.ts";
import { aCheckpoint, aHead, anIntent, anOutcome } from "../../testing/checkpoint-builders.ts";
import { nodeFileSystem } from "../files/index.ts";
import { JsonStore } from "./json-store.ts";

const IMAGE = "datasphere_checkpoints.json";

/** A small state, and one run more upon it. */
async function twoRuns(): Promise<StateFolder> {
  const state = await aStateFolder({ on: "memory" });
  await (async () => {
    await using lease = await jsonStore(state.folder).acquire();
    await fillSmallState(lease);
  })();
  await runOnce(state.folder, "SALES.Later");
  return state;
}

async function runOnce(folder: string, ...ids: readonly string[]): Promise<void> {
  await using lease = await jsonStore(folder).acquire();
  await lease.begin(aHead());
  const intents = await lease.intend(ids.map((id) => anIntent(id)));
  await lease.record(intents.map(({ seq, asset_id }) => anOutcome(seq, aCheckpoint(asset_id))));
  await lease.commit({ head: aHead({ clean: true }), memory: new Map(), report: null });
}

async function tell(folder: string): Promise<string> {
  await using reader = await jsonStore(folder).reader();
  return await told(reader);
}

const journals = (folder: string): readonly string[] => readdirSync(folder).filter((name) => name.startsWith("journal-"));

test("the image is plain JSON: a header, one checkpoint a line in code-point order, a sum at the end", async () => {
  await using state = await twoRuns();
  const text = readFileSync(join(state.folder, IMAGE), "utf8");
  const image = JSON.parse(text) as { header: object; checkpoints: { asset_id: string }[]; footer: { sha256: string } };
  expect(image.header).toMatchObject({
    format: 1,
    lineage: aHead().lineage,
    generation: 2,
    scheme: aHead().scheme,
    source_system: "datasphere",
  });
  expect(image.checkpoints.map(({ asset_id }) => asset_id)).toEqual([
    "FINANCE.Ledger",
    "SALES.Items",
    "SALES.Later",
    "SALES.Orders",
    "SALES.\u{1F600}",
  ]);
  expect(image.footer.sha256).toMatch(/^[0-9a-f]{64}$/);
  expect(text.split("\n").filter((line) => line.startsWith('{"asset_id":"SALES.Later","asset_type"')).length).toBe(1);
  expect(existsSync(join(state.folder, `${IMAGE}.prev`))).toBe(true);
});

test("a state whose source is Glue is named so", async () => {
  await using state = await aStateFolder({ on: "memory" });
  await using lease = await jsonStore(state.folder).acquire();
  await lease.begin(aHead({ source_system: "glue" }));
  expect(existsSync(join(state.folder, "glue_checkpoints.json"))).toBe(true);
});

test.skipIf(process.platform === "win32")("folder and files are their owner's alone", async () => {
  await using state = await twoRuns();
  expect(statSync(state.folder).mode & 0o777).toBe(0o700);
  for (const name of [IMAGE, `${IMAGE}.prev`, ...journals(state.folder)])
    expect([name, statSync(join(state.folder, name)).mode & 0o777]).toEqual([name, 0o600]);
});

test("a damaged image falls back to all that was durable, marked as recovered, and is kept", async () => {
  await using state = await twoRuns();
  const before = await tell(state.folder);
  writeFileSync(join(state.folder, IMAGE), "not a state");
  await expect(jsonStore(state.folder).acquire()).rejects.toMatchObject({ code: "state_damaged" });
  await expect(jsonStore(state.folder).reader()).rejects.toMatchObject({ code: "state_damaged" });

  const place = await jsonStore(state.folder).fallBack();

  expect(place).toBe(join(state.folder, "quarantine", "1"));
  expect(readFileSync(join(place ?? "", IMAGE), "utf8")).toBe("not a state");
  expect(await tell(state.folder)).toBe(before);
  await using lease = await jsonStore(state.folder).acquire();
  expect(await lease.head()).toMatchObject({ generation: 2, clean: false, recovered: true });
  expect((await jsonStore(state.folder).verify())?.problems).toEqual([]);
});

test("what was written after a fallback is there after the next", async () => {
  await using state = await twoRuns();
  for (const id of ["SALES.X", "SALES.Y"]) {
    writeFileSync(join(state.folder, IMAGE), "not a state");
    await jsonStore(state.folder).fallBack();
    await runOnce(state.folder, id);
  }
  await using reader = await jsonStore(state.folder).reader();
  expect([...(await reader.get(["SALES.Later", "SALES.X", "SALES.Y"])).keys()]).toEqual(["SALES.Later", "SALES.X", "SALES.Y"]);
});

test("where image and the one before are damaged, a fallback changes nothing and says so", async () => {
  await using state = await twoRuns();
  for (const name of [IMAGE, `${IMAGE}.prev`]) writeFileSync(join(state.folder, name), "not a state");
  const before = readdirSync(state.folder);
  expect(await jsonStore(state.folder).fallBack()).toBeNull();
  expect(readdirSync(state.folder)).toEqual(before);
});

test("an older image put back by hand costs nothing while its journals are there, and is refused when they are not", async () => {
  await using state = await twoRuns();
  const old = readFileSync(join(state.folder, IMAGE));
  await runOnce(state.folder, "SALES.Newer");
  const newer = await tell(state.folder);
  const newest = readFileSync(join(state.folder, IMAGE));
  writeFileSync(join(state.folder, IMAGE), old);
  expect(await tell(state.folder)).toBe(newer);
  writeFileSync(join(state.folder, IMAGE), newest);
  for (const id of ["SALES.A", "SALES.B", "SALES.C"]) await runOnce(state.folder, id);
  const before = await tell(state.folder);
  writeFileSync(join(state.folder, IMAGE), old);
  await expect(jsonStore(state.folder).acquire()).rejects.toMatchObject({
    code: "state_damaged",
    message: expect.stringContaining("which goes on from it, is missing or another") as unknown,
  });
  await jsonStore(state.folder).fallBack();
  expect(await tell(state.folder)).toBe(before);
});

test("a missing image beside what was kept is a lost state, not a new one", async () => {
  await using state = await twoRuns();
  rmSync(join(state.folder, IMAGE));
  for (const open of [() => jsonStore(state.folder).acquire(), () => jsonStore(state.folder).reader()])
    await expect(open()).rejects.toMatchObject({ code: "state_lost" });
});

test("an image of a newer format is refused by name", async () => {
  await using state = await aStateFolder({ on: "memory" });
  await using lease = await jsonStore(state.folder).acquire();
  await lease.begin(aHead());
  const path = join(state.folder, IMAGE);
  const body = readFileSync(path, "utf8")
    .replace('"format":1', '"format":2')
    .replace(/"footer"[^]*$/, "");
  const { createHash } = await import("node:crypto");
  writeFileSync(path, `${body}"footer":{"sha256":"${createHash("sha256").update(body).digest("hex")}"}\n}\n`);
  await expect(jsonStore(state.folder).reader()).rejects.toMatchObject({ code: "state_newer" });
});

test("a state that is set aside leaves room for a new one, and nothing is deleted", async () => {
  await using state = await twoRuns();
  const names = readdirSync(state.folder).filter((name) => !name.startsWith("lock"));
  const place = await jsonStore(state.folder).setAside();
  expect(readdirSync(place ?? "").sort()).toEqual(names.sort());
  expect(await jsonStore(state.folder).setAside()).toBeNull();
  await using lease = await jsonStore(state.folder).acquire();
  expect(await lease.head()).toBeNull();
});

test("one copy of a journal that is cut or removed is told by verify and costs nothing", async () => {
  await using state = await aStateFolder({ on: "memory" });
  await using lease = await largeStateStore(state.folder).acquire();
  await lease.begin(aHead());
  for (const id of ["SALES.A", "SALES.B", "SALES.C"]) await lease.record([anOutcome(null, aCheckpoint(id))]);
  const before = await tell(state.folder);
  rmSync(join(state.folder, "journal-000001.ndjson"));
  expect(await tell(state.folder)).toBe(before);
  expect((await jsonStore(state.folder).verify())?.problems).toEqual([
    expect.stringContaining("journal-000001.ndjson of a journal is not whole: it lacks the last 4 of 4 lines"),
  ]);
});

test("a disk that does not keep what is written to it is found out before the image is replaced", async () => {
  await using state = await aStateFolder({ on: "memory" });
  const store = new JsonStore({
    folder: state.folder,
    files: { ...nodeFileSystem, create: (path, bytes) => nodeFileSystem.create(path, path.includes(".draft-") ? bytes.slice(1) : bytes) },
    lock: OPEN_TO_ALL,
    holder: () => ({ pid: 1, host: "h", since: "" }),
  });
  await using lease = await store.acquire();
  await expect(lease.begin(aHead())).rejects.toMatchObject({
    code: "state_unwritable",
    message: expect.stringContaining("does not come back as it was written") as unknown,
  });
});

test("journals are removed when neither the image nor the one before needs them", async () => {
  await using state = await twoRuns();
  for (let run = 0; run < 10; run++) await runOnce(state.folder, `SALES.Run${run}`);
  expect(journals(state.folder).length).toBeLessThanOrEqual(8);
});

test("an image that is large is renewed when the journals have outgrown half of it, or are many", async () => {
  await using state = await aStateFolder({ on: "memory" });
  const generation = (): number =>
    (JSON.parse(readFileSync(join(state.folder, IMAGE), "utf8")) as { header: { generation: number } }).header.generation;
  const commit = async (...ids: readonly string[]): Promise<void> => {
    await using lease = await largeStateStore(state.folder).acquire();
    await lease.begin(aHead());
    await lease.record(ids.map((id) => anOutcome(null, aCheckpoint(id))));
    await lease.commit({ head: aHead({ clean: true }), memory: new Map(), report: null });
  };
  await commit(...Array.from({ length: 50 }, (_, n) => `SALES.A${n}`));
  expect(generation()).toBe(1);
  for (let run = 0; run < 10; run++) await commit();
  expect(generation()).toBe(1);
  for (let run = 0; run < 10; run++) await commit();
  expect(generation()).toBeGreaterThan(1);
});

test("a commit stands whose new image cannot be made, and it is told", async () => {
  await using state = await twoRuns();
  const previous = join(state.folder, `${IMAGE}.prev`);
  rmSync(previous);
  mkdirSync(join(previous, "in the way"), { recursive: true });
  const codes: string[] = [];
  await (async () => {
    await using lease = await jsonStore(state.folder).acquire({ onFailure: ({ code }) => codes.push(code) });
    expect(await lease.commit({ head: aHead({ clean: true }), memory: new Map(), report: null })).toMatchObject({ generation: 3 });
  })();
  expect(codes).toEqual(["state_unwritable"]);
  rmSync(previous, { recursive: true });
  await using lease = await jsonStore(state.folder).acquire({ onFailure: ({ code }) => codes.push(code) });
  expect(await lease.commit({ head: aHead({ clean: true }), memory: new Map(), report: null })).toMatchObject({ generation: 4 });
  expect(codes.length).toBe(1);
});

test("a run that brings a state beyond 50,000 checkpoints warns once, and so does each run after it", async () => {
  await using state = await aStateFolder({ on: "memory" });
  const warnings: string[][] = [];
  const ids = Array.from({ length: 50_001 }, (_, n) => `SALES.T${n}`);
  for (const added of [ids.slice(0, 50_000), ids.slice(50_000), []]) {
    const given: string[] = [];
    warnings.push(given);
    const options = { folder: state.folder, files: nodeFileSystem, lock: OPEN_TO_ALL, holder: () => ({ pid: 1, host: "h", since: "" }) };
    await using lease = await new JsonStore({ ...options, warn: (message) => given.push(message) }).acquire();
    await lease.begin(aHead());
    for (let at = 0; at < added.length; at += 5_000)
      await lease.record(added.slice(at, at + 5_000).map((id) => ({ seq: null, asset_id: id, checkpoint: aCheckpoint(id) })));
    for (let commits = 0; commits < 2; commits++) await lease.commit({ head: aHead({ clean: true }), memory: new Map(), report: null });
  }
  const warned = [expect.stringContaining("holds all 50001 checkpoints in memory") as unknown];
  expect(warnings).toEqual([[], warned, warned]);
});

/** A store to which every state is large. */
function largeStateStore(folder: string): JsonStore {
  return new JsonStore({
    folder,
    files: nodeFileSystem,
    lock: OPEN_TO_ALL,
    holder: () => ({ pid: 1, host: "h", since: "" }),
    smallBytes: 0,
  });
}
