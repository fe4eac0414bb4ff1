import { expect, test } from "vitest";
import type { Status } from "../../src/cli/commands/status.ts";
import { checkpointsText } from "../../src/cli/views/human/checkpoints.ts";
import { historyText } from "../../src/cli/views/human/history.ts";
import { problemLines } from "../../src/cli/views/human/problems.ts";
import { runReportText } from "../../src/cli/views/human/run-report.ts";
import { runsText } from "../../src/cli/views/human/runs.ts";
import { statusText } from "../../src/cli/views/human/status.ts";
import { PLAIN } from "../../src/cli/views/human/text.ts";
import { checkpointsJson } from "../../src/cli/views/json/checkpoints.ts";
import { runReportJson } from "../../src/cli/views/json/run-report.ts";
import type { Checkpoint, HistoryRecord } from "../../src/model/checkpoint.ts";
import type { RunReport } from "../../src/model/report.ts";

const nothing = { assets: 0, requests: 0, bytes: 0 };

const report: RunReport = {
  run_id: "r-7",
  pipeline: "sales",
  status: "partial",
  summary: {
    assets: 1000,
    unchanged: 890,
    created: 12,
    modified: 90,
    schema_changed: 3,
    metadata_changed: 4,
    deleted: 2,
    withheld: 1,
    failed: 1,
  },
  requests: { source: 110, target: 112 },
  bytes: { source: { sent: 0, received: 345_678 }, target: { sent: 1_234_567, received: 999 } },
  by_strategy: {
    full: { assets: 15, requests: 15, bytes: 90_000 },
    delta: { assets: 90, requests: 90, bytes: 800_000 },
    metadata_only: nothing,
    deletion: { assets: 2, requests: 4, bytes: 812 },
  },
  full_sync: {
    run_id: "r-1",
    requests: { source: 1001, target: 1003 },
    bytes: { source: { sent: 0, received: 3_400_000 }, target: { sent: 8_000_000, received: 1 } },
    duration_ms: 245_000,
  },
  saved: { requests_percent: 88.9, bytes_percent: 86.12, time_percent: 80.7 },
  duration_ms: 47_250,
  problems: [
    { asset_id: "SALES.Broken", code: "write_failed", message: "Writing SALES.Broken failed: ValidationException." },
    { asset_id: "SALES.Long", code: "name_shortened", message: "SALES.Long is too long." },
  ],
};

function step(
  asset_id: string,
  change_type: string,
  facets: readonly string[],
  outcome: HistoryRecord["outcome"] = "applied",
): HistoryRecord {
  return { time: "2026-11-22T10:00:00.000Z", run_id: "r-7", asset_id, change_type, facets, before: null, after: null, outcome };
}

test("a run's report tells the first steps, the cost beside a full sync, problems with their way out, and the sums", () => {
  const steps = [
    step("SALES.New", "created", []),
    step("SALES.Orders", "modified", ["content", "schema"]),
    step("SALES.Broken", "modified", ["content"], "failed"),
    step("SALES.Old", "deleted", []),
  ];

  expect(runReportText(report, PLAIN, { steps, all: false })).toBe(`Pipeline sales, run r-7

  + SALES.New  created
  ~ SALES.Orders  content, schema
  ~ SALES.Broken  content  failed
  - SALES.Old  deleted
  … 108 more: \`tidemark history\` shows them

Cost
            this run  full sync   saved
  requests  222       2,004       88.9 %
  bytes     1.6 MB    11 MB       86.1 %
  time      47.3 s    4 min 05 s  80.7 %
  source  110 requests, 0 B sent, 346 KB received
  target  112 requests, 1.2 MB sent, 999 B received

By strategy
  full      15 assets  15 requests  90 KB
  delta     90 assets  90 requests  800 KB
  deletion  2 assets   4 requests   812 B

Problems (1)
  ! Writing SALES.Broken failed: ValidationException.
    See the target's own words; the asset is tried again in the next run.

Warnings (1)
  ! SALES.Long is too long.
    Nothing to do: the name is cut with a hash suffix and stands in full in the table's parameters.

Partly synced: 12 created, 97 updated, 2 deleted, 1 failed, 1 withheld, 890 unchanged
`);
});

