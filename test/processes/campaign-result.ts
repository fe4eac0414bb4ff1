import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";

export interface Campaign<Item> {
  /** Name of the file in bench/results/. */
  readonly name: string;
  /** The command that repeats it. */
  readonly command: string;
  readonly items: readonly Item[];
  /** Tries one and answers with what was not as promised. */
  readonly run: (item: Item) => Promise<readonly string[]>;
  /** What else the result tells, after that many items. */
  readonly figures: (done: number) => { readonly [name: string]: unknown };
  /** Items at a time; default: as many as there are cores. */
  readonly parallel?: number;
}

export interface CampaignResult {
  readonly findings: readonly string[];
}

/** Tries every item, and writes what came of it, with the commit and the machine's Node, to bench/results/. */
export async function runCampaign<Item>({
  name,
  command,
  items,
  run,
  figures,
  parallel = availableParallelism(),
}: Campaign<Item>): Promise<CampaignResult> {
  const findings: string[] = [];
  const started = performance.now();
  let next = 0;
  let done = 0;
  const worker = async (): Promise<void> => {
    for (let item = items[next++]; item !== undefined; item = items[next++]) {
      findings.push(...(await run(item)));
      done++;
      if (done % Math.ceil(items.length / 20) === 0) process.stderr.write(`${done} of ${items.length}, ${findings.length} findings\n`);
    }
  };
  await Promise.all(Array.from({ length: parallel }, worker));
  const seconds = Math.round((performance.now() - started) / 1_000);
  recordResult(name, { command, ...figures(done), findings, seconds });
  return { findings };
}

/** Writes a campaign's result, with the commit and the machine's Node, to bench/results/. */
export function recordResult(
  name: string,
  result: CampaignResult & { readonly command: string; readonly seconds: number; readonly [figure: string]: unknown },
): void {
  const root = fileURLToPath(new URL("../..", import.meta.url));
  const commit = execFileSync("git", ["rev-parse", "--short", "HEAD"], { cwd: root, encoding: "utf8" }).trim();
  const { command, ...figures } = result;
  const whole = { command, commit, node: process.version, ...figures };
  mkdirSync(`${root}/bench/results`, { recursive: true });
  writeFileSync(`${root}/bench/results/${name}.json`, `${JSON.stringify(whole, null, 2)}\n`);
  process.stdout.write(`${JSON.stringify(whole)}\n`);
}
