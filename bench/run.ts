import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeResult } from "../scripts/results.ts";
import { detectBench } from "./detect/detect.ts";
import { firstBench } from "./detect/first.ts";
import { scanBench } from "./store/scan.ts";
import { wireBench } from "./wire/wire.ts";

/** One benchmark: rows as they are measured, and what is the same for all of them. */
export interface Bench {
  readonly name: string;
  readonly options: Readonly<Record<string, number>>;
  /** `folder` is its own. */
  rows(options: Readonly<Record<string, number>>, folder: string): AsyncIterable<Row>;
}

export type Row = Readonly<Record<string, string | number | null>>;

const BENCHES: readonly Bench[] = [detectBench, firstBench, scanBench, wireBench];

// `npm run bench -- NAME [--option value …]`: a JSON line for each row as it is measured, a table at the end, and a file in bench/results.
const [name, ...rest] = process.argv.slice(2);
const bench = BENCHES.find((one) => one.name === name);
if (bench === undefined) {
  const known = BENCHES.map(
    (one) =>
      `  ${one.name}  ${Object.entries(one.options)
        .map(([key, value]) => `--${key} ${value}`)
        .join(" ")}`,
  );
  process.stderr.write(`Usage: npm run bench -- NAME [--option value ...]\n${known.join("\n")}\n`);
  process.exitCode = 1;
} else {
  const options = { ...bench.options, ...optionsIn(rest, bench) };
  const kept = process.env["BENCH_FOLDER"];
  const folder = kept ?? (await mkdtemp(join(tmpdir(), "tidemark-bench-")));
  await mkdir(folder, { recursive: true });
  try {
    const rows: Row[] = [];
    for await (const row of bench.rows(options, folder)) {
      rows.push(row);
      process.stdout.write(`${JSON.stringify(row)}\n`);
    }
    process.stderr.write(table(rows));
    const given = Object.entries(options).map(([key, value]) => ` --${key} ${value}`);
    const file = ["bench", bench.name, ...Object.values(options)].join("-");
    writeResult(file, `npm run bench -- ${bench.name}${given.join("")}`, { rows });
  } finally {
    if (kept === undefined) await rm(folder, { recursive: true, force: true });
  }
}

function optionsIn(args: readonly string[], { options }: Bench): Record<string, number> {
  const found: Record<string, number> = {};
  for (let at = 0; at < args.length; at += 2) {
    const key = (args[at] as string).replace(/^--/, "");
    const value = Number(args[at + 1]);
    if (!(key in options) || !Number.isFinite(value)) throw new Error(`${args[at]} ${args[at + 1]} is no option of this benchmark`);
    found[key] = value;
  }
  return found;
}

/** Rows as a table for people. */
function table(rows: readonly Row[]): string {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const cells = [columns, ...rows.map((row) => columns.map((column) => String(row[column] ?? "")))];
  const widths = columns.map((_, at) => Math.max(...cells.map((line) => (line[at] as string).length)));
  return cells.map((line) => `${line.map((cell, at) => cell.padStart(widths[at] as number)).join("  ")}\n`).join("");
}
