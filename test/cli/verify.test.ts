import { expect, test } from "vitest";
import { peopleOf } from "../helpers/glue-harness.ts";
import { glueClient } from "../helpers/sandbox-glue.ts";
import { aWorkplace, tables } from "./a-workplace.ts";

test("verify shows what others changed and exits with 2; reconcile brings back what is ours, and verify then finds no drift", async () => {
  const { sandbox, exported, run } = await aWorkplace();
  await exported(tables(1, 3));
  await run("sync");
  expect(await run("verify")).toMatchObject({ code: 0, stdout: "Pipeline sales (generation 1)\n\nNo drift: 3 tables, as recorded.\n" });

  const glue = glueClient(sandbox.url);
  const people = peopleOf(glue);
  await people.damage("dsp_sales.t01");
  await people.setParameter("dsp_sales.t01", "steward", "Ann");
  await people.drop("dsp_sales.t02");
  await people.describe("dsp_sales.t03", "typed by hand");
  glue.destroy();

  const shown = await run("verify");
  expect(shown.code).toBe(2);
  expect(shown.stdout).toContain("SALES\n  ~ SALES.T01  dsp_sales.t01, edited by somebody else\n");
  expect(shown.stdout).toContain(
    "  - SALES.T02  dsp_sales.t02, deleted by somebody else\n  = SALES.T03  dsp_sales.t03, changed, and kept\n",
  );
  expect(shown.stdout.split("\n").at(-2)).toMatch(/^Drift: 1 edited, 1 missing, of 3 tables; 1 with changes that are kept\./);

  const { code, stdout } = await run("verify", "--json");
  expect(code).toBe(2);
  expect(JSON.parse(stdout)).toMatchObject({
    format_version: 1,
    pipeline: "sales",
    basis: { generation: 1 },
    summary: { checkpoints: 3, unchanged: 0, edited: 1, missing: 1, added: 0, kept: 1 },
    drift: [
      { kind: "edited", asset_id: "SALES.T01", ref: "dsp_sales.t01", fields: [{ theirs: "map<string,string>" }] },
      { kind: "missing", asset_id: "SALES.T02", ref: "dsp_sales.t02" },
    ],
    kept: [
      { asset_id: "SALES.T01", fields: [{ path: "/target/Parameters/steward", theirs: "Ann" }] },
      { asset_id: "SALES.T03", fields: [{ path: "/content/description", theirs: "typed by hand" }] },
    ],
    problems: [],
  });

  expect(JSON.parse((await run("plan", "--reconcile", "--json")).stdout)).toMatchObject({
    changes: [
      { asset_id: "SALES.T01", cause: "drift", fields: [{ old: "map<string,string>" }] },
      { asset_id: "SALES.T02", cause: "drift" },
    ],
  });
  expect((await run("sync", "--reconcile")).code).toBe(0);
  expect((await run("verify")).code).toBe(0);
});

test("adopt takes a table over that stands in the way, after a dry run that writes nothing", async () => {
  const { sandbox, exported, run } = await aWorkplace();
  await exported(tables(1, 2));
  const glue = glueClient(sandbox.url);
  await peopleOf(glue).make("dsp_sales.t01", { description: "theirs" });
  glue.destroy();
  expect((await run("sync")).code).toBe(3);

  expect(await run("adopt")).toMatchObject({ code: 1, stderr: expect.stringContaining("Name either the assets") });
  expect((await run("adopt", "SALES.T09", "--json")).code).toBe(1);
  expect(JSON.parse((await run("adopt", "SALES.T01", "--dry-run", "--json")).stdout)).toMatchObject({
    summary: { created: 1 },
    changes: [{ asset_id: "SALES.T01" }],
  });
  expect((await run("adopt", "SALES.T01", "--dry-run")).code).toBe(2);
  const { code, stdout } = await run("adopt", "SALES.T01", "--json");
  expect([code, JSON.parse(stdout).summary]).toMatchObject([0, { created: 1, failed: 0 }]);
  expect(sandbox.tables("dsp_sales").find(({ Name }) => Name === "t01")).toMatchObject({ Parameters: { "tidemark.asset": "SALES.T01" } });
  expect((await run("sync")).code).toBe(0);
  expect((await run("adopt", "--space", "SALES", "--dry-run")).code).toBe(0);
});
