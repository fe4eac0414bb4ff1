import { expect, test } from "vitest";
import { runCli } from "../helpers/cli.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";
import { aWorkplace } from "./a-workplace.ts";

test("-o json and --json are one, before the command and behind it", async () => {
  const place = await aWorkplace();
  await place.exported({ Orders: null });
  const printed = await Promise.all([
    place.run("plan", "--json"),
    place.run("-o", "json", "plan"),
    place.run("plan", "--output=json"),
    place.run("plan", "-ojson"),
  ]);
  expect(new Set(printed.map(({ stdout }) => stdout)).size).toBe(1);
  expect(JSON.parse(printed[0].stdout)).toMatchObject({ format_version: 1, summary: { created: 1 } });
});

test.each([
  [
    ["status", "-o", "ndjson"],
    "`tidemark status` does not print JSON Lines (-o ndjson). These do: plan, changes, apply, sync, history, runs list, checkpoint list.",
  ],
  [
    ["--help", "-o", "ndjson"],
    "Help does not print JSON Lines (-o ndjson). These do: plan, changes, apply, sync, history, runs list, checkpoint list.",
  ],
  [["plan", "--json", "--output", "ndjson"], "--json and -o ndjson exclude each other."],
])("%j is refused in the format that it asked for", async (args, message) => {
  const { code, stdout } = await runCli(args, { cwd: await temporaryFolder() });
  expect(code).toBe(1);
  expect(stdout.trimEnd().split("\n")).toHaveLength(1);
  expect(JSON.parse(stdout)).toMatchObject({ type: "error", format_version: 1, error: { code: "usage", message } });
});

test("a format that there is not is refused with those that there are", async () => {
  const { code, stderr } = await runCli(["plan", "-o", "yaml"], { cwd: await temporaryFolder() });
  expect([code, stderr]).toEqual([
    1,
    "error: Option '-o, --output <format>' argument 'yaml' is invalid. Allowed choices are text, json, ndjson.\nSee `tidemark plan --help`.\n",
  ]);
});

test("a sync that fails after it began ends its lines with the error", async () => {
  const place = await aWorkplace();
  await place.exported({ Orders: null });
  await place.sandbox.close();
  const { code, stdout } = await place.run("sync", "-o", "ndjson");
  const types = stdout
    .trimEnd()
    .split("\n")
    .map((line) => (JSON.parse(line) as { type: string }).type);
  expect([code, types[0], types.at(-1)]).toEqual([9, "header", "error"]);
});
