import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openStore } from "../../src/config/assemble.ts";
import { choosePipeline, loadConfig } from "../../src/config/load.ts";
import type { RunReport } from "../../src/model/report.ts";
import { aWorkplace, tables, type Workplace } from "./a-workplace.ts";

const MAIN = join(import.meta.dirname, "../../src/cli/main.ts");

test("plan, sync, plan: the changes are shown, made, and gone; a plan leaves nothing behind", async () => {
  const { cwd, sandbox, exported, run } = await aWorkplace();
  await exported(tables(1, 3));

  const plan = await run("plan", "--json");
  expect([plan.code, plan.stderr]).toEqual([2, ""]);
  expect(JSON.parse(plan.stdout)).toMatchObject({
    pipeline: "sales",
    basis: null,
    summary: { assets: 3, created: 3, unchanged: 0 },
    listings: [{ scope: "SALES", complete: true, count: 3 }],
  });
  expect((await readdir(cwd)).toSorted()).toEqual(["exports", "tidemark.yaml"]);
  expect(sandbox.tables()).toEqual([]);

  const dry = await run("sync", "--dry-run");
  expect([dry.code, dry.stdout.split("\n").at(-2)]).toEqual([
    2,
    expect.stringMatching(/^Plan: 3 to create · about \d+ requests$/) as unknown,
  ]);

  const synced = await run("sync");
  expect([synced.code, synced.stderr]).toEqual([0, ""]);
  expect(synced.stdout).toContain("  + SALES.T01  created\n  + SALES.T02  created\n  + SALES.T03  created\n");
  expect(synced.stdout.split("\n").at(-2)).toBe("Synced: 3 created, 0 unchanged");
  expect(sandbox.tables("dsp_sales").map(({ Name }) => Name)).toEqual(["t01", "t02", "t03"]);

  const after = await run("plan");
  expect([after.code, after.stdout]).toEqual([0, "Pipeline sales (generation 1)\n\nNothing to do: 3 assets, all in step.\n"]);
});

test("an edit is one update in plan and report, and history, status, runs and checkpoints tell of it", async () => {
  const { exported, run } = await aWorkplace();
  await exported({ Orders: { NETWR: { type: "cds.Decimal", precision: 15, scale: 2 } }, ...tables(1, 12) });
  await run("sync");
  await exported({ Orders: { NETWR: { type: "cds.Decimal", precision: 17, scale: 2 } }, ...tables(2, 12) });

  expect((await run("plan")).stdout.replace(/about \d+ requests instead of \d+/, "about N requests instead of M"))
    .toBe(`Pipeline sales (generation 1)

SALES  1 to update (1 schema), 1 to delete
  ~ SALES.Orders  schema
      ~ columns.NETWR.type: cds.Decimal(15,2) → cds.Decimal(17,2)
  - SALES.T01  deleted

Plan: 1 to update (1 schema), 1 to delete · about N requests instead of M
`);
  const { code, stdout } = await run("sync", "--json");
  const report = JSON.parse(stdout) as RunReport & { format_version: number };
  expect([code, report.format_version, report.status]).toEqual([0, 1, "succeeded"]);
  expect(report.summary).toEqual({
    assets: 12,
    unchanged: 11,
    created: 0,
    modified: 0,
    schema_changed: 1,
    metadata_changed: 0,
    deleted: 1,
    withheld: 0,
    failed: 0,
  });
  expect(report.full_sync?.requests.source).toBeGreaterThan(0);

  const status = JSON.parse((await run("status", "--json")).stdout) as object;
  expect(status).toMatchObject({
    pipeline: "sales",
    state: { generation: 2, clean: true, checkpoints: 12, open_intents: 0 },
    last_run: { run_id: report.run_id },
  });
  const history = JSON.parse((await run("history", "SALES.Orders", "--json")).stdout) as { history: object[] };
  expect(history.history).toMatchObject([{ change_type: "schema_changed", outcome: "applied" }, { change_type: "created" }]);
  const shown = JSON.parse((await run("runs", "show", report.run_id, "--json")).stdout) as object;
  expect(shown).toEqual(report);
  const list = JSON.parse((await run("checkpoint", "list", "--json")).stdout) as { checkpoints: object[] };
  expect(list.checkpoints).toHaveLength(12);
  expect(Object.keys(list.checkpoints[0] ?? {})).toEqual([
    "asset_id",
    "asset_type",
    "source_system",
    "last_sync_time",
    "content_hash",
    "schema_hash",
    "metadata_hash",
    "sync_version",
    "custom_properties",
  ]);
  expect(list.checkpoints[0]).toMatchObject({
    asset_id: "SALES.Orders",
    asset_type: "table",
    source_system: "datasphere",
    sync_version: 2,
  });
});

