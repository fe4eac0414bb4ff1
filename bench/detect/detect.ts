import { join } from "node:path";
import { createReadStream, existsSync } from "node:fs";
import { cp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { SCAN_EVERY } from "../../src/engine/recover.ts";
import { built } from "../measure/built.ts";
import { openPasses } from "../measure/passes.ts";
import { type Measured, runMeasured } from "../measure/run-measured.ts";
import type { Bench, Row } from "../run.ts";
import { type Corpus, writeCorpus } from "./corpus.ts";
import { median, rounded } from "./median.ts";
import { openReference, type Pass, referenceFile, watchReference } from "./reference.ts";

/**
 * What finding the changes of a catalog costs, from opening the state to committing it or to the last change that is told; beside it, in turn with
 * each, the reference over the same assets with its checkpoints in a dict, and SHA-256 over each line in one thread.
 *
 * `tidemark sync` over a catalog at rest, which is told by the bytes of whole files; `tidemark changes` over one with a single edit, so that each line
 * is told by its own bytes, and over one of which a part changed; the same search in a process that stays, as the reference's does, which has
 * compiled its code and started its threads; and `tidemark plan`, which does much more than the reference. Of a sync that applies what changed only
 * its own time and memory are told.
 */
export const detectBench: Bench = {
  name: "detect",
  options: { assets: 100_000, changed: 10, repeats: 5, daily: 1 },
  async *rows({ assets = 0, changed = 0, repeats = 0, daily: isMeasured = 0 }, folder) {
    referenceFile();
    const own = join(folder, `${assets}-${changed}`);
    const { before, touched, after } = await catalogsIn(own, assets, changed);
    const state = join(own, STATE, PIPELINE, "state.db");
    const reference_private_mb = (await watchReference(before.reference)).peak_private_mb;
    // The first run of a day makes the day's backup. Where it was made already, in a folder that stays, it is not to be measured.
    const daily = isMeasured === 0 ? null : await oneSync("sync", before.config, { watched: true });
    await bringToRest(before.config, repeats + WATCHED);
    const base = { assets, bytes: before.bytes, shapes: before.shapes, reference_private_mb };
    await using reference = openReference();
    await using staying = openPasses<Ours>("The process that stays", process.execPath, [built("bench/detect/stay-pass.ts"), after.config]);
    // The reference holds all checkpoints in memory: its first pass makes them, and takes as long as any.
    const first = await reference.pass(before.reference);
    const searches = Math.ceil(Math.min(MOST_SEARCHES, Math.max(FEWEST_SEARCHES, (WATCHED_READS * 100) / (assets * changed))));
    const unchanged: readonly Compared[] = [
      { what: "nothing changed: tidemark sync", catalog: before, ...alone("sync", before), turns: [] },
      { what: "one asset changed: tidemark changes", catalog: touched, ...alone("changes", touched), turns: [] },
    ];
    const partChanged: readonly Compared[] = [
      { what: `${changed} % changed: tidemark changes`, catalog: after, ...alone("changes", after), turns: [] },
      {
        what: `${changed} % changed: in a process that stays`,
        catalog: after,
        pass: () => staying.pass(after.config),
        watched: () => runMeasured<Pass>(process.execPath, [built("bench/detect/stay-pass.ts"), after.config, `${searches}`]),
        turns: [],
      },
      { what: `${changed} % changed: tidemark plan`, catalog: after, ...alone("plan", after), turns: [] },
    ];
    // As the reference has made its checkpoints, so that process has compiled its code.
    for (let read = 0; read < WARM_UP; read += (assets * changed) / 100) await staying.pass(after.config);
    for (let i = 0, known = before, other = after; i < repeats; i++, [known, other] = [other, known]) {
      const same = await reference.pass(known.reference);
      for (const compared of unchanged) compared.turns.push(await turnOf(compared, state, same));
      // To the reference as many assets are others in either direction.
      const part = await reference.pass(other.reference);
      for (const compared of partChanged) compared.turns.push(await turnOf(compared, state, part));
    }
    // Beside another that runs the same program, more of what a process holds counts as shared.
    await staying[Symbol.asyncDispose]();
    for (const { what, watched, turns } of [...unchanged, ...partChanged])
      yield { ...base, what, ...figures(turns, assets), private_mb: await mostMemory(WATCHED, watched) };
    const applied = await appliedTo(own, after);
    yield { ...base, what: `${changed} % changed, and applied: tidemark sync`, ...figuresOfOne(applied, assets) };
    if (daily !== null) yield { ...base, what: "nothing changed, and the day's backup: tidemark sync", ...figuresOfOne(daily, assets) };
    yield {
      ...base,
      what: "reference, first pass",
      reference_ms: rounded(first.ms),
      reference_us_each: rounded((first.ms * 1000) / assets),
    };
  },
};

const STATE = "state";
const PIPELINE = "bench";

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

/** What is measured with what it was compared with, as often as it was. */
interface Compared {
  readonly what: string;
  readonly catalog: Catalog;
  readonly pass: () => Promise<Ours>;
  readonly watched: () => Promise<Measured<Pass>>;
  readonly turns: Turn[];
}

type Ours = Pass & { readonly summary?: { readonly unchanged: number }; readonly generation?: number };

/**
 * Syncs until so many runs to follow find the catalog at rest: the first run that meets no difference compares everything, and so does every
 * so many'th from then on, at the cost of the row below.
 */
async function bringToRest(config: string, follow: number): Promise<void> {
  for (let runs = 1; ; runs++) {
    const { generation = 0 } = passOf<Ours>(await oneSync("sync", config));
    const since = generation % SCAN_EVERY;
    if (runs > 1 && since > 0 && since + follow <= SCAN_EVERY) return;
  }
}

/** A command in a process of its own each time. */
function alone(command: Command, { config }: Catalog): Pick<Compared, "pass" | "watched"> {
  return { pass: async () => passOf(await oneSync(command, config)), watched: () => oneSync(command, config, { watched: true }) };
}

/** Assets that a process that stays has read before it is measured: by then all that it needs is compiled. */
const WARM_UP = 50_000;
/**
 * Changed assets that such a process reads while its memory is watched, as far as 3 to 30 searches come to that. It takes more with what it
 * has done, until all is compiled and its heaps have had their largest: what a larger catalog takes shows where as much was done in a smaller one.
 */
const WATCHED_READS = 300_000;
const [FEWEST_SEARCHES, MOST_SEARCHES] = [3, 30];

interface Turn {
  readonly ours: Ours;
  readonly sha: Pass;
  readonly reference: Pass;
}

/** Looking at its memory holds a process up, one that keeps all cores at work by a tenth: it is done in passes of their own, so many. */
const WATCHED = 2;

async function turnOf({ catalog, pass }: Compared, state: string, reference: Pass): Promise<Turn> {
  // The catalogs of a million assets do not all stay in the system's memory: without this a disk would be measured.
  await readThrough([catalog.exports, state]);
  const sha = await runMeasured<Pass>(process.execPath, [built("bench/detect/sha-pass.ts"), catalog.exports], { sample: false });
  return { reference, sha: passOf(sha), ours: await pass() };
}

/** Reads files through, those below a folder too. */
async function readThrough(paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    const below = (await stat(path)).isDirectory() ? await readdir(path, { recursive: true, withFileTypes: true }) : null;
    const files = below === null ? [path] : below.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    for (const file of files) for await (const _ of createReadStream(file, { highWaterMark: 1 << 20 }));
  }
}

