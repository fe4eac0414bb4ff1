import { join } from "node:path";
import type { Parts } from "../engine/parts.ts";
import { TidemarkError } from "../model/errors.ts";
import type { CheckpointStore } from "../ports/checkpoint-store.ts";
import type { Log } from "../ports/log.ts";
import type { Meter } from "../ports/meter.ts";
import type { Source } from "../ports/source.ts";
import type { Target } from "../ports/target.ts";
import { conflictPolicy } from "./conflict-policy.ts";
import { choosePipeline, type Config } from "./load.ts";
import type { Pipeline } from "./pipeline.ts";
import { settingsOf } from "./settings.ts";
import { systemClock, systemRandom, thisProcess } from "./system.ts";

export interface AssembleOptions {
  readonly log: Log;
}

/** Wired parts; disposing of them closes source and target. */
export type Assembled = Parts & AsyncDisposable;

/**
 * Wires up a pipeline of a configuration: the only one, or the one named. This is the one place where configuration becomes connectors
 * and stores. Each is loaded only here and only when it is used, because some take longer to load than most commands to run.
 */
export async function assemble(config: Config, name: string | undefined, { log }: AssembleOptions): Promise<Assembled> {
  const pipeline = choosePipeline(config, name);
  const [{ createMeter }, { openSpool }, store] = await Promise.all([
    import("../wrappers/meter.ts"),
    import("../stores/spool/index.ts"),
    openStore(pipeline),
  ]);
  const meters = { source: createMeter(), target: createMeter() };
  await using opened = new AsyncDisposableStack();
  const { source, mapping } = await openSource(pipeline, meters.source);
  opened.defer(() => source.close());
  const target = await openTarget(pipeline, meters.target);
  opened.defer(() => target.close());
  const kept = opened.move();
  return {
    pipeline: pipeline.name,
    source,
    target,
    store,
    openSpool: () => openSpool(),
    clock: systemClock,
    random: systemRandom,
    log,
    meters,
    settings: settingsOf(pipeline, mapping),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

/** The store of a pipeline's state, for those who need neither its source nor its target. Opening it creates nothing. */
export async function openStore({ name, checkpoint_management }: Pipeline): Promise<CheckpointStore> {
  const { storage_type, path } = checkpoint_management;
  if (storage_type !== "sqlite") {
    throw new TidemarkError("config_invalid", `checkpoint_management.storage_type ${storage_type} is not available yet.`, {
      remedy: "Use sqlite.",
    });
  }
  const [{ SqliteStore }, { kernelLock }] = await Promise.all([import("../stores/sqlite/index.ts"), import("../stores/lock/index.ts")]);
  const folder = join(path, name);
  return new SqliteStore({ folder, lock: kernelLock(folder), holder: () => thisProcess(systemClock) });
}

interface OpenedSource {
  readonly source: Source;
  /** Version of the mapping from its definitions to assets. */
  readonly mapping: number;
}

async function openSource(pipeline: Pipeline, meter: Meter): Promise<OpenedSource> {
  const { source, owners, stewards, tags } = pipeline;
  switch (source.type) {
    case "csn": {
      const { createCsnSource, MAPPING_VERSION } = await import("../connectors/csn/index.ts");
      const { path, space } = source;
      return {
        source: createCsnSource({ path, ...(space === undefined ? {} : { space }), owners, stewards, tags, meter }),
        mapping: MAPPING_VERSION,
      };
    }
  }
}

async function openTarget({ target, conflicts, sync_strategies }: Pipeline, meter: Meter): Promise<Target> {
  switch (target.type) {
    case "glue": {
      const [{ createGlueTarget }, { meteredAgents }, { createRateLimiter }] = await Promise.all([
        import("../connectors/glue/index.ts"),
        import("../wrappers/metered-agent.ts"),
        import("../wrappers/rate-limiter.ts"),
      ]);
      const { type: _type, ...options } = target;
      return createGlueTarget({
        ...options,
        policyFor: conflictPolicy(conflicts),
        agents: meteredAgents(meter, { maxSockets: Math.max(sync_strategies.max_parallel_jobs, 1) }),
        limiter: createRateLimiter({ clock: systemClock }),
        clock: systemClock,
        random: systemRandom,
      });
    }
    case "changefeed": {
      const { changefeedTarget } = await import("../connectors/changefeed/target.ts");
      return changefeedTarget({ path: target.path, meter });
    }
  }
}
