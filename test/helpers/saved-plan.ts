import { join } from "node:path";
import { openPlanFile, writePlanFile } from "../../src/cli/plan-file.ts";
import { applySaved } from "../../src/engine/apply-saved.ts";
import type { Parts, RunOptions } from "../../src/engine/parts.ts";
import { preview } from "../../src/engine/preview.ts";
import type { RunReport } from "../../src/model/report.ts";
import { NEVER } from "./memory-pipeline.ts";
import { temporaryFolder } from "./temporary-folder.ts";

/** Makes a plan and saves it as `plan --out` does; answers with the file. */
export async function savePlan(parts: Parts, options: Partial<RunOptions> = {}, folder?: string): Promise<string> {
  const file = join(folder ?? (await temporaryFolder()), "saved.plan");
  await using plan = await preview(parts, { signal: NEVER, ...options });
  await writePlanFile(plan, file, "/");
  return file;
}

/** Applies a saved plan as `apply` does. */
export async function applyPlanFile(parts: Parts, file: string, options: Partial<RunOptions> = {}): Promise<RunReport> {
  return await applySaved(parts, { signal: NEVER, ...options }, await openPlanFile(file, "/"));
}
