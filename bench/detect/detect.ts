import { join } from "node:path";
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { sharedPath } from "../../test/helpers/shared.ts";
import { built } from "../measure/built.ts";
import { type Measured, runMeasured } from "../measure/run-measured.ts";
import type { Bench, Row } from "../run.ts";
import { type Corpus, writeCorpus } from "./corpus.ts";
import { median, rounded } from "./median.ts";

interface Pass {
  readonly ms: number;
  readonly cpu_ms: number;
  readonly summary?: { readonly unchanged: number; readonly assets: number };
}

/**
 * What finding the changes of a catalog costs, from opening the state to committing it or to the last change that is told; beside it, in turn with
 * each, the reference over the same assets with its checkpoints in a dict, and SHA-256 over each line in one thread.
 *
 * `tidemark sync` over a catalog at rest, which is told by the bytes of whole files; `tidemark changes` over one with a single edit, so that each line
 * is told by its own bytes, and over one of which a part changed; and `tidemark plan` over that, which does much more than the reference.
 */
export const detectBench: Bench = {
  name: "detect",
  options: { assets: 100_000, changed: 10, repeats: 5, daily: 1 },
  async *rows({ assets = 0, changed = 0, repeats = 0, daily: isMeasured = 0 }, folder) {
    referenceFile();
    const { before, touched, after } = await catalogsIn(join(folder, `${assets}-${changed}`), assets, changed);
    // The reference holds all checkpoints in memory: its first pass makes them, and takes as long as any.
    const [first, same, tenth] = (await referencePasses([before.reference, before.reference, after.reference])).lines as [Pass, Pass, Pass];
    const reference_private_mb = await mostMemory(1, () => referencePasses([before.reference], { watched: true }));
    // The first run of a day makes the day's backup. Where it was made already, in a folder that stays, it is not to be measured.
    const daily = isMeasured === 0 ? null : await oneSync("sync", before.config, { watched: true });
    // The first run that meets no difference compares everything, and finds the catalog at rest for those that follow.
    for (let runs = 0; runs < 2; runs++) await oneSync("sync", before.config);
    const base = { assets, bytes: before.bytes, shapes: before.shapes, reference_private_mb };
    const measured: readonly (readonly [what: string, catalog: Catalog, command: Command, reference: Pass])[] = [
      ["nothing changed: tidemark sync", before, "sync", same],
      ["one asset changed: tidemark changes", touched, "changes", same],
      [`${changed} % changed: tidemark changes`, after, "changes", tenth],
      [`${changed} % changed: tidemark plan`, after, "plan", tenth],
    ];
    for (const [what, catalog, command, reference] of measured) {
      const turns = await inTurn(repeats, catalog, () => oneSync(command, catalog.config));
      const private_mb = await mostMemory(WATCHED, () => oneSync(command, catalog.config, { watched: true }));
      yield { ...base, what, ...figures(turns, reference, assets), private_mb };
    }
    if (daily !== null)
      yield {
        ...base,
        what: "nothing changed, and the day's backup: tidemark sync",
        ms: rounded(passOf(daily).ms),
        us_each: rounded((passOf(daily).ms * 1000) / assets),
        cpu_ms: rounded(passOf(daily).cpu_ms),
        private_mb: daily.peak_private_mb,
      };
    yield {
      ...base,
      what: "reference, first pass",
      reference_ms: rounded(first.ms),
      reference_us_each: rounded((first.ms * 1000) / assets),
    };
  },
};

interface Catalog extends Corpus {
  readonly config: string;
}

interface Catalogs {
  readonly before: Catalog;
  readonly touched: Catalog;
  readonly after: Catalog;
}

/** A catalog, the same with one asset and with a part of it changed, and the state of the first: made once for a folder. */
async function catalogsIn(folder: string, assets: number, changed: number): Promise<Catalogs> {
  const made = join(folder, "catalogs.json");
  if (existsSync(made)) return JSON.parse(await readFile(made, "utf8")) as Catalogs;
  const before = await writeCorpus(join(folder, "before"), { assets });
  const touched = await writeCorpus(join(folder, "touched"), { assets, touched: true });
  const after = await writeCorpus(join(folder, "after"), { assets, changed });
  const catalogs: Catalogs = {
    before: { ...before, config: await writeConfig(folder, before, "before") },
    touched: { ...touched, config: await writeConfig(folder, touched, "touched") },
    after: { ...after, config: await writeConfig(folder, after, "after") },
  };
  await runMeasured(process.execPath, [built("bench/detect/make-state.ts"), catalogs.before.config], { stdout: "ignore", sample: false });
  await writeFile(made, JSON.stringify(catalogs));
  return catalogs;
}

