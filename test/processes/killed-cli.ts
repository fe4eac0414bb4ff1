import { spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assemble } from "../../src/config/assemble.ts";
import { loadConfig } from "../../src/config/load.ts";
import type { JsonObject } from "../../src/model/json.ts";
import { startGlueSandbox } from "../../src/sandbox/glue/start-glue-sandbox.ts";
import { editDefinition, EDITS } from "../../src/sandbox/tenant/edits.ts";
import { Rng } from "../../src/sandbox/tenant/rng.ts";
import { tenant } from "../../src/sandbox/tenant/tenant.ts";
import { differencesAtRest } from "./differences-at-rest.ts";

/** What one life of a real process came to. */
export interface KilledLife {
  /** Runs that the kill reached before they had ended by themselves. */
  readonly kills: number;
  /** What is not as promised; empty for nothing. */
  readonly findings: readonly string[];
}

export interface KilledLifeOptions {
  readonly seed: number;
  readonly assets: number;
  readonly kills: number;
  /** The command line's entry: the sources, or what was built of them. */
  readonly main: string;
  /** `checkpoint_management.storage_type`; default: sqlite. */
  readonly store?: string;
  /** Of the postgres store. */
  readonly url?: string | undefined;
}

/**
 * Edits a folder of exports and runs the real command line against a sandbox Glue, killed with SIGKILL at a random moment, a few times
 * over. Then it runs undisturbed: at most two runs may write, the third must not, and every table must tell its asset.
 */
export async function killedLife({ seed, assets, kills, main, store = "sqlite", url }: KilledLifeOptions): Promise<KilledLife> {
  const rng = new Rng(seed, 9);
  await using sandbox = await startGlueSandbox();
  const folder = await mkdtemp(join(tmpdir(), "tidemark-killed-"));
  const findings: string[] = [];
  let killed = 0;
  try {
    const definitions = new Map(
      [...tenant({ assets, seed, spaces: ["SALES"] })].map(({ name, definition }) => [name, definition] as const),
    );
    const target = { type: "glue", region: "eu-central-1", endpoint: sandbox.url, database_prefix: "dsp_" };
    const file = join(folder, "tidemark.json");
    await writeFile(
      file,
      JSON.stringify({
        pipelines: [{ name: "p", source: { type: "csn", path: "./exports", space: "SALES" }, target }],
        checkpoint_management: { path: "./checkpoints", storage_type: store, ...(url === undefined ? {} : { url }) },
        deletion: { max_count: 1_000 },
      }),
    );
    await write(folder, definitions);
    // The machine says how long a run takes: the kills shall fall all over it, beyond its end included.
    const started = performance.now();
    await runMain(main, folder, null, ["plan"]);
    const typical = performance.now() - started;
    for (let kill = 0; kill < kills; kill++) {
      const { code } = await runMain(main, folder, typical * (0.5 + rng.next()));
      if (code === null) killed++;
      edit(definitions, rng);
      await write(folder, definitions);
    }
    for (const run of [1, 2]) {
      const { code, stderr } = await runMain(main, folder, null);
      if (code !== 0) findings.push(`undisturbed run ${run} exited ${code}: ${stderr}`);
    }
    const before = sandbox.counts().writes;
    await runMain(main, folder, null);
    if (sandbox.counts().writes !== before) findings.push(`the third undisturbed run made ${sandbox.counts().writes - before} writes`);
    const config = await loadConfig({ file, cwd: folder, env: {} });
    await using parts = await assemble(config, undefined, { log: { event: () => undefined } });
    findings.push(...(await differencesAtRest(parts, definitions.size)));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return { kills: killed, findings };
}

function edit(definitions: Map<string, JsonObject>, rng: Rng): void {
  for (const name of rng.shuffle([...definitions.keys()]).slice(0, 3)) {
    const edited = editDefinition(definitions.get(name) as JsonObject, EDITS, rng);
    if (edited !== null) definitions.set(name, edited.definition);
  }
  if (rng.chance(0.5)) definitions.delete(rng.pick([...definitions.keys()]));
}

async function write(folder: string, definitions: ReadonlyMap<string, JsonObject>): Promise<void> {
  await mkdir(join(folder, "exports"), { recursive: true });
  await writeFile(join(folder, "exports", "all.json"), JSON.stringify({ definitions: Object.fromEntries(definitions) }));
}

/** Runs a command; killed after `killAfterMs`, when its code is null. */
function runMain(
  main: string,
  cwd: string,
  killAfterMs: number | null,
  command: readonly string[] = ["sync", "--quiet"],
): Promise<{ readonly code: number | null; readonly stderr: string }> {
  const child = spawn(process.execPath, [main, ...command], { cwd, stdio: ["ignore", "ignore", "pipe"] });
  let stderr = "";
  child.stderr.setEncoding("utf8");
  child.stderr.on("data", (text: string) => (stderr += text));
  const timer = killAfterMs === null ? null : setTimeout(() => child.kill("SIGKILL"), killAfterMs);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      if (timer !== null) clearTimeout(timer);
      resolve({ code, stderr });
    });
  });
}
