import { createMemorySource, createMemoryTarget, MemoryCatalog, MemoryTenant } from "../../src/connectors/memory/index.ts";
import { REFERENCE_SCHEME } from "../../src/detect/scheme.ts";
import type { Parts, Settings } from "../../src/engine/parts.ts";
import { sync } from "../../src/engine/sync.ts";
import type { Asset } from "../../src/model/asset.ts";
import type { Checkpoint } from "../../src/model/checkpoint.ts";
import type { RunReport } from "../../src/model/report.ts";
import type { CheckpointStore } from "../../src/ports/checkpoint-store.ts";
import type { Clock } from "../../src/ports/clock.ts";
import { createMemoryStore, type MemoryStore } from "../../src/stores/memory/index.ts";
import { openMemorySpool } from "../../src/stores/spool/memory-spool.ts";
import { createMeter } from "../../src/wrappers/meter.ts";

/** A pipeline whose source, target and state stand in memory. */
export interface MemoryPipeline {
  readonly tenant: MemoryTenant;
  readonly catalog: MemoryCatalog;
  readonly store: MemoryStore;
  /** Its parts; over another store where the state was lost. */
  parts(store?: CheckpointStore): Parts;
  sync(store?: CheckpointStore): Promise<RunReport>;
  /** The checkpoints, in the order of their ids. */
  checkpoints(store?: CheckpointStore): Promise<readonly Checkpoint[]>;
}

export const NEVER: AbortSignal = new AbortController().signal;

/** Time stands still, and pauses take none. */
const STILL: Clock = { now: () => 0, monotonic: () => 0, sleep: async () => undefined };

export function aMemoryPipeline(assets: Iterable<Asset>, settings: Partial<Settings> = {}): MemoryPipeline {
  const tenant = new MemoryTenant(assets);
  const catalog = new MemoryCatalog();
  const state = createMemoryStore({ pipeline: "sales" });
  let uuids = 0;
  const parts = (store: CheckpointStore = state): Parts => ({
    pipeline: "sales",
    source: createMemorySource({ tenant }),
    target: createMemoryTarget({ catalog }),
    store,
    openSpool: () => openMemorySpool(),
    clock: STILL,
    random: { uuid: () => `uuid-${uuids++}`, next: () => 0.5 },
    log: { event: () => undefined },
    meters: { source: createMeter(), target: createMeter() },
    settings: { ...SETTINGS, ...settings },
  });
  return {
    tenant,
    catalog,
    store: state,
    parts,
    sync: (store) => sync(parts(store), { signal: NEVER }),
    checkpoints: async (store = state) => {
      await using reader = await store.reader();
      return (await Array.fromAsync(reader.checkpoints())).flat();
    },
  };
}

const SETTINGS: Settings = {
  scheme: REFERENCE_SCHEME,
  full_sync_threshold: 1.1,
  delta_sync_enabled: true,
  metadata_only_threshold: 0.1,
  batch_size: 10,
  max_parallel_jobs: 2,
  retry: { attempts: 2, base_ms: 1, max_ms: 2 },
  deletion: { floor: 5, share: 0.1, grace_runs: 0 },
  renames: "show",
  comparable: "memory",
};