interface Turn {
  readonly ours: Pass;
  readonly sha: Pass;
}

/** Looking at its memory holds a process up, one that keeps all cores at work by a tenth: it is done in passes of their own, so many. */
const WATCHED = 2;

async function inTurn(repeats: number, corpus: Corpus, pass: () => Promise<Measured<Pass>>): Promise<readonly Turn[]> {
  const turns: Turn[] = [];
  for (let i = 0; i < repeats; i++) {
    const sha = await runMeasured<Pass>(process.execPath, [built("bench/detect/sha-pass.ts"), corpus.exports], { sample: false });
    turns.push({ sha: passOf(sha), ours: passOf(await pass()) });
  }
  return turns;
}

async function mostMemory(times: number, pass: () => Promise<Measured<Pass>>): Promise<number> {
  let most = 0;
  for (let i = 0; i < times; i++) most = Math.max(most, (await pass()).peak_private_mb ?? 0);
  return most;
}

/** What a process of one pass printed. */
export function passOf({ lines }: Measured<Pass>): Pass {
  return lines[0] as Pass;
}

function figures(turns: readonly Turn[], reference: Pass, assets: number): Row {
  const [ours, sha] = [median(turns.map((turn) => turn.ours.ms)), median(turns.map((turn) => turn.sha.ms))];
  return {
    ms: rounded(ours),
    us_each: rounded((ours * 1000) / assets),
    cpu_ms: rounded(median(turns.map((turn) => turn.ours.cpu_ms))),
    sha_ms: rounded(sha),
    reference_ms: rounded(reference.ms),
    times_reference: rounded(reference.ms / ours),
    times_sha: rounded(median(turns.map((turn) => turn.ours.ms / turn.sha.ms))),
    cpu_times_reference: rounded(reference.cpu_ms / median(turns.map((turn) => turn.ours.cpu_ms))),
    cpu_times_sha: rounded(median(turns.map((turn) => turn.ours.cpu_ms / turn.sha.cpu_ms))),
    unchanged: turns[0]?.ours.summary?.unchanged ?? 0,
  };
}

type Command = "sync" | "plan" | "changes";

/** A sync, a plan or a search for changes in a process of its own. */
export function oneSync(what: Command, config: string, { watched = false }: Watch = {}): Promise<Measured<Pass>> {
  return runMeasured<Pass>(process.execPath, [built("bench/detect/sync-pass.ts"), what, config], { sample: watched });
}

/** Passes of the reference in one process, a line of figures for each. */
function referencePasses(files: readonly string[], { watched = false }: Watch = {}): Promise<Measured<Pass>> {
  return runMeasured<Pass>("python3", [join(import.meta.dirname, "reference_pass.py"), referenceFile(), ...files], { sample: watched });
}

interface Watch {
  readonly watched?: boolean;
}

/** A pipeline from the corpus into a change feed that goes nowhere. */
export async function writeConfig(folder: string, corpus: Corpus, name: string): Promise<string> {
  const file = join(folder, `${name}.json`);
  const pipeline = { name: "bench", source: { type: "csn", path: corpus.exports }, target: { type: "changefeed", path: "/dev/null" } };
  await writeFile(file, JSON.stringify({ checkpoint_management: { path: join(folder, "state") }, pipelines: [pipeline] }));
  return file;
}

/** The original's own functions, which stand beside the checkout. Throws where they do not: there is nothing to compare with. */
export function referenceFile(): string {
  const file = sharedPath("vectors", "reference.py");
  if (existsSync(file)) return file;
  throw new Error(
    `This benchmark compares with the reference's functions, and they are not there: ${file}. Put the reference material beside the checkout.`,
  );
}
