import { execFile } from "node:child_process";
import { open, readFile } from "node:fs/promises";
import { join } from "node:path";
import { Writable } from "node:stream";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import type { Context } from "../../src/cli/context.ts";
import { Output } from "../../src/cli/output.ts";
import { openProgress } from "../../src/cli/progress.ts";
import { progressText } from "../../src/cli/progress-bar.ts";
import { progressLines } from "../../src/cli/progress-lines.ts";
import type { RunEvent } from "../../src/engine/surface.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";

/** A stream that keeps what it was given. */
function aStream(properties: object = {}): { stream: NodeJS.WriteStream; text: () => string } {
  let text = "";
  const stream = new Writable({
    decodeStrings: false,
    write(chunk: string, _encoding, done) {
      text += chunk;
      done();
    },
  });
  return { stream: Object.assign(stream, properties) as unknown as NodeJS.WriteStream, text: () => text };
}

const problem: RunEvent = { kind: "problem", message: "It broke.\u001b[2J", asset_id: "S.A" };

test("without a terminal, progress is a plain line every ten seconds at most, and problems as they come", () => {
  const { stream, text } = aStream();
  let now = 0;
  const lines = progressLines(new Output(stream), { problems: true, now: () => now });

  lines.event({ kind: "phase", phase: "apply", total: 12_000 });
  for (let done = 1; done <= 2_500; done++) {
    now += 10;
    lines.event({ kind: "progress", phase: "apply", done });
  }
  lines.event(problem);
  lines.event({ kind: "phase", phase: "list" });
  now += 10_000;
  lines.event({ kind: "progress", phase: "list", done: 7 });

  expect(text()).toBe(
    "Applying: 1,000 of 12,000 · 100/s · 1 min 50 s left\nApplying: 2,000 of 12,000 · 100/s · 1 min 40 s left\n! S.A: It broke.\\u{1b}[2J\nListing: 7 · 1/s\n",
  );
});

test("a flood of problems is cut off after twenty, with a word on where the rest is told", () => {
  const { stream, text } = aStream();
  const lines = progressLines(new Output(stream), { problems: true });

  for (let count = 0; count < 100; count++) lines.event(problem);

  expect(text().trim().split("\n")).toHaveLength(21);
  expect(text()).toContain("the report at the end tells them");
});

test("the bar tells what is left of the source's budget while the source is read, where there is room", () => {
  const state = { phase: "detect", total: 0, done: 40, since: 0, budget: { left: 212, per_minute: 300 } } as const;
  expect(progressText(state, 100)).toBe("Comparing 40 · 212 of 300 requests left");
  expect(progressText(state, 100, 39)).toBe("Comparing 40 · 212 of 300 requests left");
  expect(progressText(state, 100, 38)).toBe("Comparing 40");
  expect(progressText({ ...state, phase: "apply" }, 100)).toBe("Applying 40");
});

test("the bar tells phase, counts, rate and what is left, and fits into 60 columns", () => {
  expect(progressText({ phase: "apply", total: 1000, done: 412, since: 0 }, 3000)).toBe(
    "Applying [████████            ] 412 of 1,000 · 137/s · 4.3 s left",
  );
  expect(progressText({ phase: "apply", total: 1000, done: 1000, since: 0 }, 4000)).toBe(
    "Applying [████████████████████] 1,000 of 1,000 · 250/s",
  );
  expect(progressText({ phase: "list", total: 0, done: 0, since: 0 }, 100)).toBe("Listing");
  expect(progressText({ phase: "list", total: 0, done: 1500, since: 0 }, 1000)).toBe("Listing 1,500 · 1,500/s");
});

function aContext(stream: NodeJS.WriteStream, global: object, cwd: string = "/"): Context {
  return { err: new Output(stream), cwd, env: {}, global: { input: true, ...global } } as Context;
}

test.each([[{ json: true }], [{ quiet: true }]])("with %j nothing is told, not even problems", async (global) => {
  const { stream, text } = aStream();
  await using log = await openProgress(aContext(stream, global));

  log.event(problem);

  expect(text()).toBe("");
});

