import { join } from "node:path";
import { built } from "../measure/built.ts";
import { runMeasured } from "../measure/run-measured.ts";
import { rounded } from "../detect/median.ts";
import type { Bench } from "../run.ts";

/** What an ordered scan of the sqlite store costs, by tokens (what an unchanged catalog needs) and by entries with the sum of each row made anew. */
export const scanBench: Bench = {
  name: "scan",
  options: { rows: 1_000_000 },
  async *rows({ rows = 0 }, folder) {
    const state = join(folder, "state");
    const filled = await runMeasured<{ ms: number }>(process.execPath, [built("bench/store/scan-pass.ts"), "fill", state, String(rows)]);
    const { ms = 0 } = filled.lines[0] ?? {};
    yield {
      what: "filled, 5,000 a transaction",
      rows,
      ms: rounded(ms),
      us_each: rounded((ms * 1000) / rows),
      private_mb: filled.peak_private_mb,
    };
    const scanned = await runMeasured<{ by: string; rows: number; ms: number }>(process.execPath, [
      built("bench/store/scan-pass.ts"),
      "scan",
      state,
    ]);
    for (const { by, rows: met, ms: took } of scanned.lines) {
      if (met !== rows) throw new Error(`a scan by ${by} met ${met} rows of ${rows}`);
      yield {
        what: `scanned by ${by}`,
        rows,
        ms: rounded(took),
        us_each: rounded((took * 1000) / rows),
        private_mb: scanned.peak_private_mb,
      };
    }
  },
};