/** A sync that applies what changed, on a copy of the state: the others all begin with what it was before. */
async function appliedTo(own: string, after: Catalog): Promise<Measured<Ours>> {
  const folder = join(own, "applied");
  await rm(folder, { recursive: true, force: true });
  await cp(join(own, STATE), join(folder, STATE), { recursive: true });
  try {
    return await oneSync("sync", await writeConfig(folder, after, "after"), { watched: true });
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function mostMemory(times: number, pass: () => Promise<Measured<Pass>>): Promise<number> {
  let most = 0;
  for (let i = 0; i < times; i++) most = Math.max(most, (await pass()).peak_private_mb ?? 0);
  return most;
}

/** What a process of one pass printed. */
export function passOf<T>({ lines }: Measured<T>): T {
  return lines[0] as T;
}

function figures(turns: readonly Turn[], assets: number): Row {
  const medianOf = (figure: (turn: Turn) => number): number => median(turns.map(figure));
  const ms = medianOf(({ ours }) => ours.ms);
  return {
    ms: rounded(ms),
    us_each: rounded((ms * 1000) / assets),
    cpu_ms: rounded(medianOf(({ ours }) => ours.cpu_ms)),
    sha_ms: rounded(medianOf(({ sha }) => sha.ms)),
    reference_ms: rounded(medianOf(({ reference }) => reference.ms)),
    times_reference: rounded(medianOf(({ ours, reference }) => reference.ms / ours.ms)),
    times_sha: rounded(medianOf(({ ours, sha }) => ours.ms / sha.ms)),
    cpu_times_reference: rounded(medianOf(({ ours, reference }) => reference.cpu_ms / ours.cpu_ms)),
    cpu_times_sha: rounded(medianOf(({ ours, sha }) => ours.cpu_ms / sha.cpu_ms)),
    unchanged: turns[0]?.ours.summary?.unchanged ?? 0,
  };
}

/** Of a single run, watched as it ran. */
function figuresOfOne(run: Measured<Pass>, assets: number): Row {
  const { ms, cpu_ms } = passOf(run);
  return { ms: rounded(ms), us_each: rounded((ms * 1000) / assets), cpu_ms: rounded(cpu_ms), private_mb: run.peak_private_mb };
}

type Command = "sync" | "plan" | "changes";

/** A sync, a plan or a search for changes in a process of its own. */
export function oneSync(what: Command, config: string, { watched = false }: Watch = {}): Promise<Measured<Pass>> {
  return runMeasured<Pass>(process.execPath, [built("bench/detect/sync-pass.ts"), what, config], { sample: watched });
}

interface Watch {
  readonly watched?: boolean;
}

/** A pipeline from the corpus into a change feed that goes nowhere. */
export async function writeConfig(folder: string, corpus: Corpus, name: string): Promise<string> {
  const file = join(folder, `${name}.json`);
  const pipeline = { name: PIPELINE, source: { type: "csn", path: corpus.exports }, target: { type: "changefeed", path: "/dev/null" } };
  await writeFile(file, JSON.stringify({ checkpoint_management: { path: join(folder, STATE) }, pipelines: [pipeline] }));
  return file;
}
