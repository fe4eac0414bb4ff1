import type { Change } from "../../../model/change.ts";
import type { HistoryRecord } from "../../../model/checkpoint.ts";
import type { Bytes, RunReport, SpaceReport } from "../../../model/report.ts";
import { problemLines } from "./problems.ts";
import { bytes, counted, cut, duration, type Look, number, safe, table } from "./text.ts";

export interface RunViewOptions {
  readonly all: boolean;
  /** The first steps of the run, as the audit trail has them. */
  readonly steps: readonly HistoryRecord[];
  /** Shows the slowest calls although they were not slow. */
  readonly verbose?: boolean;
}

/** A run's report for people: what was done, what it cost beside a full sync, problems with their way out, the sums in the last line. */
export function runReportText(report: RunReport, look: Look, { steps, all, verbose = false }: RunViewOptions): string {
  const lines = [
    `Pipeline ${look.paint("bold", report.pipeline)}, run ${report.run_id}`,
    ...stepLines(report, steps, look),
    ...spaceLines(report.spaces ?? [], look, all),
    ...costLines(report, look),
    ...strategyLines(report, look),
    ...slowestLines(report, look, verbose),
    ...problemLines(report.problems, look, all),
    "",
    look.paint("bold", sumLine(report)),
  ];
  return `${lines.join("\n")}\n`;
}

function stepLines(report: RunReport, steps: readonly HistoryRecord[], look: Look): readonly string[] {
  if (steps.length === 0) return [];
  const { created, modified, schema_changed, metadata_changed, deleted, failed } = report.summary;
  const rest = created + modified + schema_changed + metadata_changed + deleted + failed - steps.length;
  return [
    "",
    ...steps.map((step) => stepLine(step, look)),
    ...(rest > 0 ? [look.paint("dim", `  … ${number(rest)} more: \`tidemark history\` shows them`)] : []),
  ];
}

function stepLine({ asset_id, change_type, facets, outcome }: HistoryRecord, { paint }: Look): string {
  const [sign, colour] = signs[change_type as Change["change_type"]] ?? signs.modified;
  const what = change_type === "created" || change_type === "deleted" ? change_type : facets.join(", ");
  return `  ${paint(colour, sign)} ${safe(asset_id)}  ${paint("dim", safe(what))}${outcome === "applied" ? "" : `  ${paint("red", outcome)}`}`;
}

const signs: { readonly [type in Change["change_type"]]: readonly [sign: string, colour: "green" | "yellow" | "red"] } = {
  created: ["+", "green"],
  modified: ["~", "yellow"],
  schema_changed: ["~", "yellow"],
  metadata_changed: ["~", "yellow"],
  deleted: ["-", "red"],
};

/** How many spaces are shown before the rest is counted. */
const SPACES = 20;

/** What was met where more than assets was: without that, the sums in the last line say all. */
function spaceLines(spaces: readonly SpaceReport[], look: Look, all: boolean): readonly string[] {
  if (spaces.every(({ beside, skipped, forbidden, complete }) => beside === undefined && skipped + forbidden === 0 && complete)) return [];
  const shown = all ? spaces : spaces.slice(0, SPACES);
  const kinds = [...new Set(spaces.flatMap(({ beside }) => Object.keys(beside ?? {})))];
  const rows = shown.map((one) => [
    `${safe(one.space)}${one.complete ? "" : " (incomplete)"}`,
    ...[one.listed, one.read, one.skipped, one.forbidden, one.failed, ...kinds.map((kind) => one.beside?.[kind] ?? 0)].map(number),
  ]);
  const heading = ["", "listed", "read", "skipped", "forbidden", "failed", ...kinds.map((kind) => safe(kind.replaceAll("_", " ")))];
  return [
    "",
    look.paint("bold", "Spaces"),
    table([heading, ...rows], "  "),
    ...(spaces.length > shown.length ? [look.paint("dim", `  … ${number(spaces.length - shown.length)} more: --all shows them`)] : []),
    ...(kinds.length === 0 ? [] : [look.paint("dim", "  Only assets are written; what else was found is read for them or counted.")]),
  ];
}

