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
/** Options of which 0 is a value; of all others it leaves nothing to measure. */
const MAY_BE_NONE = new Set(["--daily", "--latency", "--limited", "--curve"]);

// `npm run bench -- NAME [--option value …]`: a JSON line for each row as it is measured, a table at the end, and a file in bench/results.
const [name, ...rest] = process.argv.slice(2);
const bench = BENCHES.find((one) => one.name === name);
const mistake = bench === undefined ? `There is no benchmark ${JSON.stringify(name ?? "")}.` : mistakeIn(rest, bench);
if (bench === undefined || mistake !== null) {
  const known = BENCHES.map(
    (one) =>
      `  ${one.name}  ${Object.entries(one.options)
        .map(([key, value]) => `--${key} ${value}`)
        .join(" ")}`,
  );
  process.stderr.write(`${mistake}\nUsage: npm run bench -- NAME [--option value ...]\n${known.join("\n")}\n`);
  process.exitCode = 1;
} else {
  const options = { ...bench.options, ...optionsIn(rest) };
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
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    process.exitCode = 1;
  } finally {
    if (kept === undefined) await rm(folder, { recursive: true, force: true });
  }
}

/** What is wrong with the options, as a sentence; null for nothing. */
function mistakeIn(args: readonly string[], { name: of, options }: Bench): string | null {
  for (let at = 0; at < args.length; at += 2) {
    const [option = "", value] = args.slice(at, at + 2);
    if (!option.startsWith("--") || !(option.slice(2) in options)) return `${of} has no option ${option}.`;
    const given = value === undefined || value === "" ? Number.NaN : Number(value);
    if (!Number.isInteger(given) || given < 0) return `${option} needs a whole number.`;
    if (given === 0 && !MAY_BE_NONE.has(option)) return `${option} needs 1 or more: of nothing there is no figure.`;
    if (option === "--changed" && given > 100) return `${option} is a percentage, 100 at most.`;
  }
  return null;
}

/** Of arguments without a mistake. */
function optionsIn(args: readonly string[]): Record<string, number> {
  const found: Record<string, number> = {};
  for (let at = 0; at < args.length; at += 2) found[(args[at] as string).slice(2)] = Number(args[at + 1]);
  return found;
}

/** Rows as a table for people. */
function table(rows: readonly Row[]): string {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const cells = [columns, ...rows.map((row) => columns.map((column) => String(row[column] ?? "")))];
  const widths = columns.map((_, at) => Math.max(...cells.map((line) => (line[at] as string).length)));
  return cells.map((line) => `${line.map((cell, at) => cell.padStart(widths[at] as number)).join("  ")}\n`).join("");
}
