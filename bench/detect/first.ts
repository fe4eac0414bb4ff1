import { mkdir, open, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { built } from "../measure/built.ts";
import { runMeasured } from "../measure/run-measured.ts";
import type { Bench } from "../run.ts";
import { writeCorpus } from "./corpus.ts";
import { oneSync, passOf, writeConfig } from "./detect.ts";
import { median, rounded } from "./median.ts";
import { referenceFile } from "./reference.ts";

/**
 * What fingerprinting a whole catalog costs that nobody has seen before: `tidemark fingerprint --scheme reference` against the reference's
 * own program, from the start of the process to its end, over the same file and to the same lines. And what a first sync costs in memory.
 */
export const firstBench: Bench = {
  name: "first",
  options: { assets: 100_000, synced: 10_000, repeats: 3 },
  async *rows({ assets = 0, synced = 0, repeats = 0 }, folder) {
    const { reference, reference_bytes, shapes } = await writeCorpus(join(folder, "all"), { assets });
    const [ours, theirs] = [join(folder, "ours.ndjson"), join(folder, "theirs.ndjson")];
    const cli = built("src/cli/main.ts");
    const times = { ours: [] as number[], theirs: [] as number[], private_mb: 0 };
    for (let i = 0; i < repeats; i++) {
      const started = performance.now();
      const { peak_private_mb } = await into(ours, process.execPath, [cli, "fingerprint", "--scheme", "reference", reference]);
      const between = performance.now();
      await into(theirs, "python3", [referenceFile()], reference);
      times.ours.push(between - started);
      times.theirs.push(performance.now() - between);
      times.private_mb = Math.max(times.private_mb, peak_private_mb ?? 0);
    }
    if (!(await sameLines(ours, theirs))) throw new Error("the two programs do not give the same hashes");
    yield {
      what: "first fingerprinting: tidemark fingerprint",
      assets,
      bytes: reference_bytes,
      shapes,
      ms: rounded(median(times.ours)),
      reference_ms: rounded(median(times.theirs)),
      times_reference: rounded(median(times.theirs.map((time, i) => time / (times.ours[i] as number)))),
      private_mb: times.private_mb,
    };
    const corpus = await writeCorpus(join(folder, "synced"), { assets: synced });
    // In a folder that stays, the state of an earlier benchmark would make it a later run.
    const own = join(folder, "first");
    await rm(own, { recursive: true, force: true });
    await mkdir(own, { recursive: true });
    const once = await oneSync("sync", await writeConfig(own, corpus, "first"), { watched: true });
    const pass = passOf(once);
    yield {
      what: "first sync into a change feed",
      assets: synced,
      bytes: corpus.bytes,
      shapes,
      ms: rounded(pass.ms),
      us_each: rounded((pass.ms * 1000) / synced),
      cpu_us_each: rounded((pass.cpu_ms * 1000) / synced),
      private_mb: once.peak_private_mb,
    };
  },
};

async function into(file: string, command: string, args: readonly string[], stdin?: string): ReturnType<typeof runMeasured> {
  await using out = await open(file, "w");
  await using from = stdin === undefined ? null : await open(stdin, "r");
  return await runMeasured(command, args, { stdout: out.fd, ...(from === null ? {} : { stdin: from.fd }) });
}

async function sameLines(a: string, b: string): Promise<boolean> {
  const [one, other] = await Promise.all([a, b].map(async (file) => (await readFile(file, "utf8")).replaceAll(" ", "")));
  return one === other;
}
