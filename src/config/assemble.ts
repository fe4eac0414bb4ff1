import { stat } from "node:fs/promises";
import { isAbsolute, join, relative, sep } from "node:path";
import type { GlueSourceOptions } from "../connectors/glue/index.ts";
import type { Parts, Upkeep } from "../engine/parts.ts";
import { TidemarkError } from "../model/errors.ts";
import { mergePolicies } from "../model/merge-policy.ts";
import type { CheckpointStore } from "../ports/checkpoint-store.ts";
import type { FingerprintReader } from "../ports/fingerprint-reader.ts";
import type { Lock } from "../ports/lock.ts";
import type { Log } from "../ports/log.ts";
import type { Meter } from "../ports/meter.ts";
import type { Source } from "../ports/source.ts";
import type { Target } from "../ports/target.ts";
import { type GlueConnectionConfig, proxyEnvironment } from "./glue-connection.ts";
import { choosePipeline, type Config } from "./load.ts";
import type { Pipeline } from "./pipeline.ts";
import { openRunListener } from "./run-listener.ts";
import { schemeOf, settingsOf } from "./settings.ts";
import { systemClock, systemRandom, thisProcess } from "./system.ts";

export interface AssembleOptions {
  readonly log: Log;
  /**
   * This process goes on after the run, and runs again with the same parts: what a run starts stays for the next one, where it would otherwise
   * be given back as soon as it has nothing to do. Threads that compiled their code already find changes in about four fifths of the time.
   */
  readonly stays?: boolean;
}

/** Wired parts; disposing of them closes source and target, and ends their threads. */
export type Assembled = Parts & AsyncDisposable;

/**
 * Wires up a pipeline of a configuration: the only one, or the one named. This is the one place where configuration becomes connectors
 * and stores. Each is loaded only here and only when it is used, because some take longer to load than most commands to run.
 */
