import { expect, test } from "vitest";
import { runCli } from "../helpers/cli.ts";
import { runInTerminal, type TerminalOptions, type TerminalResult } from "../helpers/terminal.ts";
import { aWorkplace, tables, type Workplace } from "./a-workplace.ts";

// oxlint-disable-next-line no-control-regex
const COLOUR = /\u001b\[[0-9;]+m/;
// oxlint-disable-next-line no-control-regex
const CURSOR = /\u001b\[(?:\?25[lh]|\d*[GK])/;

function environment({ sandbox }: Workplace): Record<string, string> {
  return { GLUE: sandbox.url, AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" };
}

async function inTerminal(
  place: Workplace,
  args: readonly string[],
  options: Partial<TerminalOptions> = {},
): Promise<TerminalResult | null> {
  return await runInTerminal(args, { cwd: place.cwd, ...options, env: { ...environment(place), ...options.env } });
}

/** Three tables synced, one of which is then gone. */
async function aDeletion(): Promise<Workplace> {
  const place = await aWorkplace();
  await place.exported(tables(1, 3));
  await place.run("sync");
  await place.exported(tables(1, 2));
  return place;
}

const tablesIn = ({ sandbox }: Workplace): number => sandbox.tables("dsp_sales").length;

test("on a terminal of 60 columns a plan has colours and progress, and its sentences fit", async (context) => {
  const place = await aWorkplace();
  await place.exported(tables(1, 3));
  const seen = await inTerminal(place, ["plan"], { columns: 60 });
  if (seen === null) return context.skip();
  expect([seen.code, COLOUR.test(seen.raw), CURSOR.test(seen.raw)]).toEqual([2, true, true]);
  expect(seen.text).toContain("Plan: 3 to create · about");
  const shown = seen.text.slice(seen.text.indexOf("Pipeline sales"));
  expect(shown.split("\n").filter((line) => line.length > 60)).toEqual([]);
});

test.each([
  ["NO_COLOR", { NO_COLOR: "1" }, { colours: false, cursor: true }],
  ["TERM=dumb", { TERM: "dumb" }, { colours: false, cursor: false }],
  ["nothing", {}, { colours: true, cursor: true }],
])("a terminal with %s (%o) gets %o", async (_, env, gets) => {
  const place = await aWorkplace();
  await place.exported(tables(1, 1));
  const seen = await inTerminal(place, ["plan"], { env });
  if (seen === null) return;
  expect({ colours: COLOUR.test(seen.raw), cursor: CURSOR.test(seen.raw) }).toEqual(gets);
});

test("in a pipe there are colours only where FORCE_COLOR asks for them, and never cursor movements", async () => {
  const place = await aWorkplace();
  await place.exported(tables(1, 1));
  const plain = await runCli(["plan"], { cwd: place.cwd, env: environment(place) });
  const forced = await runCli(["plan"], { cwd: place.cwd, env: { ...environment(place), FORCE_COLOR: "1", CI: "true" } });
  expect([
    `${plain.stdout}${plain.stderr}`.includes("\u001b"),
    COLOUR.test(forced.stdout),
    CURSOR.test(forced.stdout + forced.stderr),
  ]).toEqual([false, true, false]);
});

test("a sync that deletes asks for the pipeline's name: another word ends it with nothing written, the name goes on", async (context) => {
  const place = await aDeletion();
  const refused = await inTerminal(place, ["sync"], { typed: [["to go on", "yes\r"]] });
  if (refused === null) return context.skip();
  expect([refused.code, tablesIn(place)]).toEqual([1, 3]);
  expect(refused.text).toContain("- SALES.T03  deleted");
  expect(refused.text).toContain("This deletes 1 table of pipeline sales");
  expect(refused.text).toContain('"yes" is not the pipeline\'s name, sales; nothing was written.');

  const done = await inTerminal(place, ["sync"], { typed: [["to go on", "sales\r"]] });
  expect([done?.code, tablesIn(place)]).toEqual([0, 2]);
});

test("Ctrl-C at the question ends with 130 and nothing written; a saved plan asks too", async (context) => {
  const place = await aDeletion();
  await place.run("plan", "--out", "a.plan");
  const stopped = await inTerminal(place, ["apply", "a.plan"], { typed: [["to go on", "\u0003"]] });
  if (stopped === null) return context.skip();
  expect([stopped.code, tablesIn(place)]).toEqual([130, 3]);
  const done = await inTerminal(place, ["apply", "a.plan"], { typed: [["to go on", "sales\r"]] });
  expect([done?.code, tablesIn(place)]).toEqual([0, 2]);
});

test.each([
  ["--yes", ["--yes"], {}],
  ["--no-input", ["--no-input"], {}],
  ["CI", [], { CI: "true" }],
])("with %s nobody is asked, and the guard's limits decide", async (_, options, env) => {
  const place = await aDeletion();
  const seen = await inTerminal(place, ["sync", ...options], { env });
  if (seen === null) return;
  expect([seen.code, seen.text.includes("to go on"), tablesIn(place)]).toEqual([0, false, 2]);
});

test("Ctrl-C stops a sync cleanly with 130: what was done is recorded, and the next sync does the rest", async (context) => {
  const place = await aWorkplace({ latencyMs: 60 }, "    sync_strategies: { max_parallel_jobs: 1, batch_size: 5 }\n");
  await place.exported(tables(1, 40));
  const stopped = await inTerminal(place, ["sync"], {
    typed: [
      ["Applying", ""],
      [" 5 of 40", "\u0003"],
    ],
  });
  if (stopped === null) return context.skip();
  expect(stopped.code).toBe(130);
  expect(stopped.text).toMatch(/Interrupted: \d+ created/);
  const made = tablesIn(place);
  expect(made).toBeGreaterThanOrEqual(5);
  expect(made).toBeLessThan(40);

  const { code, stdout } = await place.run("sync", "--json");
  expect([code, (JSON.parse(stdout) as { summary: { created: number } }).summary.created]).toEqual([0, 40 - made]);
});
