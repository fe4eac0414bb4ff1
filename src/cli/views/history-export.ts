import type { CheckpointReader } from "../../engine/surface.ts";
import type { HistoryRecord } from "../../model/checkpoint.ts";

export const HISTORY_FORMATS = ["ndjson", "csv"] as const;

export type HistoryFormat = (typeof HISTORY_FORMATS)[number];

export interface HistoryExtent {
  readonly asset_id?: string;
  /** How many steps at most; left out, all of them. */
  readonly limit?: number;
}

/** The audit trail as lines for other programs, newest first, in bounded memory. */
export async function* historyExport(
  reader: Pick<CheckpointReader, "history">,
  format: HistoryFormat,
  extent: HistoryExtent,
): AsyncGenerator<string> {
  if (format === "csv") yield csvLine(CSV_COLUMNS);
  for await (const page of historyPages(reader, extent)) yield page.map(format === "csv" ? csvRecord : ndjsonLine).join("");
}

const PAGE = 1_000;

/** The steps, newest first, in pages. */
export async function* historyPages(
  reader: Pick<CheckpointReader, "history">,
  { limit = Number.POSITIVE_INFINITY, ...which }: HistoryExtent,
): AsyncGenerator<readonly HistoryRecord[]> {
  for (let skip = 0; skip < limit; skip += PAGE) {
    const wanted = Math.min(PAGE, limit - skip);
    const page = await reader.history({ ...which, limit: wanted, skip });
    if (page.length > 0) yield page;
    if (page.length < wanted) return;
  }
}

function ndjsonLine(record: HistoryRecord): string {
  return `${JSON.stringify(record)}\n`;
}

const CSV_COLUMNS = [
  "time",
  "run_id",
  "asset_id",
  "change_type",
  "facets",
  "outcome",
  "message",
  "scheme",
  "before_content",
  "before_schema",
  "before_metadata",
  "after_content",
  "after_schema",
  "after_metadata",
] as const;

function csvRecord({ time, run_id, asset_id, change_type, facets, outcome, message, before, after }: HistoryRecord): string {
  const hashes = [before, after].flatMap((fingerprint) => [fingerprint?.content, fingerprint?.schema, fingerprint?.metadata]);
  return csvLine([time, run_id, asset_id, change_type, facets.join(" "), outcome, message, (after ?? before)?.scheme, ...hashes]);
}

/** A line of RFC 4180. */
function csvLine(cells: readonly (string | null | undefined)[]): string {
  return `${cells.map((cell) => csvCell(cell ?? "")).join(",")}\r\n`;
}

/** A cell that no spreadsheet takes for a formula: what could begin one gets an apostrophe before it. */
function csvCell(text: string): string {
  const inert = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}