test("a first run has no full sync to be compared with, and a full sync is not compared with itself", () => {
  const first: RunReport = {
    ...report,
    status: "succeeded",
    full_sync: null,
    saved: null,
    problems: [],
    summary: { ...report.summary, created: 0, modified: 0, schema_changed: 0, metadata_changed: 0, deleted: 0, withheld: 0, failed: 0 },
    by_strategy: { full: nothing, delta: nothing, metadata_only: nothing, deletion: nothing },
  };

  expect(runReportText(first, PLAIN, { steps: [], all: false })).toBe(`Pipeline sales, run r-7

Cost
  requests  222
  bytes     1.6 MB
  time      47.3 s
  source  110 requests, 0 B sent, 346 KB received
  target  112 requests, 1.2 MB sent, 999 B received

Synced: nothing to do, 890 unchanged
`);
  const itself = {
    ...first,
    full_sync: report.full_sync === null ? null : { ...report.full_sync, run_id: first.run_id },
    saved: report.saved,
  };
  expect(runReportText(itself, PLAIN, { steps: [], all: false })).toBe(runReportText(first, PLAIN, { steps: [], all: false }));
});

test("a report as JSON has the documented keys", () => {
  expect(Object.keys(runReportJson(report))).toEqual([
    "run_id",
    "pipeline",
    "status",
    "summary",
    "requests",
    "bytes",
    "by_strategy",
    "full_sync",
    "saved",
    "duration_ms",
    "problems",
  ]);
});

test("where more than assets was met, a report tells it space by space; what is no asset is said to be written nowhere", () => {
  const counts = { listed: 10, read: 3, skipped: 0, forbidden: 0, failed: 0 };
  const spaces = [
    { space: "HR", complete: false, ...counts, forbidden: 2 },
    { space: "SALES", complete: true, ...counts, skipped: 4, beside: { flows: 3, flows_read: 1, task_chains: 1 } },
  ];
  const text = runReportText({ ...report, spaces }, PLAIN, { steps: [], all: false });
  expect(text).toContain(`
Spaces
                   listed  read  skipped  forbidden  failed  flows  flows read  task chains
  HR (incomplete)  10      3     0        2          0       0      0           0
  SALES            10      3     4        0          0       3      1           1
  Only assets are written; what else was found is read for them or counted.
`);
  expect(runReportJson({ ...report, spaces })).toMatchObject({ spaces });
  const many = Array.from({ length: 25 }, (_, n) => ({ space: `S${n}`, complete: true, ...counts, skipped: 1 }));
  const manyText = runReportText({ ...report, spaces: many }, PLAIN, { steps: [], all: false });
  expect(manyText).toContain("  … 5 more: --all shows them\n");
  expect(manyText).not.toContain("Only assets are written");
  const plain = [{ space: "SALES", complete: true, ...counts }];
  expect(runReportText({ ...report, spaces: plain }, PLAIN, { steps: [], all: false })).not.toContain("Spaces");
});

test("calls that took a second are told at the end, with -v the slowest in any case, in JSON always", () => {
  const slowest = {
    source: [
      { what: "GET /dwaas-core/api/v1/spaces/SALES/views/V\u001b[2J", duration_ms: 61_000 },
      { what: "GET /dwaas-core/api/v1/spaces", duration_ms: 1_000 },
    ],
    target: [{ what: "UpdateTable dsp_sales.orders", duration_ms: 999 }],
  };
  const slow = { ...report, slowest };
  const told = `
Slowest calls
  source  1 min 01 s  GET /dwaas-core/api/v1/spaces/SALES/views/V\\u{1b}[2J
  source  1.0 s       GET /dwaas-core/api/v1/spaces
`;
  expect(runReportText(slow, PLAIN, { steps: [], all: false })).toContain(`${told}\n`);
  expect(runReportText(slow, PLAIN, { steps: [], all: false, verbose: true })).toContain(
    `${told}  target  999 ms      UpdateTable dsp_sales.orders\n`,
  );
  const narrow = runReportText(slow, { ...PLAIN, width: 60 }, { steps: [], all: false });
  for (const line of narrow.split("\n").filter((text) => text.startsWith("  source  1"))) expect(line.length).toBeLessThanOrEqual(60);
  const fast = { ...report, slowest: { source: [], target: slowest.target } };
  expect(runReportText(fast, PLAIN, { steps: [], all: false })).not.toContain("Slowest");
  expect(runReportJson(slow)["slowest"]).toEqual(slowest);
});

test("many problems are cut with a hint, and whole with --all", () => {
  const problems = Array.from({ length: 30 }, (_, index) => ({
    asset_id: `S.T${index}`,
    code: "write_failed" as const,
    message: `Writing S.T${index} failed.`,
  }));

  expect(problemLines(problems, PLAIN, false).at(-1)).toBe("  … 10 more: --all shows them");
  expect(problemLines(problems, PLAIN, true).filter((line) => line.startsWith("  ! "))).toHaveLength(30);
});