function costLines(report: RunReport, look: Look): readonly string[] {
  const { requests, bytes: carried } = report;
  const ends = [
    ["source", endText(requests.source, carried.source)],
    ["target", endText(requests.target, carried.target)],
  ];
  return ["", look.paint("bold", "Cost"), table(comparison(report), "  "), table(ends, "  ")];
}

/** This run beside the last full one, unless it is that one itself. */
function comparison({ run_id, requests, bytes: carried, duration_ms, full_sync, saved }: RunReport): readonly (readonly string[])[] {
  const own = [number(totalRequests(requests)), bytes(totalBytes(carried)), duration(duration_ms)];
  if (full_sync === null || saved === null || full_sync.run_id === run_id) {
    return [
      ["requests", own[0] ?? ""],
      ["bytes", own[1] ?? ""],
      ["time", own[2] ?? ""],
    ];
  }
  const full = [number(totalRequests(full_sync.requests)), bytes(totalBytes(full_sync.bytes)), duration(full_sync.duration_ms)];
  const spared = [saved.requests_percent, saved.bytes_percent, saved.time_percent].map((share) => `${share.toFixed(1)} %`);
  const rows = ["requests", "bytes", "time"].map((what, index) => [what, own[index] ?? "", full[index] ?? "", spared[index] ?? ""]);
  return [["", "this run", "full sync", "saved"], ...rows];
}

function totalRequests({ source, target }: RunReport["requests"]): number {
  return source + target;
}

function totalBytes({ source, target }: RunReport["bytes"]): number {
  return source.sent + source.received + target.sent + target.received;
}

function endText(requests: number, { sent, received }: Bytes): string {
  return `${counted(requests, "request")}, ${bytes(sent)} sent, ${bytes(received)} received`;
}

function strategyLines({ by_strategy }: RunReport, look: Look): readonly string[] {
  const used = Object.entries(by_strategy).filter(([, { assets }]) => assets > 0);
  if (used.length === 0) return [];
  const rows = used.map(([strategy, cost]) => [
    strategy,
    counted(cost.assets, "asset"),
    counted(cost.requests, "request"),
    bytes(cost.bytes),
  ]);
  return ["", look.paint("bold", "By strategy"), table(rows, "  ")];
}

/** From this on a call is worth telling. */
const SLOW_MS = 1_000;

function slowestLines({ slowest }: RunReport, look: Look, verbose: boolean): readonly string[] {
  const rows = (["source", "target"] as const).flatMap((end) =>
    (slowest?.[end] ?? [])
      .filter(({ duration_ms }) => verbose || duration_ms >= SLOW_MS)
      .map(({ what, duration_ms }) => [end, duration(duration_ms), cut(safe(what), Math.max(20, look.width - NOT_CALL))]),
  );
  return rows.length === 0 ? [] : ["", look.paint("bold", "Slowest calls"), table(rows, "  ")];
}

/** Columns that end and duration take in the longest line of the slowest calls. */
const NOT_CALL = 24;

function sumLine({ status, summary, problems }: RunReport): string {
  const updated = summary.modified + summary.schema_changed + summary.metadata_changed;
  const parts = [
    [summary.created, "created"],
    [updated, "updated"],
    [summary.deleted, "deleted"],
    [summary.failed, "failed"],
    [summary.withheld, "withheld"],
  ] as const;
  const done = parts.filter(([count]) => count > 0).map(([count, word]) => `${number(count)} ${word}`);
  const unchanged = `${number(summary.unchanged)} unchanged`;
  const interrupted = problems.some(({ code }) => code === "interrupted");
  return `${interrupted ? "Interrupted" : statusWords[status]}: ${[...(done.length === 0 ? [status === "succeeded" ? "nothing to do" : "nothing was done"] : done), unchanged].join(", ")}`;
}

const statusWords: { readonly [status in RunReport["status"]]: string } = {
  succeeded: "Synced",
  partial: "Partly synced",
  refused: "Refused by the guard",
  failed: "Failed",
};
