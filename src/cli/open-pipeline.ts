import type { Config } from "../config/load.ts";
import type { Pipeline } from "../config/pipeline.ts";
import type { CheckpointReader } from "../engine/surface.ts";
import type { Context } from "./context.ts";

/** Reads the configuration that this call of the command means. */
export async function readConfig({ global, cwd, env }: Context): Promise<Config> {
  const { loadConfig } = await import("../config/load.ts");
  return await loadConfig({ cwd, env, ...(global.config === undefined ? {} : { file: global.config }) });
}

/** The pipeline that this call of the command means. */
export async function readPipeline(context: Context): Promise<Pipeline> {
  const { choosePipeline } = await import("../config/load.ts");
  return choosePipeline(await readConfig(context), context.global.pipeline);
}

/** Opens the state of a pipeline for reading only, for commands that need neither its source nor its target. */
export async function openState(pipeline: Pipeline): Promise<CheckpointReader> {
  const { openStore } = await import("../config/assemble.ts");
  const store = await openStore(pipeline);
  return await store.reader();
}
