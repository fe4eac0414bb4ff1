import { STRATEGIES } from "../model/change.ts";
import type { Json } from "../model/json.ts";
import type { Bytes, RunCost, RunReport, SpaceReport } from "../model/report.ts";
import { exitCodeOf, statusOf } from "./exit-code.ts";
import type { OutcomeTally } from "./outcome-tally.ts";
import type { Parts } from "./parts.ts";
import type { ProblemLog } from "./problem-log.ts";

/** Where the cost of the last full run is remembered; the settings that make runs comparable are part of the key. */
export function fullRunKey(parts: Parts): string {
  return `engine:full_sync:${parts.settings.comparable}`;
}

/** What a run's report is made of. */
export interface Measured {
  readonly run_id: string;
  readonly started: number;
  readonly tally: OutcomeTally;
  readonly problems: ProblemLog;
  /** This run read and wrote everything: its own cost is the full sync's. */
  readonly full: boolean;
  /** As remembered under {@link fullRunKey}. */
  readonly lastFull: RunCost | null;
  /** As listed and read. */
  readonly spaces?: readonly SpaceReport[];
}

/** Draws up what a run did and what it cost, measured, beside what a full run costs. */
export function runReport(parts: Parts, { run_id, started, tally, problems, full, lastFull, spaces }: Measured): RunReport {
  const { source, target } = parts.meters;
  const cost: RunCost = {
    run_id,
    requests: { source: source.reading().requests, target: target.reading().requests },
    bytes: { source: source.reading().bytes, target: target.reading().bytes },
    duration_ms: Math.round(parts.clock.monotonic() - started),
  };
  const summary = tally.summary();
  const status = statusOf(exitCodeOf(problems.spelledOut, { failed: summary.failed }));
  const full_sync = full && status === "succeeded" ? cost : lastFull;
  const by_strategy = Object.fromEntries(
    STRATEGIES.map((strategy) => {
      const { requests, bytes } = target.reading(strategy);
      return [strategy, { assets: tally.assets(strategy), requests, bytes: bytes.sent + bytes.received }];
    }),
  ) as RunReport["by_strategy"];
  return {
    pipeline: parts.pipeline,
    started_at: new Date(parts.clock.now() - cost.duration_ms).toISOString(),
    status,
    summary,
    ...cost,
    by_strategy,
    full_sync,
    saved: full_sync === null ? null : saved(cost, full_sync),
    ...(spaces === undefined ? {} : { spaces: spaces.map((one) => ({ ...one, failed: one.failed + tally.failedIn(one.space) })) }),
    problems: problems.spelledOut,
    ...slowest(parts),
  };
}

function slowest({ meters }: Parts): Pick<RunReport, "slowest"> {
  const [source, target] = [meters.source.slowest(), meters.target.slowest()];
  return source.length + target.length === 0 ? {} : { slowest: { source, target } };
}

/** A run's cost as the store remembers it. */
export function costToJson({ run_id, requests, bytes, duration_ms }: RunCost): Json {
  return { run_id, requests: { ...requests }, bytes: { source: { ...bytes.source }, target: { ...bytes.target } }, duration_ms };
}

function saved(cost: RunCost, full: RunCost): RunReport["saved"] {
  return {
    requests_percent: percent(cost.requests.source + cost.requests.target, full.requests.source + full.requests.target),
    bytes_percent: percent(total(cost.bytes.source) + total(cost.bytes.target), total(full.bytes.source) + total(full.bytes.target)),
    time_percent: percent(cost.duration_ms, full.duration_ms),
  };
}

function total({ sent, received }: Bytes): number {
  return sent + received;
}

function percent(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.round((1 - part / whole) * 1_000) / 10;
}
