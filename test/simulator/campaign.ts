import { execFile, execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { parseArgs, promisify } from "node:util";
import { fileURLToPath } from "node:url";

/** `npm run campaign -- [--crashes 2000000] [--store json]`: lives of many killed runs until that many crashes, in as many processes as there are cores; the result goes to bench/results/. */
const { values } = parseArgs({
  options: {
    crashes: { type: "string", default: "2000000" },
    from: { type: "string", default: "1000000" },
    store: { type: "string", default: "memory" },
  },
});
const wanted = Number(values.crashes);
const from = Number(values.from);
const isModel = values.store === "memory";
/** Lives of one process: few enough that the total overshoots little. */
const LIVES = values.store === "json" ? 100 : 2_000;

interface Part {
  readonly lives: number;
  readonly failing: number;
  readonly crashes: number;
  readonly steps: number;
}

const root = fileURLToPath(new URL("../..", import.meta.url));
const commit = execFileSync("git", ["rev-parse", "--short", "HEAD"], { cwd: root, encoding: "utf8" }).trim();
const total = { lives: 0, failing: 0, crashes: 0, steps: 0 };
const findings: string[] = [];
const started = performance.now();
let next = from;

async function worker(): Promise<void> {
  while (total.crashes < wanted) {
    const seed = next;
    next += LIVES;
    const { stdout } = await promisify(execFile)(process.execPath, [
      fileURLToPath(new URL("run.ts", import.meta.url)),
      "--crashy",
      "--store",
      values.store,
      "--lives",
      String(LIVES),
      "--from",
      String(seed),
    ]);
    const lines = stdout.trim().split("\n");
    const part = JSON.parse(lines.pop() ?? "{}") as Part;
    for (const key of ["lives", "failing", "crashes", "steps"] as const) total[key] += part[key];
    findings.push(...lines);
    say(process.stderr, `${total.crashes} crashes in ${total.lives} lives, ${total.failing} failing`);
  }
}

await Promise.all(Array.from({ length: availableParallelism() }, worker));
const result = {
  command: `npm run campaign -- --crashes ${wanted} --from ${from}${isModel ? "" : ` --store ${values.store}`}`,
  commit,
  node: process.version,
  ...total,
  findings,
  seconds: Math.round((performance.now() - started) / 1_000),
};
writeFileSync(
  new URL(`../../bench/results/campaign-simulator${isModel ? "" : `-${values.store}`}.json`, import.meta.url),
  `${JSON.stringify(result, null, 2)}\n`,
);
say(process.stdout, JSON.stringify(result));
process.exitCode = total.failing === 0 ? 0 : 1;

function say(stream: NodeJS.WriteStream, line: string): void {
  stream.write(`${line}\n`);
}
