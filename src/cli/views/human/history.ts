import type { HistoryRecord } from "../../../model/checkpoint.ts";
import { safe, table } from "./text.ts";

/** The audit trail, one step a line. */
export function historyText(history: readonly HistoryRecord[], asset: string | undefined): string {
  if (history.length === 0) return `Nothing was done yet${asset === undefined ? "" : ` to ${safe(asset)}`}.\n`;
  const rows = history.map(({ time, outcome, change_type, facets, asset_id, message }) => [
    time,
    outcome,
    `${change_type}${facets.length === 0 || change_type === "created" ? "" : ` (${facets.join(", ")})`}`,
    `${safe(asset_id)}${message === undefined ? "" : `  ${safe(message)}`}`,
  ]);
  return `${table([["TIME", "OUTCOME", "CHANGE", "ASSET"], ...rows])}\n`;
}
