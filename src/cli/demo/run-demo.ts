import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Config, loadConfig } from "../../config/load.ts";
import { assemble } from "../../config/assemble.ts";
import { sync } from "../../engine/sync.ts";
import { TidemarkError } from "../../model/errors.ts";
import type { RunReport } from "../../model/report.ts";
import { type DatasphereSandbox, startDatasphereSandbox, type TenantEdit } from "../../sandbox/datasphere/start-datasphere-sandbox.ts";
import { startGlueSandbox } from "../../sandbox/glue/start-glue-sandbox.ts";
import type { ProgressLog } from "../progress.ts";
import { temporaryFolder } from "./temporary-folder.ts";

export interface DemoOptions {
  readonly assets: number;
  readonly seed: number;
}

/** What the demo tells while it goes on. */
export interface DemoAudience {
  /** Both sandboxes listen. */
  ready(addresses: DemoAddresses): Promise<void>;
  /** A run begins: the log that its events go to. */
  open(act: Act): Promise<ProgressLog>;
  done(run: DemoRun): Promise<void>;
}

export interface DemoAddresses {
  readonly tenant: string;
  readonly glue: string;
}

/** One act of the demo: what happened to the tenant before its run. */
export interface Act {
  readonly name: "full" | "changed" | "metadata" | "unchanged";
  readonly edits: readonly TenantEdit[];
}

export interface DemoRun {
  readonly act: Act;
  readonly report: RunReport;
}

const ACTS: readonly Act[] = [
  { name: "full", edits: [] },
  { name: "changed", edits: [{ edit: "random", does: "change", percent: 10 }] },
  { name: "metadata", edits: [{ edit: "random", does: "change", percent: 5, kinds: ["metadata"] }] },
  { name: "unchanged", edits: [] },
];

const HOUR = 3_600_000;

/**
 * Syncs a sandbox tenant into a sandbox Glue four times: all of it, then a tenth changed, then business metadata alone, then nothing.
 * Everything is what a user would have: two endpoints that speak the real protocols, and a configuration file. The tenant tells times
 * of change, has no rate limit, and is an hour later at each act.
 */
export async function runDemo(options: DemoOptions, audience: DemoAudience, signal: AbortSignal): Promise<readonly DemoRun[]> {
  await using folder = await temporaryFolder("tidemark-demo-");
  let hours = 0;
  const clock = { now: () => Date.now() + hours * HOUR };
  await using tenant = await startDatasphereSandbox({ ...options, clock, requestsPerMinute: null, profile: "tokens" });
  await using glue = await startGlueSandbox();
  const file = join(folder.path, "tidemark.json");
  await writeFile(file, JSON.stringify(configFor(tenant, glue.url)));
  const config = await loadConfig({ file, cwd: folder.path, env: { DSP_CLIENT_SECRET: tenant.clientSecret } });
  await audience.ready({ tenant: tenant.url, glue: glue.url });
  const runs: DemoRun[] = [];
  for (const act of ACTS) {
    signal.throwIfAborted();
    tenant.edit(...act.edits);
    hours++;
    const report = await syncOnce(config, act, audience, signal);
    const run = { act, report };
    runs.push(run);
    await audience.done(run);
  }
  return runs;
}

async function syncOnce(config: Config, act: Act, audience: DemoAudience, signal: AbortSignal): Promise<RunReport> {
  await using log = await audience.open(act);
  await using parts = await assemble(config, undefined, { log });
  const report = await sync(parts, { signal });
  signal.throwIfAborted();
  if (report.status !== "succeeded") throw unexpected(act, report);
  return report;
}

function configFor({ url, clientId }: DatasphereSandbox, endpoint: string): object {
  const auth = { client_id: clientId, client_secret: "${DSP_CLIENT_SECRET}" };
  return {
    pipelines: [
      {
        name: "demo",
        source: { type: "datasphere", url, auth, requests_per_minute: 100_000 },
        target: { type: "glue", region: "eu-central-1", endpoint, database_prefix: "dsp_" },
      },
    ],
    checkpoint_management: { storage_type: "sqlite", path: "./checkpoints" },
  };
}

function unexpected(act: Act, { status, problems }: RunReport): TidemarkError {
  const [first] = problems;
  return new TidemarkError(
    "internal",
    `The demo's run "${act.name}" ended as ${status}${first === undefined ? "" : `: ${first.message}`}`,
    {
      remedy: "This is a defect in Tidemark: the demo meets nothing but its own sample. Please report it.",
    },
  );
}