test("with -v what goes on behind is told too", async () => {
  const { stream, text } = aStream();
  await using log = await openProgress(aContext(stream, { verbose: 1, json: true }));

  log.event({ kind: "debug", message: "request", fields: { target: "GetTables" } });

  expect(text()).toBe('request {"target":"GetTables"}\n');
});

test.each([
  [1, ""],
  [2, "target: GetTables dsp_sales: 200, 41 ms, 1.2 KB sent, 310 B received\n"],
])("with -v given %i times, requests are told or not, in the log file too", async (verbose, told) => {
  const [{ stream, text }, cwd] = [aStream(), await temporaryFolder()];
  const log = await openProgress(aContext(stream, { verbose, quiet: true, logFile: "run.log" }, cwd));
  const call = { end: "target", what: "GetTables dsp_sales", status: 200, duration_ms: 41, sent: 1_200, received: 310 } as const;

  log.event({ kind: "request", ...call });
  await log[Symbol.asyncDispose]();

  expect(text()).toBe(told);
  const lines = (await readFile(join(cwd, "run.log"), "utf8")).split("\n").filter((line) => line !== "");
  const logged = lines.map((line) => ({ ...(JSON.parse(line) as object), time: "" }));
  expect(logged).toEqual(told === "" ? [] : [{ time: "", kind: "request", ...call }]);
});

test("the log file gets every event as a line of JSON with its time, appended", async () => {
  const cwd = await temporaryFolder();
  for (const message of ["first", "second"]) {
    const log = await openProgress(aContext(aStream().stream, { quiet: true, logFile: "run.log" }, cwd));
    log.event({ kind: "debug", message, fields: {} });
    await log[Symbol.asyncDispose]();
  }

  const lines = (await readFile(join(cwd, "run.log"), "utf8"))
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as object);

  expect(lines).toEqual([
    { time: expect.stringMatching(/^\d{4}-.*Z$/) as unknown, kind: "debug", message: "first", fields: {} },
    { time: expect.any(String) as unknown, kind: "debug", message: "second", fields: {} },
  ]);
});

test("a log file that takes nothing for a while keeps the run's memory bounded, and tells how many events it missed", async () => {
  const cwd = await temporaryFolder();
  const path = join(cwd, "run.log");
  await promisify(execFile)("mkfifo", [path]);
  // Both ends in one: opening it for reading alone would wait for the log, and the log for it.
  const reader = await open(path, "r+");
  const log = await openProgress(aContext(aStream().stream, { quiet: true, verbose: 2, logFile: "run.log" }, cwd));
  const call = { end: "source", what: `GET /${"x".repeat(1_000)}`, status: 200, duration_ms: 1, sent: 1, received: 1 } as const;
  for (let count = 0; count < 10_000; count++) log.event({ kind: "request", ...call });

  const closed = log[Symbol.asyncDispose]();
  let told = 0;
  let missed = 0;
  for await (const line of reader.readLines()) {
    const event = JSON.parse(line) as { readonly kind: string; readonly events?: number };
    if (event.kind === "request") told += 1;
    else missed = event.events ?? 0;
    if (event.kind === "missed") break;
  }
  await closed;

  expect(told + missed).toBe(10_000);
  expect(told * 1_200).toBeGreaterThan(4 * 2 ** 20);
  expect(told * 1_000).toBeLessThan(5 * 2 ** 20);
});

test("on a terminal the bar is drawn over, makes room for problems, and is gone at the end with the cursor back", async () => {
  const { stream, text } = aStream({ isTTY: true, columns: 60, cursorTo: () => true, clearLine: () => true, moveCursor: () => true });
  const log = await openProgress(aContext(stream, {}));

  log.event({ kind: "phase", phase: "apply", total: 10 });
  log.event(problem);
  log.event({ kind: "progress", phase: "apply", done: 10 });
  await log[Symbol.asyncDispose]();

  expect(text()).toContain("Applying [");
  expect(text()).toContain("S.A: It broke.\\u{1b}[2J\n");
  expect(text().lastIndexOf("\u001b[?25h")).toBeGreaterThan(text().lastIndexOf("\u001b[?25l"));
});
