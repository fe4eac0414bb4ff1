import type { RunReport } from "../../../model/report.ts";
import { duration, number, table } from "./text.ts";

/** Past runs, one a line. */
export function runsText(pipeline: string, runs: readonly RunReport[]): string {
  if (runs.length === 0) return `Pipeline ${pipeline} has no runs yet.\n`;
  const rows = runs.map(({ run_id, status, summary, requests, duration_ms }) => [
    run_id,
    status,
    number(summary.created + summary.modified + summary.schema_changed + summary.metadata_changed + summary.deleted),
    number(requests.source + requests.target),
    duration(duration_ms),
  ]);
  return `${table([["RUN", "STATUS", "CHANGES", "REQUESTS", "TIME"], ...rows])}\n`;
}
