import { globSync, readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { parse } from "yaml";
import { checkConfig } from "../../src/config/check.ts";
import { parseConfig } from "../../src/config/document.ts";
import { runCliHere } from "../helpers/cli-here.ts";
import { aGlueSandbox } from "../helpers/sandbox-glue.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";
import { type Block, type Page, readPage, root } from "./page.ts";
import { runPage } from "./run-page.ts";

/** Its own test runs it with the built package: `first-sync.test.ts`. */
const RUN_ELSEWHERE = "docs/guide/first-sync.md";
const pages = ["README.md", ...globSync(["docs/*.md", "docs/guide/*.md"], { cwd: root }).sort()].map(readPage);
const ENVIRONMENT = {
  AWS_ACCESS_KEY_ID: "test",
  AWS_SECRET_ACCESS_KEY: "test",
  DSP_CLIENT_ID: "id",
  DSP_CLIENT_SECRET: "secret",
  LINEAGE_KEY: "key",
};

test("what no test can run is this, and says why", () => {
  const notRun = pages.flatMap(({ path, blocks }) => blocks.flatMap(({ notRun: why }) => (why === null ? [] : [`${path}: ${why}`])));

  expect(notRun).toEqual([
    "README.md: these are what starts this test, and the demo, which has its own",
    "docs/backups.md: names a backup and a run of your own",
    "docs/backups.md: names a backup and a run of your own",
    "docs/guide/connect-glue.md: needs an AWS account",
    "docs/guide/connect-glue.md: needs an AWS account",
  ]);
});

describe.for(pages.filter(({ blocks }) => blocks.some(({ language }) => language === "yaml" || language === "json")))(
  "$path",
  ({ blocks }) => {
    test.for(blocks.filter(({ language }) => language === "yaml"))(
      "the YAML of line $line is a valid configuration, or a part of one",
      ({ text }) => {
        expect(issuesOf(text)).toEqual([]);
      },
    );

    test.for(blocks.filter(({ language }) => language === "json"))("the JSON of line $line is JSON", ({ text }) => {
      expect(() => JSON.parse(text.trim().startsWith('"') ? `{${text}}` : text) as unknown).not.toThrow();
    });
  },
);

const runnable = pages.filter(({ path, blocks }) => path !== RUN_ELSEWHERE && blocks.some(isRun));

test.for(runnable)("$path: every command does what the page says", { timeout: 300_000 }, async (page) => {
  const folder = await temporaryFolder();
  await give(page, folder);

  const { output, failures } = await runPage(page, { folder, env: ENVIRONMENT });

  expect(failures, output).toEqual([]);
});

test("a command that ends otherwise than its page says, and a shown line that is not printed, would be found", async () => {
  const block = { file: null, notRun: null };
  const blocks = [
    { ...block, line: 3, language: "sh", text: "false\ntrue  # exit code 2\nfalse  # exit code 1\necho said\n" },
    { ...block, line: 9, language: "text", text: "sa…d\nunsaid\n" },
  ];

  const { failures } = await runPage({ path: "docs/guide/planted.md", blocks }, { folder: await temporaryFolder() });

  expect(failures).toEqual([
    "docs/guide/planted.md:3 false: exit code 1 instead of 0",
    "docs/guide/planted.md:3 true  # exit code 2: exit code 0 instead of 2",
    "docs/guide/planted.md:9 shows a line that was not printed: unsaid",
  ]);
});

function isRun({ language, notRun }: Block): boolean {
  return language === "sh" && notRun === null;
}

/** A part of a configuration stands where it belongs, beside the least that makes a whole. */
function issuesOf(text: string): readonly unknown[] {
  const part = parse(text) as Record<string, unknown>;
  const source = part["source"] ?? { type: "csn", path: "./exports" };
  const target = part["target"] ?? { type: "changefeed", path: "./feed" };
  const { source: _source, target: _target, ...sections } = part;
  const whole = "pipelines" in part ? part : { pipelines: [{ name: "page", source, target }], ...sections };
  const checked = checkConfig(parseConfig(JSON.stringify(whole), ENVIRONMENT));
  return checked.ok ? [] : checked.issues;
}

/** `<!-- given: a synced pipeline -->`: exports of two spaces, synced to a sandbox. README and the others begin with the exports alone. */
async function give({ path }: Page, folder: string): Promise<void> {
  const table = { kind: "entity", elements: { ID: { type: "cds.Integer", key: true } } };
  const bulk = Object.fromEntries(Array.from({ length: 8 }, (_, n) => [`Bulk${n}`, table]));
  const files = { "SALES/all.json": { Orders: table, Items: table }, "SALES/bulk.json": bulk, "HR/all.json": { People: table } };
  for (const [file, definitions] of Object.entries(files)) {
    await mkdir(join(folder, "exports", file, ".."), { recursive: true });
    await writeFile(join(folder, "exports", file), JSON.stringify({ definitions }));
  }
  if (!readFileSync(join(root, path), "utf8").includes("<!-- given: a synced pipeline -->")) return;
  for (const [name, value] of Object.entries(ENVIRONMENT)) vi.stubEnv(name, value);
  onTestFinished(() => void vi.unstubAllEnvs());
  const { sandbox } = await aGlueSandbox();
  for (const args of [["init", "--yes", "--name", "sales", "--endpoint", sandbox.url], ["sync"]]) {
    const { code, stderr } = await runCliHere(args, { cwd: folder, env: ENVIRONMENT });
    expect(code, stderr).toBe(0);
  }
}
