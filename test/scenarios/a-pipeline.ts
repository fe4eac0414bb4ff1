import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Assembled, assemble } from "../../src/config/assemble.ts";
import { loadConfig } from "../../src/config/load.ts";
import { preview } from "../../src/engine/preview.ts";
import { sync } from "../../src/engine/sync.ts";
import type { PlanRecord, Step } from "../../src/model/plan.ts";
import type { RunReport } from "../../src/model/report.ts";

/** A pipeline from a folder of exports, as a user configures it. */
export interface APipeline {
  /** Opens its parts, for one look or one run. */
  open(): Promise<Assembled>;
  /** The steps that a sync would take. */
  plan(): Promise<readonly Step[]>;
  sync(): Promise<RunReport>;
}

/** A pipeline to a Glue endpoint on this machine. */
export function aPipeline(folder: string, endpoint: string): Promise<APipeline> {
  return aPipelineTo(folder, { type: "glue", region: "eu-central-1", endpoint, database_prefix: "dsp_" });
}

/** Writes the configuration into a folder that has the exports in `exports/`; the state comes to lie beside them. */
export async function aPipelineTo(folder: string, target: object): Promise<APipeline> {
  const file = join(folder, "tidemark.json");
  const pipelines = [{ name: "test", source: { type: "csn", path: "./exports" }, target }];
  await writeFile(file, JSON.stringify({ pipelines, checkpoint_management: { path: "./checkpoints" } }));
  const config = await loadConfig({ file, cwd: folder, env: {} });
  const signal = AbortSignal.timeout(600_000);
  const open = (): Promise<Assembled> => assemble(config, undefined, { log: { event: () => undefined } });
  return {
    open,
    async plan() {
      await using parts = await open();
      await using plan = await preview(parts, { signal });
      const records: PlanRecord[] = [];
      for await (const page of plan.records()) records.push(...page);
      return records.flatMap((record) => (record.record === "step" ? [record.step] : []));
    },
    async sync() {
      await using parts = await open();
      return await sync(parts, { signal });
    },
  };
}
