import { systemClock, systemRandom } from "../../src/config/system.ts";
import { createMemoryTarget, type MemoryCatalog } from "../../src/connectors/memory/index.ts";
import { createDatasphereSource } from "../../src/connectors/datasphere/index.ts";
import type { TenantScope } from "../../src/connectors/datasphere/scope.ts";
import { REFERENCE_SCHEME } from "../../src/detect/scheme.ts";
import type { Parts, RunOptions, Settings } from "../../src/engine/parts.ts";
import { sync } from "../../src/engine/sync.ts";
import type { AssetId } from "../../src/model/asset.ts";
import type { Checkpoint } from "../../src/model/checkpoint.ts";
import type { JsonObject } from "../../src/model/json.ts";
import type { RunReport } from "../../src/model/report.ts";
import type { RateLimiter } from "../../src/ports/rate-limiter.ts";
import type { Target } from "../../src/ports/target.ts";
import {
  type DatasphereSandbox,
  type DatasphereSandboxOptions,
  startDatasphereSandbox,
} from "../../src/sandbox/datasphere/start-datasphere-sandbox.ts";
import { createMemoryStore } from "../../src/stores/memory/index.ts";
import { openMemorySpool } from "../../src/stores/spool/memory-spool.ts";
import { createMeter } from "../../src/wrappers/meter.ts";
import { tenantOptions, WHOLE_TENANT } from "./tenant-source.ts";

/** A pipeline from a sandbox tenant, with its state in memory. Every run is a process of its own, as far as the tenant knows. */
export interface TenantPipeline extends AsyncDisposable {
  readonly tenant: DatasphereSandbox;
  sync(options?: Partial<RunOptions>, changed?: Changed): Promise<RunReport>;
  checkpoints(): Promise<readonly Checkpoint[]>;
  /** Begins anew with another state and another target. */
  forget(target: () => Target): void;
}

/** What is different from one run on. */
export interface Changed {
  readonly scope?: Partial<TenantScope>;
  readonly flows?: boolean;
  readonly settings?: Partial<Settings>;
}

export interface TenantPipelineOptions extends Changed {
  readonly tenant?: DatasphereSandboxOptions;
  readonly target: () => Target;
  /** How long a request may hang. */
  readonly timeout_ms?: number;
}

/** A tenant without a rate limit, with two spaces and one asset unless told otherwise, and a pipeline that reads it. */
export async function openTenantPipeline(options: TenantPipelineOptions): Promise<TenantPipeline> {
  const tenant = await startDatasphereSandbox({ assets: 1, requestsPerMinute: null, spaces: ["SALES", "HR"], ...options.tenant });
  let store = createMemoryStore({ pipeline: "sales" });
  let openTarget = options.target;
  // Long enough for a machine that is busy with other tests.
  const parts = tenantOptions(tenant, { timeout_ms: options.timeout_ms ?? 2_000, limiter: NO_LIMIT, concurrency: 4 });
  return {
    tenant,
    async sync(more = {}, changed = {}) {
      const target = openTarget();
      const scope = { ...WHOLE_TENANT, ...options.scope, ...changed.scope };
      const source = createDatasphereSource({ ...parts, scope, flows: changed.flows ?? options.flows ?? true });
      try {
        const whole: Parts = {
          pipeline: "sales",
          source,
          target,
          store,
          openSpool: () => openMemorySpool(),
          clock: systemClock,
          random: systemRandom,
          log: { event: () => undefined },
          meters: { source: createMeter(), target: createMeter() },
          settings: { ...SETTINGS, ...options.settings, ...changed.settings },
        };
        return await sync(whole, { signal: AbortSignal.timeout(600_000), ...more });
      } finally {
        await source.close();
        await target.close();
      }
    },
    async checkpoints() {
      await using reader = await store.reader();
      return (await Array.fromAsync(reader.checkpoints())).flat();
    },
    forget(target) {
      store = createMemoryStore({ pipeline: "sales" });
      openTarget = target;
    },
    async [Symbol.asyncDispose]() {
      parts.close();
      await tenant.close();
    },
  };
}

// A budget that learns would make one throttled run slow down all that follow it.
const NO_LIMIT: RateLimiter = { turn: () => Promise.resolve({ accepted: () => undefined, throttled: () => undefined }) };

const SETTINGS: Settings = {
  scheme: REFERENCE_SCHEME,
  full_sync_threshold: 1.1,
  delta_sync_enabled: true,
  metadata_only_threshold: 0.1,
  batch_size: 100,
  max_parallel_jobs: 4,
  retry: { attempts: 3, base_ms: 1, max_ms: 5 },
  deletion: { floor: 5, share: 0.1, grace_runs: 0 },
  renames: "show",
  comparable: "test",
};

/** A definition of a table with these columns, all strings. */
export function aTable(columns: readonly string[] = ["ID", "TEXT"], more: JsonObject = {}): JsonObject {
  return {
    kind: "entity",
    "@EndUserText.label": "A table",
    ...more,
    elements: Object.fromEntries(
      columns.map((name) => [name, { type: "cds.String", length: 10, ...(name === "ID" ? { key: true, notNull: true } : {}) }]),
    ),
  };
}

/** The assets that stand in a catalog in memory. */
export function assetsIn(catalog: MemoryCatalog): readonly AssetId[] {
  return catalog
    .places()
    .flatMap((place) => catalog.read(place)?.table.asset?.id ?? [])
    .toSorted();
}

export function memoryTarget(catalog: MemoryCatalog): () => Target {
  return () => createMemoryTarget({ catalog });
}
