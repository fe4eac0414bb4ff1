import type { Glue } from "@aws-sdk/client-glue";
import { onTestFinished } from "vitest";
import { systemClock, systemRandom } from "../../src/config/system.ts";
import type { GlueTargetOptions } from "../../src/connectors/glue/index.ts";
import { createMemorySource, MemoryTenant } from "../../src/connectors/memory/memory-source.ts";
import { REFERENCE_SCHEME } from "../../src/detect/scheme.ts";
import type { Parts, RunOptions, Settings } from "../../src/engine/parts.ts";
import { preview } from "../../src/engine/preview.ts";
import { sync } from "../../src/engine/sync.ts";
import { verify, type DriftSummary } from "../../src/engine/verify.ts";
import type { Drift } from "../../src/model/outcome.ts";
import type { PlanRecord } from "../../src/model/plan.ts";
import type { RunReport } from "../../src/model/report.ts";
import type { GlueSandbox, GlueSandboxOptions } from "../../src/sandbox/glue/start-glue-sandbox.ts";
import { createMemoryStore } from "../../src/stores/memory/index.ts";
import { openSpool } from "../../src/stores/spool/index.ts";
import { createMeter } from "../../src/wrappers/meter.ts";
import { glueTargetAt } from "./glue-harness.ts";
import { aGlueSandbox } from "./sandbox-glue.ts";

/** A pipeline from a tenant in memory to a sandbox Glue, with its state in memory. Every call is a process of its own, as far as the target knows. */
export interface GluePipeline {
  readonly tenant: MemoryTenant;
  readonly sandbox: GlueSandbox;
  /** A person's client. */
  readonly glue: Glue;
  sync(options?: Partial<RunOptions>): Promise<RunReport>;
  plan(options?: Partial<RunOptions>): Promise<readonly PlanRecord[]>;
  verify(): Promise<{ readonly summary: DriftSummary; readonly drift: readonly Drift[] }>;
  /** Its parts, for one call of the engine. */
  using<T>(work: (parts: Parts) => Promise<T>): Promise<T>;
}

export interface GluePipelineOptions {
  readonly sandbox?: GlueSandboxOptions;
  readonly settings?: Partial<Settings>;
  readonly target?: Partial<GlueTargetOptions>;
}

const SETTINGS: Settings = {
  scheme: REFERENCE_SCHEME,
  full_sync_threshold: 1.1,
  delta_sync_enabled: true,
  metadata_only_threshold: 0.1,
  batch_size: 100,
  max_parallel_jobs: 8,
  retry: { attempts: 5, base_ms: 5, max_ms: 50 },
  deletion: { floor: 5, share: 0.1, grace_runs: 0 },
  renames: "show",
  comparable: "test",
};

export async function aGluePipeline({
  sandbox: started = {},
  settings = {},
  target: options = {},
}: GluePipelineOptions = {}): Promise<GluePipeline> {
  const { sandbox, glue } = await aGlueSandbox(started);
  const tenant = new MemoryTenant();
  const store = createMemoryStore({ pipeline: "sales" });
  // As long as the longest campaign.
  const signal = AbortSignal.timeout(3_600_000);
  async function using<T>(work: (parts: Parts) => Promise<T>): Promise<T> {
    const target = glueTargetAt(sandbox.url, { database_prefix: "dsp_", ...options });
    try {
      return await work({
        pipeline: "sales",
        source: createMemorySource({ tenant }),
        target,
        store,
        openSpool: () => openSpool(),
        clock: systemClock,
        random: systemRandom,
        log: { event: () => undefined },
        meters: { source: createMeter(), target: createMeter() },
        settings: { ...SETTINGS, ...settings },
      });
    } finally {
      await target.close();
    }
  }
  onTestFinished(() => sandbox.clearFaults());
  return {
    tenant,
    sandbox,
    glue,
    using,
    sync: (more) => using((parts) => sync(parts, { signal, ...more })),
    plan: (more) =>
      using(async (parts) => {
        await using plan = await preview(parts, { signal, ...more });
        return (await Array.fromAsync(plan.records())).flat();
      }),
    verify: () =>
      using(async (parts) => {
        await using found = await verify(parts, { signal });
        return { summary: found.summary, drift: (await Array.fromAsync(found.drift())).flat() };
      }),
  };
}
