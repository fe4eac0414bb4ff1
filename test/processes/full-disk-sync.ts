import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assemble, type Assembled } from "../../src/config/assemble.ts";
import { loadConfig } from "../../src/config/load.ts";
import { sync } from "../../src/engine/sync.ts";
import { TidemarkError } from "../../src/model/errors.ts";
import type { RunReport } from "../../src/model/report.ts";
import { startGlueSandbox } from "../../src/sandbox/glue/start-glue-sandbox.ts";
import { mountSmallDisk } from "../helpers/small-disk.ts";
import { differencesAtRest } from "./differences-at-rest.ts";

/** What syncs on a disk of one size came to. */
export interface FullDiskSync {
  /** The sync that found the disk full: the first, the second; null for none. */
  readonly full: "first" | "second" | null;
  /** What is not as promised; empty for nothing. */
  readonly findings: readonly string[];
}

/** Assets of the first sync, and of all later ones. */
const ASSETS = { first: 5, later: 40 } as const;

/**
 * Syncs with the state on a disk of that many bytes: a few assets, then many. A run that finds it full must say `state_unwritable` and
 * leave the generation before it; once there is room, at most two runs may write, and every table must tell its asset.
 */
export async function fullDiskSync(bytes: number, store = "sqlite"): Promise<FullDiskSync> {
  using disk = mountSmallDisk(bytes);
  if (disk === null) throw new Error("This user may not mount a disk.");
  await using sandbox = await startGlueSandbox();
  const folder = await mkdtemp(join(tmpdir(), "tidemark-full-"));
  const findings: string[] = [];
  let full: FullDiskSync["full"] = null;
  try {
    const open = await aPipeline(folder, { path: join(disk.path, "checkpoints"), storage_type: store }, sandbox.url);
    let generation = 0;
    for (const occasion of ["first", "second"] as const) {
      await writeExports(folder, occasion === "first" ? ASSETS.first : ASSETS.later);
      const error = await failureOf(open);
      if (error === null) generation++;
      else if (error.code === "state_unwritable") full ??= occasion;
      else findings.push(`the ${occasion} sync failed with ${error.code}: ${error.message}`);
    }
    findings.push(...(await wholeness(open, generation)));
    disk.enlarge();
    for (const run of [1, 2]) {
      const { status } = await syncOnce(open);
      if (status !== "succeeded") findings.push(`run ${run} with room again ${status}`);
    }
    const before = sandbox.counts().writes;
    await syncOnce(open);
    if (sandbox.counts().writes !== before) findings.push(`the third run with room again made ${sandbox.counts().writes - before} writes`);
    await using parts = await open();
    findings.push(...(await differencesAtRest(parts, ASSETS.later)));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return { full, findings };
}

async function aPipeline(folder: string, state: object, endpoint: string): Promise<() => Promise<Assembled>> {
  const file = join(folder, "tidemark.json");
  const target = { type: "glue", region: "eu-central-1", endpoint };
  await writeFile(
    file,
    JSON.stringify({
      pipelines: [{ name: "p", source: { type: "csn", path: "./exports", space: "SALES" }, target }],
      checkpoint_management: state,
    }),
  );
  const config = await loadConfig({ file, cwd: folder, env: {} });
  return () => assemble(config, undefined, { log: { event: () => undefined } });
}

async function writeExports(folder: string, assets: number): Promise<void> {
  const definitions = Object.fromEntries(
    Array.from({ length: assets }, (_, n) => [`T${n}`, { kind: "entity", elements: { ID: { type: "cds.Integer" } } }]),
  );
  await mkdir(join(folder, "exports"), { recursive: true });
  await writeFile(join(folder, "exports", "all.json"), JSON.stringify({ definitions }));
}

async function syncOnce(open: () => Promise<Assembled>): Promise<RunReport> {
  await using parts = await open();
  return await sync(parts, { signal: AbortSignal.timeout(60_000) });
}

async function failureOf(open: () => Promise<Assembled>): Promise<TidemarkError | null> {
  try {
    await syncOnce(open);
    return null;
  } catch (error) {
    if (error instanceof TidemarkError) return error;
    throw error;
  }
}

async function wholeness(open: () => Promise<Assembled>, generation: number): Promise<readonly string[]> {
  await using parts = await open();
  try {
    const findings = [...((await parts.store.verify?.())?.problems ?? [])];
    await using reader = await parts.store.reader();
    const found = (await reader.head())?.generation ?? 0;
    if (found !== generation) findings.push(`the state is at generation ${found}; ${generation} runs went well`);
    return findings;
  } catch (error) {
    if (error instanceof TidemarkError) return [`the state is ${error.code}: ${error.message}`];
    throw error;
  }
}
