import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { aWorkplace, tables, type Workplace } from "./a-workplace.ts";

/** Twelve tables in SALES and three in HR, synced. */
async function twoSpaces(): Promise<Workplace> {
  const workplace = await aWorkplace();
  await workplace.exported(tables(1, 12));
  await mkdir(join(workplace.cwd, "exports", "HR"));
  const definitions = Object.fromEntries(
    ["A", "B", "C"].map((name) => [name, { kind: "entity", elements: { ID: { type: "cds.Integer" } } }]),
  );
  await writeFile(join(workplace.cwd, "exports", "HR", "all.json"), JSON.stringify({ definitions }));
  expect((await workplace.run("sync")).code).toBe(0);
  return workplace;
}

test("a retired space is shown, then deleted in two phases, and the other space stays as it is", async () => {
  const { sandbox, run } = await twoSpaces();
  const before = sandbox.tables("dsp_sales");

  const dry = await run("retire", "--space", "HR", "--dry-run", "--json");
  expect([dry.code, JSON.parse(dry.stdout)]).toMatchObject([2, { pipeline: "sales", summary: { deleted: 3 } }]);
  expect(sandbox.tables()).toHaveLength(15);

  sandbox.reset({ counts: true });
  const retired = await run("retire", "--space", "HR", "--json");
  expect([retired.code, JSON.parse(retired.stdout)]).toMatchObject([0, { status: "succeeded", summary: { deleted: 3 } }]);
  expect(sandbox.counts().operations["UpdateTable"]?.calls).toBe(3);
  expect(sandbox.counts().operations["BatchDeleteTable"]?.calls).toBe(1);
  expect(sandbox.tables()).toEqual(before);
  expect((await run("checkpoint", "list")).stdout).not.toContain("HR.");
});

test("retiring is guarded: beyond the limit only the exact number of the plan goes through", async () => {
  const { sandbox, run } = await twoSpaces();
  sandbox.reset({ counts: true });

  const [dry, refused, inexact] = [
    await run("retire", "--pipeline", "sales", "--dry-run"),
    await run("retire", "--pipeline", "sales", "--yes", "--json"),
    await run("retire", "--pipeline", "sales", "--allow-deletes", "14"),
  ];
  expect([dry.code, refused.code, inexact.code]).toEqual([4, 4, 4]);
  expect(JSON.parse(refused.stdout)).toMatchObject({ status: "refused", summary: { deleted: 0 } });
  expect(sandbox.counts().writes).toBe(0);

  expect((await run("retire", "--pipeline", "sales", "--allow-deletes", "15")).code).toBe(0);
  expect(sandbox.tables()).toEqual([]);
});

test("a pipeline can be retired when its source is gone", async () => {
  const { cwd, sandbox, run, exported } = await aWorkplace();
  await exported(tables(1, 2));
  await run("sync");
  await rm(join(cwd, "exports"), { recursive: true });

  expect((await run("retire", "--pipeline", "sales")).code).toBe(0);
  expect(sandbox.tables()).toEqual([]);
});

test("without a name nothing is retired, and a space without checkpoints is none to retire", async () => {
  const { sandbox, exported, run } = await aWorkplace();
  await exported(tables(1, 1));
  await run("sync");

  const [nameless, unknown] = [await run("retire", "--yes"), await run("retire", "--space", "NONE", "--json")];

  expect([nameless.code, nameless.stderr]).toEqual([1, expect.stringContaining("--pipeline alone") as unknown]);
  expect([unknown.code, JSON.parse(unknown.stdout)]).toMatchObject([1, { error: { code: "usage" } }]);
  expect(sandbox.tables()).toHaveLength(1);
});
