import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { runCli } from "../helpers/cli.ts";
import { aGlueSandbox } from "../helpers/sandbox-glue.ts";
import { emptyExports } from "./exports-folder.ts";

const definition = (edit: object, column: object = {}): object => ({
  kind: "entity",
  "@EndUserText.label": "Sales orders",
  elements: { ID: { type: "cds.Integer", key: true }, NAME: { type: "cds.String", length: 10, "@EndUserText.label": "Name", ...column } },
  ...edit,
});

test.each([
  ["white space in a label", {}, definition({ "@EndUserText.label": " Sales   orders " })],
  ["the case of a label", { case_sensitive: false }, definition({ "@EndUserText.label": "SALES ORDERS" })],
  ["an ignored property", { ignore_fields: ["business_name"] }, definition({ "@EndUserText.label": "Orders" })],
  ["an ignored column label", { ignore_fields: ["label"] }, definition({}, { "@EndUserText.label": "The name" })],
  ["a facet that is not hashed", { content_hash_enabled: false }, definition({ "@EndUserText.label": "Orders" })],
])(
  "%s is no change under its option: nothing is planned and nothing is written; without the option it is found",
  async (_what, change_detection, edited) => {
    const { sandbox } = await aGlueSandbox();
    const folder = await emptyExports();
    onTestFinished(() => folder[Symbol.asyncDispose]());
    await mkdir(join(folder.path, "S"));
    const target = { type: "glue", region: "eu-central-1", endpoint: sandbox.url, database_prefix: "dsp_" };
    const configure = (options: object): Promise<void> =>
      writeFile(
        join(folder.root, "tidemark.json"),
        JSON.stringify({
          pipelines: [{ name: "p", source: { type: "csn", path: "./exports" }, target }],
          checkpoint_management: { path: "./checkpoints" },
          change_detection: options,
        }),
      );
    const define = (one: object): Promise<void> =>
      writeFile(join(folder.path, "S", "a.json"), JSON.stringify({ definitions: { Orders: one } }));
    const run = async (command: "plan" | "sync"): Promise<{ readonly code: number; readonly summary: object }> => {
      const { code, stdout } = await runCli([command, "--json"], { cwd: folder.root });
      return { code, summary: (JSON.parse(stdout) as { summary: object }).summary };
    };
    await configure(change_detection);
    await define(definition({}));
    expect(await run("sync")).toMatchObject({ code: 0, summary: { created: 1 } });
    const written = sandbox.counts().writes;
    await define(edited);
    expect(await run("plan")).toMatchObject({ code: 0, summary: { unchanged: 1 } });
    expect(await run("sync")).toMatchObject({ code: 0, summary: { unchanged: 1 } });
    expect(sandbox.counts().writes).toBe(written);
    await configure({ normalize_whitespace: false, ignore_fields: [] });
    expect(await run("plan")).toMatchObject({ code: 2, summary: { unchanged: 0 } });
  },
);
