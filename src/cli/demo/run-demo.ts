import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Config, loadConfig } from "../../config/load.ts";
import { assemble } from "../../config/assemble.ts";
import { sync } from "../../engine/sync.ts";
import { TidemarkError } from "../../model/errors.ts";
import type { RunReport } from "../../model/report.ts";
import { startGlueSandbox } from "../../sandbox/glue/start-glue-sandbox.ts";
import { EDITS } from "../../sandbox/tenant/edits.ts";
import { BUSINESS_EDITS } from "../../sandbox/tenant/edits/metadata.ts";
import type { Round } from "../../sandbox/tenant/tenant.ts";
import { type Written, writeTenant } from "../../sandbox/tenant/write-tenant.ts";
import type { ProgressLog } from "../progress.ts";
import { temporaryFolder } from "./temporary-folder.ts";

export interface DemoOptions {
  readonly assets: number;
  readonly seed: number;
}

/** What the demo tells while it goes on. */
export interface DemoAudience {
  /** The sample tenant stands, and the sandbox listens. */
  ready(written: Written, endpoint: string): Promise<void>;
  /** A run begins: the log that its events go to. */
  open(act: Act): Promise<ProgressLog>;
  done(run: DemoRun): Promise<void>;
}

/** One act of the demo: what happened to the tenant before its run. */
export interface Act {
  readonly name: "full" | "changed" | "metadata" | "unchanged";
  /** What share of the assets changed. */
  readonly share: number;
  readonly rounds: readonly Round[];
}

export interface DemoRun {
  readonly act: Act;
  readonly report: RunReport;
}

const REAL_EDITS = EDITS.filter(({ facets }) => facets.length > 0);
const FIRST: Round = { share: 0.1, edits: REAL_EDITS };
const SECOND: Round = { share: 0.05, edits: BUSINESS_EDITS };

const ACTS: readonly Act[] = [
  { name: "full", share: 1, rounds: [] },
  { name: "changed", share: FIRST.share, rounds: [FIRST] },
  { name: "metadata", share: SECOND.share, rounds: [FIRST, SECOND] },
  { name: "unchanged", share: 0, rounds: [FIRST, SECOND] },
];

/**
 * Syncs a sample tenant into a sandbox four times: all of it, then a tenth changed, then business metadata alone, then nothing but the
 * editor's noise of an export made anew. Everything is what a user would have: a folder of exports, a configuration file, an endpoint.
 */
export async function runDemo(options: DemoOptions, audience: DemoAudience, signal: AbortSignal): Promise<readonly DemoRun[]> {
  await using folder = await temporaryFolder("tidemark-demo-");
  await using sandbox = await startGlueSandbox();
  const file = join(folder.path, "tidemark.json");
  await writeFile(file, JSON.stringify(configFor(sandbox.url)));
  const config = await loadConfig({ file, cwd: folder.path, env: {} });
  const runs: DemoRun[] = [];
  for (const act of ACTS) {
    const exported = act.name === "unchanged" ? 1 : 0;
    const written = await writeTenant(join(folder.path, "exports"), { ...options, rounds: act.rounds, export: exported, signal });
    if (act.name === "full") await audience.ready(written, sandbox.url);
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

function configFor(endpoint: string): object {
  return {
    pipelines: [
      {
        name: "demo",
        source: { type: "csn", path: "./exports" },
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
