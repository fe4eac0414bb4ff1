import { createGlueTarget } from "../../src/connectors/glue/index.ts";
import { createDatasphereSource } from "../../src/connectors/datasphere/index.ts";
import { systemRandom } from "../../src/config/system.ts";
import { REFERENCE_SCHEME } from "../../src/detect/scheme.ts";
import type { Parts, Settings } from "../../src/engine/parts.ts";
import { sync } from "../../src/engine/sync.ts";
import type { AssetType } from "../../src/model/asset.ts";
import type { RunReport } from "../../src/model/report.ts";
import { type Profile, startDatasphereSandbox, type TenantEdit } from "../../src/sandbox/datasphere/start-datasphere-sandbox.ts";
import { startGlueSandbox } from "../../src/sandbox/glue/start-glue-sandbox.ts";
import { createMemoryStore } from "../../src/stores/memory/index.ts";
import { openSpool } from "../../src/stores/spool/index.ts";
import { createMeter } from "../../src/wrappers/meter.ts";
import { meteredAgents } from "../../src/wrappers/metered-agent.ts";
import { createMinuteBudget } from "../../src/wrappers/minute-budget.ts";
import { createRateLimiter } from "../../src/wrappers/rate-limiter.ts";
import { ForwardClock } from "../helpers/forward-clock.ts";
import { tenantOptions } from "../helpers/tenant-source.ts";

/** What people did before a run, and how the run went about it. */
export interface Act {
  readonly act: string;
  readonly edits: readonly TenantEdit[];
  /** Everything is read and written, whatever is known. */
  readonly full?: boolean;
}

/** What lies between the two ends. */
export interface Wire {
  /** What the tenant lets through in a minute; null for no limit. */
  readonly requestsPerMinute?: number | null;
  /** The round trip to either end, in real time. */
  readonly latencyMs?: number;
}

/** What one run cost, measured at the sockets; its time by a simulated clock. */
export interface RunCost {
  readonly act: string;
  readonly changed: number;
  /** Objects that were read in the source, and those of them that nobody had edited. */
  readonly reads: number;
  readonly unchanged_reads: number;
  /** Flows that were read for what fills the tables. */
  readonly flow_reads: number;
  readonly throttled: number;
  readonly requests: { readonly source: number; readonly target: number; readonly all: number };
  readonly bytes: { readonly source: number; readonly target: number; readonly all: number };
  readonly simulated_seconds: number;
  /** The least that a run can cost: a login, one page for each list that has no more rows, and a read and a write of what changed. */
  readonly bound: {
    readonly requests: number;
    readonly ratio: number;
    /** The lists that tell what changed, and of what changed as many bytes as a read and a write of this run take on average. */
    readonly bytes: number;
    readonly bytes_ratio: number;
  };
}

export const FIRST_SYNC: Act = { act: "first sync", edits: [] };

const ACTS: readonly Act[] = [
  FIRST_SYNC,
  { act: "10 % changed", edits: [{ edit: "random", does: "change", percent: 10 }] },
  { act: "5 % metadata only", edits: [{ edit: "random", does: "change", percent: 5, kinds: ["metadata"], seed: 2 }] },
  { act: "nothing changed", edits: [] },
];

const HOUR = 3_600_000;
const LARGEST_PAGE = 200;
const SETTINGS: Settings = {
  scheme: REFERENCE_SCHEME,
  full_sync_threshold: 1.1,
  delta_sync_enabled: true,
  metadata_only_threshold: 0.1,
  batch_size: 100,
  max_parallel_jobs: 8,
  retry: { attempts: 5, base_ms: 200, max_ms: 20_000 },
  deletion: { floor: 5, share: 0.1, grace_runs: 0 },
  renames: "show",
  comparable: "cost",
};

/**
 * Syncs a sandbox tenant that offers so much, at 300 requests a minute, into a sandbox Glue: all of it, then what changed. The runs are
 * an hour apart, by a clock that jumps over every pause.
 */
