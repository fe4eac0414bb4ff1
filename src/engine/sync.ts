import type { RunReport } from "../model/report.ts";
import type { Parts, RunOptions } from "./parts.ts";

/** Brings the target in step with the source. Throws a TidemarkError only for what ends the run; everything else is in the report. */
export async function sync(_parts: Parts, _options: RunOptions): Promise<RunReport> {
  throw new Error("not written yet");
}
