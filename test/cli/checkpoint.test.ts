import { existsSync } from "node:fs";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { aWorkplace, tables, type Workplace } from "./a-workplace.ts";

async function synced(): Promise<Workplace & { readonly state: string }> {
  const workplace = await aWorkplace();
  await workplace.exported(tables(1, 6));
  expect((await workplace.run("sync")).code).toBe(0);
  workplace.sandbox.reset({ counts: true });
  return { ...workplace, state: join(workplace.cwd, "checkpoints", "sales", "state.db") };
}

test("a lost state is rebuilt from the target, and the sync after it writes nothing", async () => {
  const { cwd, run, sandbox } = await synced();
  await rm(join(cwd, "checkpoints"), { recursive: true });

  const lost = await run("sync");
  expect([lost.code, lost.stderr]).toEqual([6, expect.stringContaining("tidemark checkpoint rebuild") as unknown]);
  const rebuilt = await run("checkpoint", "rebuild", "--json");
  expect([rebuilt.code, JSON.parse(rebuilt.stdout)]).toMatchObject([0, { pipeline: "sales", checkpoints: 6, set_aside: null }]);
  const next = await run("sync", "--json");
  expect([next.code, JSON.parse(next.stdout)]).toMatchObject([0, { summary: { unchanged: 6, created: 0, modified: 0, deleted: 0 } }]);
  expect(sandbox.counts().writes).toBe(0);
});

test("a state whose file alone is gone is lost too: a sync is 6, a plan is 6, and a rebuild needs no leave", async () => {
  const { run, state, sandbox } = await synced();
  await rm(state);

  const [sync, plan] = [await run("sync", "--json"), await run("plan", "--json")];
  expect([sync.code, plan.code, JSON.parse(sync.stdout)]).toMatchObject([6, 6, { error: { code: "state_lost" } }]);
  expect((await run("checkpoint", "rebuild")).code).toBe(0);
  expect((await run("sync")).code).toBe(0);
  expect(sandbox.counts().writes).toBe(0);
});

test("an intact state is not rebuilt over unasked; with --set-aside it is moved, and stays readable where it lies", async () => {
  const { run, state, sandbox } = await synced();
  const bytes = await readFile(state);

  const [refused, unasked] = [await run("checkpoint", "rebuild"), await run("checkpoint", "rebuild", "--yes")];
  expect([refused.code, unasked.code]).toEqual([1, 1]);
  expect(await readFile(state)).toEqual(bytes);

  const moved = await run("checkpoint", "rebuild", "--set-aside", "--json");
  const { set_aside } = JSON.parse(moved.stdout) as { set_aside: string };
  expect(moved.code).toBe(0);
  expect(set_aside).toMatch(/quarantine.1$/);
  expect(await readFile(join(set_aside, "state.db"))).toEqual(bytes);
  expect((await run("sync")).code).toBe(0);
  expect(sandbox.counts().writes).toBe(0);
});

test.each([["--yes"], ["--set-aside"]])(
  "a damaged state is found by verify with exit 6 and the way out, and rebuilt with %s",
  async (consent) => {
    const { run, state, sandbox } = await synced();
    await writeFile(state, "no database at all, but long enough to look like one".repeat(100));

    const verified = await run("checkpoint", "verify", "--json");
    expect([verified.code, JSON.parse(verified.stdout)]).toMatchObject([
      6,
      { error: { code: "state_damaged", remedy: expect.stringContaining("tidemark checkpoint rebuild --set-aside") as unknown } },
    ]);
    expect((await run("checkpoint", "rebuild")).code).toBe(6);
    expect(await readFile(state, "utf8")).toContain("no database");

    const rebuilt = await run("checkpoint", "rebuild", consent);
    expect([rebuilt.code, rebuilt.stdout]).toEqual([0, expect.stringMatching(/quarantine.1\.\nRebuilt 6 checkpoints/) as unknown]);
    expect([(await run("checkpoint", "verify")).code, (await run("sync")).code]).toEqual([0, 0]);
    expect(sandbox.counts().writes).toBe(0);
  },
);

test("a row altered behind SQLite's back is found by verify, which names its asset", async () => {
  const { run, state } = await synced();
  const { DatabaseSync } = await import("node:sqlite");
  const database = new DatabaseSync(state);
  database.exec("UPDATE entry SET asset_id = 'SALES.T0X' WHERE asset_id = 'SALES.T03'");
  database.close();

  const { code, stderr } = await run("checkpoint", "verify");

  expect([code, stderr]).toEqual([6, expect.stringContaining("SALES.T0X") as unknown]);
});

test("verify says what it checked, also where there is nothing", async () => {
  const { run, cwd } = await synced();

  expect(await run("checkpoint", "verify")).toMatchObject({ code: 0, stdout: "The state of pipeline sales is intact: 6 checkpoints.\n" });
  await rm(join(cwd, "checkpoints"), { recursive: true });
  expect(await run("checkpoint", "verify")).toMatchObject({ code: 0, stdout: "Pipeline sales has no state yet.\n" });
  expect(existsSync(join(cwd, "checkpoints"))).toBe(false);
});

test("a state is not set aside where the target shows nothing to rebuild from", async () => {
  const { run, state, sandbox } = await synced();
  sandbox.reset();
  await writeFile(state, "no database at all, but long enough to look like one".repeat(100));

  const { code, stderr } = await run("checkpoint", "rebuild", "--set-aside");

  expect([code, stderr]).toEqual([1, expect.stringContaining("nothing to rebuild from") as unknown]);
  expect(await readdir(join(state, ".."))).not.toContain("quarantine");
});

test("of a forgotten checkpoint the table stays, and the next sync goes on with it", async () => {
  const { run, sandbox } = await synced();

  const forgotten = await run("checkpoint", "forget", "SALES.T02", "--json");
  expect([forgotten.code, JSON.parse(forgotten.stdout)]).toMatchObject([0, { pipeline: "sales", forgotten: "SALES.T02" }]);
  expect((await run("checkpoint", "list")).stdout).not.toContain("SALES.T02");
  expect((await run("checkpoint", "forget", "SALES.T02")).code).toBe(1);
  expect(sandbox.tables()).toHaveLength(6);

  expect((await run("sync")).code).toBe(0);
  expect((await run("checkpoint", "list")).stdout).toContain("SALES.T02");
  expect([sandbox.tables().length, sandbox.counts().operations["DeleteTable"]?.calls ?? 0]).toEqual([6, 0]);
  expect((await run("plan")).code).toBe(0);
});

test("the audit trail is exported whole, as JSON Lines and as CSV", async () => {
  const { run } = await synced();
  await run("checkpoint", "forget", "SALES.T02");

  const ndjson = await run("history", "--format", "ndjson");
  const csv = await run("history", "SALES.T02", "--format", "csv", "--limit", "1");

  const records = ndjson.stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as { change_type: string });
  expect([ndjson.code, records.length, records[0]?.change_type]).toEqual([0, 7, "forgotten"]);
  const [header, row, ...rest] = csv.stdout.split("\r\n");
  expect([csv.code, header?.split(",").slice(0, 4), row?.split(",").slice(2, 4), rest]).toEqual([
    0,
    ["time", "run_id", "asset_id", "change_type"],
    ["SALES.T02", "forgotten"],
    [""],
  ]);
  expect((await run("history", "--format", "csv", "--json")).code).toBe(1);
});