test("a plan saved with --out holds every record, header first and summary last, and nobody else may read it", async () => {
  const { cwd, exported, run } = await aWorkplace();
  await exported(tables(1, 2));

  const { code } = await run("plan", "--out", "plan.ndjson", "--quiet");
  const records = (await readFile(join(cwd, "plan.ndjson"), "utf8"))
    .trim()
    .split("\n")
    .map((line) => (JSON.parse(line) as { record: string }).record);

  expect([code, records[0], records.at(-1), records.filter((record) => record === "step").length]).toEqual([2, "header", "summary", 2]);
  expect((await stat(join(cwd, "plan.ndjson"))).mode & 0o077).toBe(0);
  expect((await run("plan", "--out", "absent/plan.ndjson")).code).toBe(1);
});

test("too many deletions are refused with 4, in plan and sync, and allowed by their exact number only", async () => {
  const { sandbox, exported, run } = await aWorkplace();
  await exported(tables(1, 12));
  await run("sync");
  await exported(tables(7, 12));

  const [plan, refused, inexact] = [await run("plan", "--json"), await run("sync", "--json"), await run("sync", "--allow-deletes", "5")];
  const refusal = expect.objectContaining({ code: "guard_refused" }) as unknown;
  expect([plan.code, refused.code, inexact.code]).toEqual([4, 4, 4]);
  expect(JSON.parse(plan.stdout)).toMatchObject({ summary: { deleted: 6 }, problems: expect.arrayContaining([refusal]) as unknown });
  expect(JSON.parse(refused.stdout)).toMatchObject({ status: "refused", problems: expect.arrayContaining([refusal]) as unknown });
  expect(sandbox.tables()).toHaveLength(12);

  expect((await run("sync", "--allow-deletes", "6")).code).toBe(0);
  expect(sandbox.tables()).toHaveLength(6);
});

test("a refused run is seen in status and runs, and makes no generation", async () => {
  const { exported, run } = await aWorkplace();
  await exported(tables(1, 12));
  await run("sync");
  await exported(tables(7, 12));
  const { run_id } = JSON.parse((await run("sync", "--json")).stdout) as { run_id: string };

  const [status, runs] = [JSON.parse((await run("status", "--json")).stdout), JSON.parse((await run("runs", "list", "--json")).stdout)];
  expect(status).toMatchObject({ state: { generation: 1, clean: true, checkpoints: 12 }, last_run: { run_id, status: "refused" } });
  expect(runs).toMatchObject({ runs: [{ run_id, status: "refused", problems: [{ code: "guard_refused" }] }, { status: "succeeded" }] });
});

test("where no terminal is, a problem stands once: in the report", async () => {
  const { sandbox, exported, run } = await aWorkplace();
  await exported(tables(1, 2));
  sandbox.fault({ fault: "access_denied", operation: "CreateTable" });
  const { code, stdout, stderr } = await run("sync");

  expect([code, stderr]).toEqual([3, ""]);
  expect(stdout.match(/AccessDeniedException/g)).toHaveLength(1);
});

test("an asset that cannot be written is 2 in a plan and 3 in a sync, and the others are written", async () => {
  const { sandbox, exported, run } = await aWorkplace();
  await exported({ Good: null, Bad: { ID: { type: "cds.Integer" }, id: { type: "cds.Integer" } } });

  const plan = await run("plan", "--json");
  const sync = await run("sync", "--json");

  expect([plan.code, sync.code]).toEqual([2, 3]);
  expect(JSON.parse(plan.stdout)).toMatchObject({ withheld: [{ asset_id: "SALES.Bad", because: { code: "column_collision" } }] });
  expect(JSON.parse(sync.stdout)).toMatchObject({
    status: "partial",
    summary: { created: 1, withheld: 1 },
    problems: [{ asset_id: "SALES.Bad", code: "column_collision" }],
  });
  expect(sandbox.tables().map(({ Name }) => Name)).toEqual(["good"]);
});

