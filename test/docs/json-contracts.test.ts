import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Command } from "commander";
import { expect, onTestFinished, test, vi } from "vitest";
import { z } from "zod";
import { JSON_CONTRACTS, LINE_CONTRACTS, PRINT_AS_SYNC } from "../../scripts/reference/json-contracts.ts";
import { buildProgram } from "../../src/cli/program.ts";
import { aWorkplace } from "../cli/a-workplace.ts";
import type { CliResult } from "../helpers/cli.ts";
import { runCliHere } from "../helpers/cli-here.ts";
import { peopleOf } from "../helpers/glue-harness.ts";
import { glueClient } from "../helpers/sandbox-glue.ts";

/** A place whose commands run in this process, and what each printed with `--json`, by command. */
async function aWatchedPlace() {
  const place = await aWorkplace();
  const env = { GLUE: place.sandbox.url, AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" };
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  onTestFinished(() => void vi.unstubAllEnvs());
  const printed: Record<string, unknown[]> = {};
  const run = (...args: readonly string[]): Promise<CliResult> => runCliHere(args, { cwd: place.cwd, env });
  const see = async (command: string, ...options: readonly string[]): Promise<unknown> => {
    const { stdout } = await run(...command.split(" "), ...options, "--json");
    const value = JSON.parse(stdout) as unknown;
    (printed[command] ??= []).push(value);
    return value;
  };
  return { ...place, run, printed, see };
}

const id = { ID: { type: "cds.Integer", key: true } };

function mistakesIn(printed: Readonly<Record<string, readonly unknown[]>>, contractOf = (command: string) => JSON_CONTRACTS[command]) {
  return Object.entries(printed).flatMap(([command, values]) =>
    values.flatMap((value) =>
      (contractOf(command)?.safeParse(value).error?.issues ?? []).map(
        (issue) => `${command}: ${issue.path.join(".")} ${issue.message} ${JSON.stringify("errors" in issue ? issue.errors : "")}`,
      ),
    ),
  );
}

test("every command prints with --json what its contract says, key by key", { timeout: 300_000 }, async () => {
  const { cwd, run, see, printed, exported } = await aWatchedPlace();
  await exported({ Orders: id, Old: null });
  await see("plan");
  await see("sync");
  await exported({ Orders: { ...id, New: { type: "cds.Date" } }, Fresh: null });
  await see("plan");
  await see("changes");
  await see("diff", "SALES.Orders");
  for (const command of ["sync", "status", "runs list", "history", "verify", "checkpoint list", "checkpoint verify", "doctor"])
    await see(command);
  await see("checkpoint verify", "--deep");
  await see("config validate");
  await see("config show", "--origin");
  printed["config show (with --origin)"] = printed["config show"] ?? [];
  delete printed["config show"];
  await see("runs show", "last");
  await see("checkpoint show", "SALES.Orders");
  for (const options of [["--from", "1"], []]) await see("checkpoint diff", ...options);
  for (const options of [[], ["--list"]]) await see("checkpoint backup", ...options);
  await see("checkpoint unlock");
  await see("checkpoint prune", "--yes");
  await see("checkpoint restore", "--generation", "1", "--yes");
  await see("checkpoint forget", "SALES.Orders");
  await see("checkpoint rebuild", "--set-aside");
  await see("checkpoint export", "state.ndjson");
  await seeRepairs(cwd, see);
  await rm(join(cwd, "checkpoints"), { recursive: true });
  await see("checkpoint import", "state.ndjson");
  const { checkpoints } = (await see("checkpoint list")) as { readonly checkpoints: readonly { readonly asset_id: string }[] };
  await writeFile(join(cwd, "python.json"), JSON.stringify(Object.fromEntries(checkpoints.map((one) => [one.asset_id, one]))));
  await see("checkpoint import", "python.json", "--force", "--yes");
  await see("checkpoint migrate", "--to", "json");
  await writeFile(join(cwd, "assets.ndjson"), '{"technical_name":"A"}\n');
  await see("fingerprint", "--scheme", "reference", "assets.ndjson");
  await see("init", "--yes", "--config", "other.yaml");
  await see("demo", "--assets", "20");
  printed["(any, where there is no result)"] = [JSON.parse((await run("sync", "--jsn", "--json")).stdout)];
  printed["fingerprint (each line)"] = printed["fingerprint"] ?? [];
  delete printed["fingerprint"];

  expect(Object.keys(printed).sort()).toEqual(Object.keys(JSON_CONTRACTS).sort());
  expect(mistakesIn(printed)).toEqual([]);
  // Each shape of a command that has several was seen.
  const unseen = Object.entries(JSON_CONTRACTS).flatMap(([command, contract]) =>
    contract instanceof z.ZodUnion
      ? contract.options.flatMap((shape, at) =>
          printed[command]?.some((value) => (shape as z.ZodType).safeParse(value).success) === true ? [] : [`${command}, shape ${at + 1}`],
        )
      : [],
  );
  expect(unseen).toEqual([]);
});

/** Of an intact state, of one whose copy and journal are whole, and of one of which only backups are. */
async function seeRepairs(cwd: string, see: (command: string, ...options: readonly string[]) => Promise<unknown>): Promise<void> {
  await see("checkpoint repair");
  await see("sync");
  for (const names of [["state.db"], ["state.db", "previous.db", "journal.ndjson"]]) {
    for (const name of names) await writeFile(join(cwd, "checkpoints/sales", name), "no database at all".repeat(300));
    await see("checkpoint repair", "--yes");
  }
}

test("apply, retire, adopt and revert print what sync prints, and with --dry-run what plan prints", { timeout: 120_000 }, async () => {
  const { run, see, printed, exported, sandbox } = await aWatchedPlace();
  const glue = glueClient(sandbox.url);
  await peopleOf(glue).make("dsp_sales.theirs", { description: "theirs" });
  glue.destroy();
  await exported({ Orders: id, Theirs: null });
  await run("plan", "--out", "a.plan");
  const { run_id } = (await see("apply", "a.plan")) as { readonly run_id: string };
  const shown: Record<string, unknown[]> = {};
  for (const [command, ...options] of [
    ["adopt", "SALES.Theirs"],
    ["revert", "--run", run_id],
    ["retire", "--space", "SALES"],
  ] as const) {
    shown[command] = [JSON.parse((await run(command, ...options, "--dry-run", "--json")).stdout)];
    await see(command, ...options, "--yes");
  }

  expect(Object.keys(printed).sort()).toEqual([...PRINT_AS_SYNC].sort());
  expect(mistakesIn(printed, () => JSON_CONTRACTS["sync"])).toEqual([]);
  expect(mistakesIn(shown, () => JSON_CONTRACTS["plan"])).toEqual([]);
});

test("every command has a contract, or is one of these, which print scripts, schemas or protocols", async () => {
  const leaves: string[] = [];
  const visit = (command: Command, name: string): void => {
    const children = command.commands.filter((child) => child.name() !== "help");
    if (children.length === 0) leaves.push(name);
    for (const child of children) visit(child, `${name} ${child.name()}`.trim());
  };
  visit(
    await buildProgram(
      () => async () => undefined,
      () => true,
    ),
    "",
  );
  const told = new Set([...Object.keys(JSON_CONTRACTS).map((name) => name.replace(/ \(.*/, "")), ...PRINT_AS_SYNC]);

  expect(leaves.filter((name) => !told.has(name)).sort()).toEqual([
    "completion",
    "config schema",
    "mcp",
    "sandbox datasphere",
    "sandbox glue",
  ]);
});

test("every line that -o ndjson prints is one of its command's contract; the first tells the format, the last that it is whole", async () => {
  const place = await aWatchedPlace();
  const printed: Record<string, readonly { readonly type: string; readonly format_version?: number }[]> = {};
  const see = async (command: string, ...options: readonly string[]): Promise<void> => {
    const { stdout } = await place.run(...command.split(" "), ...options, "-o", "ndjson");
    printed[command] = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as { type: string });
  };
  await place.exported({ Orders: null, Old: null });
  await see("plan");
  await place.run("sync");
  await place.exported({ Orders: { ID: { type: "cds.Integer", key: true }, New: { type: "cds.Date" } }, Fresh: null });
  await see("changes");
  await see("sync");
  for (const command of ["history", "runs list", "checkpoint list"]) await see(command);
  await see("status");
  printed["(any, where it fails)"] = printed["status"] ?? [];
  delete printed["status"];

  expect(Object.fromEntries(Object.entries(printed).map(([command, lines]) => [command, countsOf(lines)]))).toEqual({
    plan: { header: 1, change: 2, listing: 1, summary: 1 },
    changes: { header: 1, change: 3, listing: 1, summary: 1 },
    sync: { header: 1, phase: 4, problem: 1, report: 1 },
    history: { header: 1, step: 5, summary: 1 },
    "runs list": { header: 1, run: 2, summary: 1 },
    "checkpoint list": { header: 1, checkpoint: 2, summary: 1 },
    "(any, where it fails)": { error: 1 },
  });
  expect(Object.keys(printed).sort()).toEqual(Object.keys(LINE_CONTRACTS).sort());
  const wrong = Object.entries(printed).flatMap(([command, lines]) =>
    lines.filter((line) => LINE_CONTRACTS[command]?.every((kind) => !kind.safeParse(line).success) ?? true),
  );
  expect(wrong).toEqual([]);
  for (const lines of Object.values(printed)) {
    expect(lines[0]?.format_version).toBe(1);
    expect(["summary", "report", "error"]).toContain(lines.at(-1)?.type);
  }
});

function countsOf(lines: readonly { readonly type: string }[]): { readonly [type: string]: number } {
  // Whether progress is told depends on how long the run takes.
  const certain = lines.filter(({ type }) => type !== "progress");
  return Object.fromEntries([...Map.groupBy(certain, ({ type }) => type)].map(([type, alike]) => [type, alike.length]));
}
