import type { CheckpointLease } from "../../src/ports/checkpoint-store.ts";
import { aHistoryRecord } from "../../src/testing/checkpoint-builders.ts";

/** Adds rows of history to a state that was begun, about a kilobyte each, and commits nothing: the journal comes to be as large as the state. */
export async function makeHeavy(lease: CheckpointLease, rows: number): Promise<void> {
  const history = aHistoryRecord("SALES.Heavy", { message: "of no interest ".repeat(64) });
  for (let left = rows; left > 0; left -= BATCH)
    await lease.record(
      Array.from({ length: Math.min(left, BATCH) }, () => ({ seq: null, asset_id: "SALES.Heavy", checkpoint: undefined, history })),
    );
}

const BATCH = 1_000;