test("an incomplete source is 8 in plan and sync, and nothing is deleted", async () => {
  const { cwd, sandbox, exported, run } = await aWorkplace();
  await exported(tables(1, 3));
  await run("sync");
  await exported(tables(1, 2));
  await writeFile(join(cwd, "exports", "SALES", "broken.json"), '{"definitions": ');

  const [plan, sync] = [await run("plan"), await run("sync", "--json")];

  expect([plan.code, sync.code]).toEqual([8, 8]);
  expect(plan.stdout).toContain("broken.json");
  expect(JSON.parse(sync.stdout)).toMatchObject({ status: "partial", summary: { deleted: 0 } });
  expect(sandbox.tables()).toHaveLength(3);
});

test("a source that is not there at all is 1, and nothing is synced", async () => {
  const { run, cwd } = await aWorkplace({}, "retry: { attempts: 1 }\n");
  await writeFile(join(cwd, "tidemark.yaml"), (await readFile(join(cwd, "tidemark.yaml"), "utf8")).replace("./exports", "./absent"));

  const { code, stdout } = await run("sync", "--json");

  expect([code, JSON.parse(stdout)]).toMatchObject([1, { error: { code: "source_unavailable" } }]);
});

test("while another run holds the lease, a sync is 5 and names the holder; a plan goes on", async () => {
  const { cwd, exported, run, sandbox } = await aWorkplace();
  await exported(tables(1, 1));
  const config = await loadConfig({ cwd, env: { GLUE: sandbox.url } });
  await using _lease = await (await openStore(choosePipeline(config, undefined))).acquire();

  const [sync, plan] = [await run("sync"), await run("plan")];

  expect([sync.code, plan.code]).toEqual([5, 2]);
  expect(sync.stderr).toContain(String(process.pid));
});

/** A synced state whose file was overwritten, and two tables of it gone from the source. */
async function aDamagedState(): Promise<Workplace & { readonly folder: string }> {
  const workplace = await aWorkplace();
  const folder = join(workplace.cwd, "checkpoints", "sales");
  await workplace.exported(tables(1, 6));
  await workplace.run("sync");
  await workplace.exported(tables(3, 6));
  await writeFile(join(folder, "state.db"), "no database at all, but long enough to look like one".repeat(100));
  return { ...workplace, folder };
}

test("a damaged state is 6 for whatever only reads it, with the way out, and stays as it is", async () => {
  const { folder, run } = await aDamagedState();
  const names = await readdir(folder);

  for (const command of ["plan", "status", "checkpoint list", "checkpoint verify", "history"]) {
    const { code, stdout } = await run(...command.split(" "), "--json");
    expect([command, code, JSON.parse(stdout)]).toMatchObject([
      command,
      6,
      { error: { code: "state_damaged", remedy: expect.stringContaining("tidemark checkpoint rebuild") as unknown } },
    ]);
  }

  expect(await readdir(folder)).toEqual(names);
  expect(await readFile(join(folder, "state.db"), "utf8")).toContain("no database");
});

test("a sync on a damaged state falls back to what was durable, says so, deletes nothing, and the next run goes on as ever", async () => {
  const { folder, run, sandbox } = await aDamagedState();
  sandbox.reset({ counts: true });

  const [first, second, third] = [await run("sync", "--json"), await run("sync", "--json"), await run("plan", "--json")];

  expect([first.code, JSON.parse(first.stdout)]).toMatchObject([
    0,
    {
      status: "succeeded",
      summary: { unchanged: 4, created: 0, deleted: 0 },
      problems: expect.arrayContaining([
        { code: "state_recovered", message: expect.stringContaining(join(folder, "quarantine", "1")) as unknown },
      ]) as unknown,
    },
  ]);
  expect([second.code, JSON.parse(second.stdout)]).toMatchObject([0, { summary: { unchanged: 4, deleted: 2 }, problems: [] }]);
  expect(third.code).toBe(0);
  expect(await readFile(join(folder, "quarantine", "1", "state.db"), "utf8")).toContain("no database");
});

