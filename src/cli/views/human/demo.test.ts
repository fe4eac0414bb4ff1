import { expect, test } from "vitest";
import type { RunReport } from "../../../model/report.ts";
import type { DemoRun } from "../../demo/run-demo.ts";
import { demoJson } from "../json/demo.ts";
import { closingText, openingText, runText } from "./demo.ts";
import { PLAIN } from "./text.ts";

const options = { assets: 1000, seed: 1 };

test("the table reads at 60 columns, even with large numbers", () => {
  const text = closingText({ assets: 1_000_000, seed: 1 }, runsOf(1000), { ...PLAIN, width: 60 }, { command: "bin/tidemark" });
  const opening = openingText({ assets: 1_000_000, seed: 123_456 }, { tenant: "http://127.0.0.1:65535", glue: "http://127.0.0.1:65534" });
  expect(`${opening}${text}`.split("\n").filter((line) => line.length > 60)).toEqual([]);
});

test("savings stand beside the full sync of the same demo and what the original design promises", () => {
  const lines = closingText(options, runsOf(1), PLAIN, { command: "tidemark" }).split("\n");
  expect(lines.slice(1, 18)).toMatchInlineSnapshot(`
    [
      "                       full       10 %        5 %    nothing",
      "                       sync    changed   metadata    changed",
      "assets written        1,000        100         50          0",
      "tenant requests       1,000        100         50          0",
      "  got from it        1.0 MB     100 KB      50 KB        0 B",
      "Glue requests         1,000        100         50          0",
      "  sent to it         3.0 MB     300 KB     150 KB        0 B",
      "time                  8.0 s      1.2 s     900 ms     400 ms",
      "",
      "Saved against the full sync",
      "  requests                –     90.0 %     95.0 %    100.0 %",
      "  bytes                   –     90.0 %     95.0 %    100.0 %",
      "  time                    –     85.0 %     88.8 %     95.0 %",
      "Promised by the original design",
      "  bytes                   –     85.6 %     98.0 %          –",
      "  time                    –     80.7 %     93.1 %          –",
      "",
    ]
  `);
});

test("a run that cost more than the full sync says so instead of hiding it", () => {
  const [full, ...rest] = runsOf(1);
  const slow = rest.map((run): DemoRun => ({ ...run, report: { ...run.report, duration_ms: 12_000 } }));
  expect(closingText(options, [full as DemoRun, ...slow], PLAIN, { command: "tidemark" })).toContain("-50.0 %");
});

test("what is simulated is said, before the first run and as JSON", () => {
  expect(openingText(options, { tenant: "http://127.0.0.1:1", glue: "http://127.0.0.1:2" })).toContain("simulates AWS Glue");
  expect(demoJson(options, runsOf(1))["simulated"]).toEqual({
    source: expect.stringContaining("made-up") as string,
    target: expect.stringContaining("sandbox") as string,
  });
});

test("a run that made the day's backup says how much of its time that took", () => {
  const [full, changed, ...rest] = runsOf(1) as [DemoRun, DemoRun, ...DemoRun[]];
  const backup = { file: "b", reason: "daily", generation: 1, checkpoints: 1000, bytes: 1, duration_ms: 700 };
  const runs = [full, { ...changed, report: { ...changed.report, upkeep: { backup } } }, ...rest];
  const wide = { ...PLAIN, width: 200 };
  expect(closingText(options, runs, wide, { command: "tidemark" }).replaceAll(/\s+/g, " ")).toContain(
    "· The run of 10 % changed made the day's backup of the state as well: 700 ms of its time.",
  );
  expect(closingText(options, runsOf(1), wide, { command: "tidemark" })).not.toContain("backup");
});

test("each run is told in one line", () => {
  expect(runsOf(1).map((run) => runText(run, PLAIN))).toEqual([
    "✓ Full sync: 1,000 created, 8.0 s\n",
    "✓ 10 % of the assets changed: 100 updated, 1.2 s\n",
    "✓ 5 % changed only their business metadata: 50 updated, 900 ms\n",
    "✓ Nothing changed: nothing to write, 400 ms\n",
  ]);
});

test("as JSON each run carries its report, its savings and the promise", () => {
  const { runs } = demoJson(options, runsOf(1)) as { runs: readonly { [key: string]: unknown }[] };
  expect(runs.map(({ name, saved_percent, original_design_percent }) => ({ name, saved_percent, original_design_percent }))).toEqual([
    { name: "full", saved_percent: null, original_design_percent: null },
    { name: "changed", saved_percent: { requests: 90, bytes: 90, time: 85 }, original_design_percent: { bytes: 85.6, time: 80.7 } },
    { name: "metadata", saved_percent: { requests: 95, bytes: 95, time: 88.8 }, original_design_percent: { bytes: 98, time: 93.1 } },
    { name: "unchanged", saved_percent: { requests: 100, bytes: 100, time: 95 }, original_design_percent: null },
  ]);
});

/** The four runs of a demo, all counts and bytes times a factor. */
function runsOf(factor: number): readonly DemoRun[] {
  const run = (name: DemoRun["act"]["name"], created: number, updated: number, duration_ms: number): DemoRun => ({
    act: { name, edits: [] },
    report: reportOf({
      created: created * factor,
      updated: updated * factor,
      calls: (created + updated) * factor,
      duration_ms: duration_ms * factor,
    }),
  });
  return [run("full", 1000, 0, 8000), run("changed", 0, 100, 1200), run("metadata", 0, 50, 900), run("unchanged", 0, 0, 400)];
}

function reportOf({
  created,
  updated,
  calls,
  duration_ms,
}: {
  created: number;
  updated: number;
  calls: number;
  duration_ms: number;
}): RunReport {
  const none = { assets: 0, requests: 0, bytes: 0 };
  return {
    run_id: "one",
    pipeline: "demo",
    status: "succeeded",
    summary: {
      assets: 1000,
      unchanged: 0,
      created,
      modified: updated,
      schema_changed: 0,
      metadata_changed: 0,
      deleted: 0,
      withheld: 0,
      failed: 0,
    },
    requests: { source: calls, target: calls },
    bytes: { source: { sent: 0, received: calls * 1000 }, target: { sent: calls * 3000, received: calls * 1000 } },
    by_strategy: { full: none, delta: none, metadata_only: none, deletion: none },
    full_sync: null,
    saved: null,
    duration_ms,
    problems: [],
  };
}
