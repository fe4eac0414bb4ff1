import type { CheckpointReader } from "../../../engine/surface.ts";
import { counted, safe, table } from "./text.ts";

/** The checkpoints, one a line, page by page: the columns are those of the first page's widths at least. */
export async function* checkpointsText(pipeline: string, reader: Pick<CheckpointReader, "checkpoints"> | null): AsyncGenerator<string> {
  if (reader === null) {
    yield `Pipeline ${pipeline} has no state yet.\n`;
    return;
  }
  let total = 0;
  for await (const page of reader.checkpoints()) {
    if (page.length === 0) continue;
    const rows = page.map(({ last_sync_time, sync_version, asset_type, asset_id }) => [
      last_sync_time,
      `v${sync_version}`.padEnd(7),
      asset_type.padEnd(14),
      safe(asset_id),
    ]);
    yield `${table(total === 0 ? [["SYNCED", "VERSION", "TYPE", "ASSET"], ...rows] : rows)}\n`;
    total += page.length;
  }
  yield `${counted(total, "checkpoint")}\n`;
}
