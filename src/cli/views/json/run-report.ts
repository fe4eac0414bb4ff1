import type { RunReport } from "../../../model/report.ts";
import { problemJson } from "./plan.ts";

/** A run's report as `sync --json` prints it, without `format_version`. */
export function runReportJson(report: RunReport): { readonly [key: string]: unknown } {
  const {
    run_id,
    pipeline,
    status,
    summary,
    requests,
    bytes,
    by_strategy,
    full_sync,
    saved,
    duration_ms,
    spaces,
    problems,
    slowest,
    upkeep,
  } = report;
  return {
    run_id,
    pipeline,
    status,
    summary,
    requests,
    bytes,
    by_strategy,
    full_sync,
    saved,
    duration_ms,
    ...(spaces === undefined ? {} : { spaces }),
    problems: problems.map(problemJson),
    ...(slowest === undefined ? {} : { slowest }),
    ...(upkeep === undefined ? {} : { upkeep }),
  };
}
