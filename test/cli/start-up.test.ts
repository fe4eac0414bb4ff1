import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../helpers/temporary-folder.ts";

const root = join(import.meta.dirname, "../..");

const WATCH = `data:text/javascript,import { registerHooks } from "node:module";
const seen = [];
registerHooks({ load(url, context, next) { seen.push(url); return next(url, context); } });
process.on("exit", () => process.stderr.write("\\n" + JSON.stringify(seen.filter((url) => url.startsWith("file:")))));`;

/** The modules that a call of the command line loads, beneath this checkout. */
async function loaded(...args: readonly string[]): Promise<readonly string[]> {
  const { stderr } = spawnSync(process.execPath, ["--import", WATCH, join(root, "src/cli/main.ts"), ...args], {
    cwd: await temporaryFolder(),
    encoding: "utf8",
  });
  const urls = JSON.parse(stderr.slice(stderr.lastIndexOf("\n") + 1)) as string[];
  return urls.map((url) => decodeURIComponent(url).split(`${root}/`)[1] ?? url);
}

const packages = (modules: readonly string[]): readonly string[] =>
  [...new Set(modules.flatMap((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? []))].toSorted();

test.each([["--help"], ["--version"], ["help"]])("%s loads six files and no library", async (option) => {
  expect((await loaded(option)).toSorted()).toEqual([
    "src/cli/commands.ts",
    "src/cli/main.ts",
    "src/cli/output-format.ts",
    "src/cli/root-help.ts",
    "src/config/version.ts",
    "src/model/errors.ts",
  ]);
});

test("a command's help loads that command and the parser of the command line, and no other library", async () => {
  const modules = await loaded("plan", "--help");
  expect(packages(modules)).toEqual(["commander"]);
  expect(modules.filter((path) => path.startsWith("src/cli/commands/"))).toEqual(["src/cli/commands/plan.ts"]);
});

test("a command that needs neither source nor target loads no connector and none of their libraries", async () => {
  const folder = join(await temporaryFolder(), "tidemark.json");
  const pipelines = [{ name: "a", source: { type: "csn", path: "." }, target: { type: "glue", region: "eu-central-1" } }];
  await import("node:fs/promises").then(({ writeFile }) => writeFile(folder, JSON.stringify({ pipelines })));
  const modules = await loaded("status", "--config", folder);
  expect(packages(modules)).toEqual(["commander", "yaml", "zod"]);
  expect(modules.filter((path) => path.startsWith("src/connectors/") && path.endsWith("/index.ts"))).toEqual([]);
});