test("past runs and steps are listed one a line under their headings", () => {
  expect(runsText("sales", [report])).toBe("RUN  STATUS   CHANGES  REQUESTS  TIME\nr-7  partial  111      222       47.3 s\n");
  expect(historyText([step("S.A\u001b", "modified", ["content"]), step("S.B", "created", ["content"])], undefined)).toBe(
    `TIME                      OUTCOME  CHANGE              ASSET
2026-11-22T10:00:00.000Z  applied  modified (content)  S.A\\u{1b}
2026-11-22T10:00:00.000Z  applied  created             S.B
`,
  );
  expect(historyText([], "S.X")).toBe("Nothing was done yet to S.X.\n");
});

test("the status says what is wrong with the state", () => {
  const state: NonNullable<Status["state"]> = {
    lineage: "l-1",
    generation: 7,
    clean: false,
    source_system: "datasphere",
    checkpoints: 1234,
    open_intents: 2,
    listings: [
      { scope: "HR", complete: true, count: 4, complete_at: "2026-11-22T10:00:00.000Z", age_seconds: 5_400 },
      { scope: "FIN", complete: false, count: 0, problem: "The folder FIN is missing.", age_seconds: null },
    ],
  };

  expect(statusText({ pipeline: "sales", state, last_run: report, health: null }, PLAIN)).toBe(`Pipeline sales
  checkpoints  1,234
  state        generation 7 of lineage l-1
  last run     r-7, partial, 47.3 s
  listings     1 of 2 incomplete

  SCOPE  LAST LISTING  LAST COMPLETE
  FIN    incomplete    never
  HR     4 assets      1 h 30 min ago

  ! The last run did not end well, or one is under way: the next begins by settling what it left open.
  ! 2 writes without a known outcome; the next run reads the target back.
  ! FIN: The folder FIN is missing.
`);
});

const checkpoint: Checkpoint = {
  asset_id: "SALES.Orders",
  asset_type: "analytic_model",
  source_system: "datasphere",
  last_sync_time: "2026-11-22T10:00:00.000Z",
  sync_version: 3,
  fingerprint: { scheme: "x", content: "c1", schema: null, metadata: "m1" },
  raw: null,
  snapshot: {
    id: "SALES.Orders",
    space: "SALES",
    asset_type: "analytic_model",
    content: { technical_name: "Orders", business_name: null, description: null, owner: null },
    schema: { columns: [], data_types: {}, constraints: [] },
    metadata: {
      tags: [],
      dimensions: [],
      measures: [],
      hierarchies: [],
      certification_status: null,
      custom_properties: JSON.parse('{"__proto__": 1}'),
    },
  },
  target: null,
  tombstone: null,
  decisions: [],
};

test("checkpoints are listed with the reference's nine fields, and nothing else", async () => {
  const reader = {
    async *checkpoints() {
      yield [];
      yield [checkpoint];
      yield [checkpoint];
    },
  };
  const nine =
    '{"asset_id":"SALES.Orders","asset_type":"analytic_model","source_system":"datasphere","last_sync_time":"2026-11-22T10:00:00.000Z","content_hash":"c1","schema_hash":null,"metadata_hash":"m1","sync_version":3,"custom_properties":{"__proto__":1}}';

  expect((await Array.fromAsync(checkpointsJson("sales", reader))).join("")).toBe(
    `{"format_version":1,\n"pipeline":"sales",\n"checkpoints":[\n${nine},\n${nine}]}\n`,
  );
  expect((await Array.fromAsync(checkpointsText("sales", reader))).join("")).toBe(`SYNCED                    VERSION  TYPE            ASSET
2026-11-22T10:00:00.000Z  v3       analytic_model  SALES.Orders
2026-11-22T10:00:00.000Z  v3       analytic_model  SALES.Orders
2 checkpoints
`);
});

test.each([
  ["refused", "guard_refused", "Refused by the guard: nothing was done, 890 unchanged"],
  ["failed", "target_unavailable", "Failed: nothing was done, 890 unchanged"],
] as const)("a run that was %s before its first write does not say that there was nothing to do", (status, code, sentence) => {
  const summary = {
    ...report.summary,
    created: 0,
    modified: 0,
    schema_changed: 0,
    metadata_changed: 0,
    deleted: 0,
    failed: 0,
    withheld: 0,
  };
  const text = runReportText({ ...report, status, summary, problems: [{ code, message: "It was so." }] }, PLAIN, { steps: [], all: false });

  expect(text.split("\n").at(-2)).toBe(sentence);
});