export async function costsOf(
  profile: Profile,
  assets: number,
  acts: readonly Act[] = ACTS,
  { requestsPerMinute = 300, latencyMs = 0 }: Wire = {},
): Promise<readonly RunCost[]> {
  const clock = new ForwardClock();
  await using tenant = await startDatasphereSandbox({ assets, profile, clock, requestsPerMinute, latencyMs });
  await using glue = await startGlueSandbox({ latencyMs });
  const store = createMemoryStore({ pipeline: "cost" });
  const costs: RunCost[] = [];
  for (const { act, edits, full = false } of acts) {
    clock.pass(HOUR);
    const edited = new Set(tenant.edit(...edits).map(({ space, name }) => `${space}.${name}`));
    clock.pass(HOUR);
    tenant.reset({ counts: true });
    const report = await syncOnce(tenant, glue.url, clock, store, { full, perMinute: requestsPerMinute ?? 1_000_000 });
    if (report.status !== "succeeded") throw new Error(`The run "${act}" ended as ${report.status}: ${report.problems[0]?.message}`);
    const { operations, throttled } = tenant.counts();
    // The log reaches back far enough for what a test syncs; of more it tells the last.
    const log = tenant.requests(10_000).filter(({ operation }) => operation === "read_object");
    const read = log.filter(({ url }) => !FLOWS.test(url));
    const flow_reads = log.length - read.length;
    const reads = (operations["read_object"]?.calls ?? 0) - flow_reads;
    const changed = act === FIRST_SYNC.act ? report.summary.created : full ? report.summary.assets : edited.size;
    const unchanged_reads =
      act === FIRST_SYNC.act || full ? reads - changed : read.filter(({ space, name }) => !edited.has(`${space}.${name}`)).length;
    const requests = { ...report.requests, all: report.requests.source + report.requests.target };
    const bytes = {
      source: total(report.bytes.source),
      target: total(report.bytes.target),
      all: total(report.bytes.source) + total(report.bytes.target),
    };
    // Nobody edits flows: after the first sync none has to be read.
    const flows = act === FIRST_SYNC.act ? flow_reads : 0;
    const listing = LOGIN + SPACES + (await listPages(store));
    const bound = listing + flows + changed + (full ? report.summary.assets : writes(report));
    // Heads of HTTP are no part of the sandboxes' counts: each request is taken to have as many as the others.
    const [listed, readBytes] = [
      sumOf(Object.entries(operations).flatMap(([name, one]) => (name === "read_object" ? [] : [one]))),
      sumOf(Object.entries(operations).flatMap(([name, one]) => (name === "read_object" ? [one] : []))),
    ];
    const headShare = (bytes.source - listed.bytes - readBytes.bytes) / Math.max(1, requests.source);
    const written = full ? report.summary.assets : writes(report);
    const leastBytes =
      listed.bytes +
      Math.min(listed.calls, listing) * headShare +
      (reads === 0 ? 0 : (flows + changed) * (readBytes.bytes / (reads + flow_reads) + headShare)) +
      (requests.target === 0 ? 0 : written * (bytes.target / requests.target));
    costs.push({
      act,
      changed,
      reads,
      unchanged_reads,
      flow_reads,
      throttled,
      requests,
      bytes,
      simulated_seconds: Math.round(report.duration_ms / 100) / 10,
      bound: {
        requests: bound,
        ratio: thousandths(requests.all / bound),
        bytes: Math.round(leastBytes),
        bytes_ratio: thousandths(bytes.all / leastBytes),
      },
    });
  }
  return costs;
}

const LOGIN = 1;
const SPACES = 1;
const FLOWS = /\/(dataflows|replicationflows|transformationflows)\//;
// Flows and task chains of a space fit into a page of each of their four types.
const FLOW_LISTS = 4;
const LISTED: readonly AssetType[] = ["table", "remote_table", "view", "analytic_model"];

async function syncOnce(
  tenant: Awaited<ReturnType<typeof startDatasphereSandbox>>,
  endpoint: string,
  clock: ForwardClock,
  store: Parts["store"],
  { full, perMinute }: { readonly full: boolean; readonly perMinute: number },
): Promise<RunReport> {
  const meters = { source: createMeter(), target: createMeter() };
  const agents = { source: meteredAgents(meters.source), target: meteredAgents(meters.target) };
  const budget = createMinuteBudget({ clock, perMinute });
  const source = createDatasphereSource({
    ...tenantOptions(tenant, { agents: agents.source, clock, limiter: budget, timeout_ms: 30_000, retry: SETTINGS.retry }),
  });
  const wires = { agents: agents.target, limiter: createRateLimiter({ clock }), clock, random: systemRandom };
  const target = createGlueTarget({ endpoint, region: "eu-central-1", database_prefix: "dsp_", ...wires });
  try {
    const log = { event: () => undefined };
    const parts: Parts = {
      pipeline: "cost",
      source,
      target,
      store,
      openSpool: () => openSpool(),
      clock,
      random: systemRandom,
      log,
      meters,
      settings: SETTINGS,
    };
    return await sync(parts, { signal: AbortSignal.timeout(3_600_000), full });
  } finally {
    await source.close();
    await target.close();
    agents.source.destroy();
    agents.target.destroy();
  }
}

/** Pages that tell of every asset and flow: of each type in each space at least one. */
async function listPages(store: Parts["store"]): Promise<number> {
  const reader = await store.reader();
  const rows = new Map<string, number>();
  const spaces = new Set<string>();
  for await (const page of reader.checkpoints()) {
    for (const { asset_id, asset_type } of page) {
      const space = asset_id.slice(0, asset_id.indexOf("."));
      spaces.add(space);
      rows.set(`${space} ${asset_type}`, (rows.get(`${space} ${asset_type}`) ?? 0) + 1);
    }
  }
  const lists = [...spaces].flatMap((space) => LISTED.map((type) => rows.get(`${space} ${type}`) ?? 0));
  return lists.reduce((pages, length) => pages + Math.max(1, Math.ceil(length / LARGEST_PAGE)), spaces.size * FLOW_LISTS);
}

function sumOf(counts: readonly { readonly calls: number; readonly bytes_in: number; readonly bytes_out: number }[]): {
  readonly calls: number;
  readonly bytes: number;
} {
  return {
    calls: counts.reduce((sum, { calls }) => sum + calls, 0),
    bytes: counts.reduce((sum, { bytes_in, bytes_out }) => sum + bytes_in + bytes_out, 0),
  };
}

function thousandths(value: number): number {
  return Math.round(value * 1000) / 1000;
}

function writes({ summary }: RunReport): number {
  return summary.created + summary.modified + summary.schema_changed + summary.metadata_changed;
}

function total({ sent, received }: { readonly sent: number; readonly received: number }): number {
  return sent + received;
}
