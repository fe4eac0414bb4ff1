import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT, writeResult } from "../scripts/results.ts";

// How long the built package takes to say its version and its help, beside a Node that does nothing. The three take turns, so that what
// else the machine does meets them alike; the first turn fills the caches and is not counted.
const TURNS = 31;
const main = join(ROOT, "dist/cli/main.js");
if (!existsSync(main)) throw new Error("There is no dist/: run `npm run build` first.");

const folder = mkdtempSync(join(tmpdir(), "tidemark-start-up-"));
const nothing = join(folder, "nothing.mjs");
writeFileSync(nothing, "");
const programs = { nothing: [nothing], version: [main, "--version"], help: [main, "--help"], command_help: [main, "plan", "--help"] };
const times = new Map(Object.keys(programs).map((name): [string, number[]] => [name, []]));
for (let turn = 0; turn <= TURNS; turn++) {
  for (const [name, args] of Object.entries(programs)) {
    const began = performance.now();
    const { status } = spawnSync(process.execPath, args, { stdio: "ignore" });
    if (status !== 0) throw new Error(`${name} ended with ${status}`);
    if (turn > 0) times.get(name)?.push(performance.now() - began);
  }
}
rmSync(folder, { recursive: true });

const median_ms = Object.fromEntries([...times].map(([name, all]) => [name, round(median(all))]));
const ratio = Object.fromEntries(Object.entries(median_ms).map(([name, ms]) => [name, round(ms / (median_ms["nothing"] ?? Number.NaN))]));
for (const [name, ms] of Object.entries(median_ms)) process.stdout.write(`${name.padEnd(13)} ${ms} ms, ${ratio[name]} × nothing\n`);
writeResult("start-up", "npm run build && node bench/start-up.ts", { turns: TURNS, median_ms, ratio });

function median(all: readonly number[]): number {
  return all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)] ?? Number.NaN;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
