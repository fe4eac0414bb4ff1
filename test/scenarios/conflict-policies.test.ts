import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { runCli } from "../helpers/cli.ts";
import { peopleOf } from "../helpers/glue-harness.ts";
import { aGlueSandbox } from "../helpers/sandbox-glue.ts";
import { emptyExports } from "./exports-folder.ts";

const NAMES = ["Orders", "Items", "Prices"];

test("each asset's conflict is settled by the first rule of the configuration that matches it", async () => {
  const { sandbox, glue } = await aGlueSandbox();
  const people = peopleOf(glue);
  const folder = await emptyExports();
  onTestFinished(() => folder[Symbol.asyncDispose]());
  const target = { type: "glue", region: "eu-central-1", endpoint: sandbox.url };
  const overrides = [
    { assets: "SALES.Orders", fields: "description", policy: "hold" },
    { assets: "SALES.*rs", policy: "target_wins" },
    { assets: "*.Items", fields: "/content/*", policy: "source_wins" },
  ];
  await writeFile(
    join(folder.root, "tidemark.json"),
    JSON.stringify({ pipelines: [{ name: "p", source: { type: "csn", path: "./exports" }, target, conflicts: { overrides } }] }),
  );
  await mkdir(join(folder.path, "SALES"));
  const labelled = (label: string) => ({ kind: "entity", "@EndUserText.label": label, elements: { ID: { type: "cds.Integer" } } });
  const sync = async (label: string) => {
    const definitions = Object.fromEntries(NAMES.map((name) => [name, labelled(label)]));
    await writeFile(join(folder.path, "SALES", "all.json"), JSON.stringify({ definitions }));
    const { code, stdout } = await runCli(["sync", "--json"], { cwd: folder.root });
    return { code, report: JSON.parse(stdout) as { problems: readonly { asset_id?: string; code: string }[] } };
  };

  expect((await sync("old")).code).toBe(0);
  for (const name of NAMES) await people.describe(`sales.${name.toLowerCase()}`, "typed");
  const { code, report } = await sync("new");

  expect(code).toBe(3);
  expect(report.problems.flatMap(({ asset_id, code: what }) => (asset_id === undefined ? [] : [[asset_id, what]])).toSorted()).toEqual([
    ["SALES.Orders", "field_conflict"],
    ["SALES.Prices", "text_kept"],
  ]);
  expect(sandbox.tables("sales").map(({ Name, Description }) => [Name, Description])).toEqual([
    ["items", "new"],
    ["orders", "typed"],
    ["prices", "typed"],
  ]);
});