test("damage that a sync meets only on its way is fallen back from too", async () => {
  const { cwd, exported, run } = await aWorkplace();
  await exported(tables(1, 6));
  await run("sync");
  const { DatabaseSync } = await import("node:sqlite");
  const database = new DatabaseSync(join(cwd, "checkpoints", "sales", "state.db"));
  database.exec("UPDATE entry SET content = 'x' WHERE asset_id = 'SALES.T04'");
  database.close();

  const { code, stdout } = await run("sync", "--json");

  expect([code, JSON.parse(stdout)]).toMatchObject([
    0,
    { summary: { unchanged: 6 }, problems: [{ code: "state_recovered", message: expect.stringContaining("SALES.T04") as unknown }] },
  ]);
});

test("a sync on a damaged state that cannot fall back is 6 and names the rebuild", async () => {
  const { folder, run } = await aDamagedState();
  await rm(join(folder, "previous.db"));

  const { code, stdout } = await run("sync", "--json");

  expect([code, JSON.parse(stdout)]).toMatchObject([
    6,
    { error: { code: "state_damaged", remedy: expect.stringContaining("tidemark checkpoint rebuild") as unknown } },
  ]);
});

test("a state that cannot be written is 7, and the target is not touched", async () => {
  const { cwd, sandbox, exported, run } = await aWorkplace();
  await exported(tables(1, 3));
  await writeFile(join(cwd, "checkpoints"), "a file where the folder should be");

  expect((await run("sync")).code).toBe(7);
  expect(sandbox.tables()).toEqual([]);
});

test("a target that does not answer is 9", async () => {
  const { exported, run, sandbox } = await aWorkplace({}, "retry: { attempts: 2, base_ms: 1, max_ms: 2 }\n");
  await exported(tables(1, 2));
  await sandbox.close();

  const { code, stdout } = await run("sync", "--json");

  expect([code, JSON.parse(stdout)]).toMatchObject([9, { error: { code: "target_unavailable" } }]);
});

test.each(["SIGINT", "SIGTERM"] as const)(
  "%s in the middle of a sync settles what is under way and exits 130; the next run completes it",
  async (signal) => {
    const { cwd, sandbox, exported, run } = await aWorkplace(
      { latencyMs: 40 },
      "sync_strategies: { batch_size: 5, max_parallel_jobs: 2 }\n",
    );
    await exported(tables(1, 60));
    const child = spawn(process.execPath, [MAIN, "sync"], {
      cwd,
      env: { ...process.env, GLUE: sandbox.url, AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" },
      stdio: "ignore",
    });
    const closed = once(child, "close") as Promise<[number | null]>;
    while (sandbox.tables().length < 7) await new Promise((resolve) => setTimeout(resolve, 20));

    child.kill(signal);
    const [code] = await closed;

    expect(code).toBe(130);
    expect(sandbox.tables().length).toBeLessThan(60);
    expect([(await run("sync")).code, sandbox.tables().length]).toEqual([0, 60]);
    expect((await run("plan")).code).toBe(0);
  },
);

test("a change feed on standard output carries nothing else, and leaves no room for --json", async () => {
  const { cwd, exported, run } = await aWorkplace();
  await exported(tables(1, 2));
  await writeFile(
    join(cwd, "tidemark.yaml"),
    `pipelines: [{ name: feed, source: { type: csn, path: exports }, target: { type: changefeed, path: "-" } }]\n`,
  );

  const refused = await run("sync", "--json");
  const { code, stdout, stderr } = await run("sync");

  expect([refused.code, JSON.parse(refused.stdout)]).toMatchObject([1, { error: { code: "usage" } }]);
  expect(code).toBe(0);
  expect(
    stdout
      .trim()
      .split("\n")
      .map((line) => (JSON.parse(line) as { asset_id: string }).asset_id),
  ).toEqual(["SALES.T01", "SALES.T02"]);
  expect(stderr).toContain("Synced: 2 created");
});