export async function assemble(config: Config, name: string | undefined, { log, stays = false }: AssembleOptions): Promise<Assembled> {
  const pipeline = choosePipeline(config, name);
  const [{ createMeter }, { toldMeter }, { openSpool }, store] = await Promise.all([
    import("../wrappers/meter.ts"),
    import("../wrappers/told-meter.ts"),
    import("../stores/spool/index.ts"),
    openStore(pipeline, { log }),
  ]);
  const meters = { source: toldMeter(createMeter(), "source", log), target: toldMeter(createMeter(), "target", log) };
  await using opened = new AsyncDisposableStack();
  const { source, mapping, threads, fingerprints } = await openSource(pipeline, meters.source, { log, stays });
  opened.use(threads);
  opened.defer(() => source.close());
  const target = await openTarget(pipeline, meters.target);
  opened.defer(() => target.close());
  const [kept, listener] = [opened.move(), await openRunListener(pipeline, target)];
  const settings = settingsOf(pipeline, mapping);
  return {
    pipeline: pipeline.name,
    source,
    target,
    store,
    openSpool: () => openSpool(),
    ...(fingerprints === undefined ? {} : { fingerprints }),
    clock: systemClock,
    random: systemRandom,
    log,
    ...(listener === null ? {} : { listener }),
    meters,
    settings,
    upkeep: await openUpkeep(pipeline),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

/** Where a pipeline's backups lie, and how its state is kept safe and small. Opening creates nothing. */
export async function openUpkeep({ name, checkpoint_management: settings }: Pipeline): Promise<Upkeep> {
  const { folderShelf } = await import("../stores/backups/index.ts");
  return {
    shelf: folderShelf({ folder: join(settings.path, name, "backup"), compress: settings.compression_enabled }),
    backup_enabled: settings.backup_enabled,
    retention_days: settings.backup_retention_days,
    cleanup_interval_hours: settings.cleanup_interval_hours,
  };
}

interface StoreOptions {
  readonly log?: Log;
  /** Keeps other runs out of the folder, in the place of its kernel lock. */
  readonly lock?: Lock;
}

/** The store of a pipeline's state, for those who need neither its source nor its target. Opening it creates nothing. */
export async function openStore(pipeline: Pipeline, options: StoreOptions = {}): Promise<CheckpointStore> {
  const store = await openStoreItself(pipeline, options);
  const { memory_cache_enabled, storage_type } = pipeline.checkpoint_management;
  // The json store holds all of its checkpoints in memory.
  if (!memory_cache_enabled || storage_type === "json") return store;
  return (await import("../wrappers/cached-store.ts")).cachedStore(store);
}

async function openStoreItself(pipeline: Pipeline, { log, lock }: StoreOptions): Promise<CheckpointStore> {
  const { name, checkpoint_management } = pipeline;
  if (checkpoint_management.storage_type === "postgres") return await (await import("./open-postgres.ts")).openPostgres(pipeline);
  const folder = join(checkpoint_management.path, name);
  await refuseFileInPlaceOf(folder);
  const { kernelLock } = await import("../stores/lock/index.ts");
  const common = { folder, lock: lock ?? kernelLock(folder), holder: () => thisProcess(systemClock) };
  if (checkpoint_management.storage_type === "json") {
    const [{ JsonStore }, { nodeFileSystem }] = await Promise.all([import("../stores/json/index.ts"), import("../stores/files/index.ts")]);
    return new JsonStore({ ...common, files: nodeFileSystem, warn: (message) => log?.event({ kind: "problem", message }) });
  }
  const { SqliteStore } = await import("../stores/sqlite/index.ts");
  return new SqliteStore({ ...common, compress: checkpoint_management.compression_enabled });
}

/**
 * The store that a pipeline's state is moved to. Two stores of files share the folder, and with it the lock, which the move holds for the
 * one that it reads: the other takes none.
 */
export async function openStoreToMoveTo(pipeline: Pipeline, storage_type: "sqlite" | "json" | "postgres"): Promise<CheckpointStore> {
  const { checkpoint_management } = pipeline;
  const isShared = checkpoint_management.storage_type !== "postgres" && storage_type !== "postgres";
  const moved = { ...pipeline, checkpoint_management: { ...checkpoint_management, storage_type } };
  return await openStore(moved, isShared ? { lock: HELD } : {});
}

const HELD: Lock = { acquire: async () => ({ ok: true, release: async () => undefined }) };

/** What is no folder, but stands where one belongs, must not pass for a state that is not there yet. */
async function refuseFileInPlaceOf(folder: string): Promise<void> {
  try {
    if ((await stat(folder)).isDirectory()) return;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOTDIR") return;
  }
  throw new TidemarkError("state_unwritable", `The state belongs into the folder ${folder}, but a file stands in its way.`, {
    remedy: "Move the file away, or give another folder as `checkpoint_management.path`.",
  });
}

interface OpenedSource {
  readonly source: Source;
  /** Version of the mapping from its definitions to assets. */
  readonly mapping: number;
  /** Where reading is computing, and threads share it. */
  readonly threads?: AsyncDisposable;
  readonly fingerprints?: FingerprintReader;
}

async function openSource(pipeline: Pipeline, meter: Meter, { log, stays }: Required<AssembleOptions>): Promise<OpenedSource> {
  const { source, owners, stewards, tags } = pipeline;
  switch (source.type) {
    case "csn": {
      const [{ createCsnSource, MAPPING_VERSION }, { ExportThreads }] = await Promise.all([
        import("../connectors/csn/index.ts"),
        import("./export-threads.ts"),
      ]);
      const { path, space } = source;
      const options = { path, ...(space === undefined ? {} : { space }), owners, stewards, tags, meter };
      const threads = new ExportThreads({ source: options, scheme: schemeOf(pipeline, MAPPING_VERSION), stay: stays });
      const created = createCsnSource(options, threads);
      return { source: created, mapping: MAPPING_VERSION, threads, fingerprints: threads.fingerprints(created) };
    }
    case "datasphere": {
      const [{ openDatasphere }, { MAPPING_VERSION }] = await Promise.all([
        import("./open-datasphere.ts"),
        import("../connectors/datasphere/index.ts"),
      ]);
      return { source: await openDatasphere(source, pipeline, meter, log), mapping: MAPPING_VERSION };
    }
    case "glue": {
      const { createGlueSource, SOURCE_MAPPING_VERSION } = await import("../connectors/glue/index.ts");
      const { type: _type, proxy: _proxy, ...options } = source;
      return {
        source: createGlueSource({ ...options, owners, stewards, tags, ...(await glueWires(source, meter, PARALLEL_READS)) }),
        mapping: SOURCE_MAPPING_VERSION,
      };
    }
  }
}

async function openTarget({ name, source, target, conflicts, sync_strategies }: Pipeline, meter: Meter): Promise<Target> {
  switch (target.type) {
    case "glue": {
      const { createGlueTarget } = await import("../connectors/glue/index.ts");
      const { type: _type, proxy: _proxy, ...options } = target;
      const maxSockets = Math.max(sync_strategies.max_parallel_jobs, 1);
      return createGlueTarget({
        ...options,
        policyFor: mergePolicies(conflicts.overrides, conflicts),
        ...(await glueWires(target, meter, maxSockets)),
      });
    }
    case "csn": {
      const [{ createCsnTarget }, { nodeFileSystem }] = await Promise.all([
        import("../connectors/csn/index.ts"),
        import("../stores/files/index.ts"),
      ]);
      if (source.type === "csn" && overlaps(source.path, target.path))
        throw new TidemarkError(
          "config_invalid",
          `Pipeline ${name} would write into the folder that it reads: ${source.path} and ${target.path}.`,
          {
            remedy: "Give source and target folders of their own, neither inside the other.",
          },
        );
      return createCsnTarget({ path: target.path, files: nodeFileSystem, meter, policyFor: mergePolicies(conflicts.overrides, conflicts) });
    }
    case "changefeed": {
      const { changefeedTarget } = await import("../connectors/changefeed/target.ts");
      return changefeedTarget({ path: target.path, meter });
    }
  }
}

/** True where one folder is the other or lies inside it. */
function overlaps(a: string, b: string): boolean {
  return [relative(a, b), relative(b, a)].some((path) => path.split(sep)[0] !== ".." && !isAbsolute(path));
}

/** More than the source reads at a time. */
const PARALLEL_READS = 10;

/** What a Glue catalog is called through, as source and as target. */
export async function glueWires(
  connection: GlueConnectionConfig,
  meter: Meter,
  maxSockets: number,
): Promise<Pick<GlueSourceOptions, "agents" | "limiter" | "clock" | "random">> {
  const [{ meteredAgents }, { createRateLimiter }] = await Promise.all([
    import("../wrappers/metered-agent.ts"),
    import("../wrappers/rate-limiter.ts"),
  ]);
  return {
    agents: meteredAgents(meter, { maxSockets, proxy: proxyEnvironment(connection, process.env), clock: systemClock }),
    limiter: createRateLimiter({ clock: systemClock }),
    clock: systemClock,
    random: systemRandom,
  };
}
