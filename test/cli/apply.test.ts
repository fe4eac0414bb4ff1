import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { peopleOf } from "../helpers/glue-harness.ts";
import { glueClient } from "../helpers/sandbox-glue.ts";
import { aWorkplace, tables } from "./a-workplace.ts";

test("a plan is saved, applied once, and stale the second time, for people and as JSON", async () => {
  const { exported, run } = await aWorkplace();
  await exported(tables(1, 3));
  const planned = await run("plan", "--out", "sales.plan");
  expect([planned.code, planned.stderr]).toEqual([2, "Plan saved to sales.plan. Carry it out with `tidemark apply sales.plan`.\n"]);

  const applied = await run("apply", "sales.plan", "--json");
  expect(applied.code).toBe(0);
  expect(JSON.parse(applied.stdout)).toMatchObject({ status: "succeeded", summary: { created: 3, failed: 0 } });

  const again = await run("apply", "sales.plan");
  expect([again.code, again.stdout]).toEqual([1, ""]);
  expect(again.stderr).toContain(
    "error: The plan is stale, and nothing was written:\n       Pipeline sales has a state now, and had none.",
  );
  const json = JSON.parse((await run("apply", "sales.plan", "--json")).stdout);
  expect(json).toMatchObject({ format_version: 1, error: { code: "plan_stale", remedy: expect.stringContaining("tidemark plan --out") } });
});

test("a table edited by hand since the plan was made makes it stale, and is named", async () => {
  const { exported, run, sandbox, cwd } = await aWorkplace();
  await exported(tables(1, 2));
  expect((await run("sync")).code).toBe(0);
  await exported({ T01: { ID: { type: "cds.String" } }, T02: null });
  await run("plan", "--out", "a.plan");
  const saved = await readFile(join(cwd, "a.plan"), "utf8");
  const glue = glueClient(sandbox.url);
  await peopleOf(glue).describe("dsp_sales.t01", "typed by hand");
  glue.destroy();

  const { code, stderr } = await run("apply", "a.plan");
  expect([code, stderr]).toEqual([
    1,
    expect.stringMatching(/SALES\.T01: its table dsp_sales\.t01 is at version 1, and was at 0\./) as unknown,
  ]);

  await writeFile(join(cwd, "a.plan"), saved.slice(0, saved.length / 2));
  expect(await run("apply", "a.plan")).toMatchObject({
    code: 1,
    stdout: "",
    stderr: expect.stringContaining("it is cut short") as unknown,
  });
});

test("the plan names its pipeline, so that --pipeline is not needed", async () => {
  const { exported, run } = await aWorkplace(
    {},
    "  - { name: other, source: { type: csn, path: ./exports }, target: { type: changefeed, path: feed } }\n",
  );
  await exported(tables(1, 1));
  await run("plan", "--pipeline", "other", "--out", "other.plan");
  expect((await run("apply", "other.plan")).stdout).toContain("Pipeline other");
  expect(await run("apply", "other.plan", "--pipeline", "sales")).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("The plan was made for pipeline other, and this is pipeline sales.") as unknown,
  });
});
