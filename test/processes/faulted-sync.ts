import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assemble, type Assembled } from "../../src/config/assemble.ts";
import { loadConfig } from "../../src/config/load.ts";
import { sync } from "../../src/engine/sync.ts";
import { TidemarkError } from "../../src/model/errors.ts";
import type { RunReport } from "../../src/model/report.ts";
import { startGlueSandbox } from "../../src/sandbox/glue/start-glue-sandbox.ts";
import { differencesAtRest } from "./differences-at-rest.ts";
import type { FaultMode, FaultShim } from "./fault-shim.ts";

/**
 * A sync that makes the state; one that changes, adds and deletes in a state that is there; the same where the state's journal is gone,
 * so that a new copy and a new journal take the place of the old; the same where the state is destroyed, so that it falls back.
 */
export const OCCASIONS = ["first", "second", "renewing", "falling back"] as const;

export type Occasion = (typeof OCCASIONS)[number];

export interface Fault {
  readonly occasion: Occasion;
  /** Number of the call below the state's folder at which it happens. */
  readonly at: number;
  readonly mode: FaultMode;
}

/** What one sync with one fault came to. */
export interface FaultedSync {
  /** Names of the calls below the state's folder, in their order. */
  readonly calls: readonly string[];
  /** Null for a process that was killed. */
  readonly code: number | null;
  /** What is not as promised; empty for nothing. */
  readonly findings: readonly string[];
}

/** Hundreds of starts share what Node made of the sources. */
const NODE_COMPILE_CACHE = join(import.meta.dirname, "../../node_modules/.cache/node");

/** Five assets, and what became of them before the second sync. */
const DEFINITIONS = {
  first: { A: "cds.Integer", B: "cds.Integer", C: "cds.Date", D: "cds.Boolean", E: "cds.Integer" },
  second: { A: "cds.Integer64", B: "cds.Integer", C: "cds.Timestamp", D: "cds.Boolean", F: "cds.Integer" },
} as const;
const ASSETS = 5;

/**
 * Runs the real command line with a fault at one of the calls that write its state, then runs undisturbed. The state must be whole at
 * once, a run that said it went well must have left the new one, at most two runs may write after it, and every table must tell its asset.
 */
export async function faultedSync(shim: FaultShim, main: string, { occasion, at, mode }: Fault): Promise<FaultedSync> {
  await using sandbox = await startGlueSandbox();
  const folder = await mkdtemp(join(tmpdir(), "tidemark-faulted-"));
  const findings: string[] = [];
  try {
    const open = await aPipeline(folder, sandbox.url);
    if (occasion !== "first") {
      await writeExports(folder, "first");
      await syncOnce(open);
    }
    await writeExports(folder, occasion === "first" ? "first" : "second");
    const state = join(folder, "checkpoints", "p");
    if (occasion === "renewing") await rm(join(state, "journal.ndjson"));
    if (occasion === "falling back") await writeFile(join(state, "state.db"), "destroyed");
    const log = join(folder, "calls");
    const { code, stderr } = await runFaulted(main, folder, {
      LD_PRELOAD: shim.path,
      FAULT_FOLDER: join(folder, "checkpoints"),
      FAULT_LOG: log,
      FAULT_AT: String(at),
      FAULT_MODE: mode,
    });
    if (![0, 3, 7, 9, null].includes(code)) findings.push(`the run exited ${code}: ${stderr}`);
    findings.push(...(await wholeness(open, code, occasion)));
    // The first run on a state that fell back deletes nothing.
    for (const run of occasion === "falling back" ? [1, 2, 3] : [1, 2]) {
      const { status, problems } = await syncOnce(open);
      if (status !== "succeeded") findings.push(`undisturbed run ${run} ${status}: ${JSON.stringify(problems)}`);
    }
    const before = sandbox.counts().writes;
    await syncOnce(open);
    if (sandbox.counts().writes !== before) findings.push(`a run at rest made ${sandbox.counts().writes - before} writes`);
    await using parts = await open();
    findings.push(...(await differencesAtRest(parts, ASSETS)));
    const calls = (await readFile(log, "utf8").catch(() => ""))
      .trim()
      .split("\n")
      .filter((name) => name !== "");
    return { calls, code, findings };
  } catch (error) {
    return {
      calls: [],
      code: null,
      findings: [...findings, `an undisturbed run threw: ${error instanceof Error ? error.message : String(error)}`],
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function aPipeline(folder: string, endpoint: string): Promise<() => Promise<Assembled>> {
  const file = join(folder, "tidemark.json");
  const target = { type: "glue", region: "eu-central-1", endpoint };
  await writeFile(
    file,
    JSON.stringify({
      pipelines: [{ name: "p", source: { type: "csn", path: "./exports", space: "SALES" }, target }],
      checkpoint_management: { path: "./checkpoints" },
    }),
  );
  const config = await loadConfig({ file, cwd: folder, env: {} });
  return () => assemble(config, undefined, { log: { event: () => undefined } });
}

async function writeExports(folder: string, occasion: keyof typeof DEFINITIONS): Promise<void> {
  const definitions = Object.fromEntries(
    Object.entries(DEFINITIONS[occasion]).map(([name, type]) => [name, { kind: "entity", elements: { ID: { type } } }]),
  );
  await mkdir(join(folder, "exports"), { recursive: true });
  await writeFile(join(folder, "exports", "all.json"), JSON.stringify({ definitions }));
}

async function syncOnce(open: () => Promise<Assembled>): Promise<RunReport> {
  await using parts = await open();
  return await sync(parts, { signal: AbortSignal.timeout(60_000) });
}

/** What is wrong with the state right after the fault: torn, or older than what the run said. */
async function wholeness(open: () => Promise<Assembled>, code: number | null, occasion: Occasion): Promise<readonly string[]> {
  await using parts = await open();
  try {
    const found = (await parts.store.verify?.()) ?? null;
    await using reader = await parts.store.reader();
    const head = await reader.head();
    // That the journal is gone is where the occasion begins.
    const isKnown = (problem: string): boolean => occasion === "renewing" && code !== 0 && problem.includes("could not fall back on");
    const findings = (found?.problems ?? []).filter((problem) => !isKnown(problem));
    const generation = occasion === "first" ? 1 : 2;
    if (code === 0 && (head?.generation !== generation || !head.clean))
      findings.push(`the run said that it went well, and the state is at generation ${head?.generation}`);
    if (occasion !== "first" && head === null) findings.push("the state is gone");
    return findings;
  } catch (error) {
    if (error instanceof TidemarkError && error.code === "state_damaged" && occasion === "falling back" && code !== 0) return [];
    if (error instanceof TidemarkError) return [`the state is ${error.code}: ${error.message}`];
    throw error;
  }
}

function runFaulted(
  main: string,
  cwd: string,
  env: Readonly<Record<string, string>>,
): Promise<{ readonly code: number | null; readonly stderr: string }> {
  const child = spawn(process.execPath, [main, "sync", "--quiet"], {
    cwd,
    env: { ...process.env, NODE_OPTIONS: undefined, NODE_COMPILE_CACHE, ...env },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stderr }));
  });
}
