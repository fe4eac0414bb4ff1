/**
 * Writes Stryker's score by layer, and every survivor with its reason, to bench/results/mutation.json.
 *
 *     node scripts/mutation-result.ts [report …]          fails where a survivor has no reason, or a reason no survivor
 *     node scripts/mutation-result.ts --list [report …]   prints the survivors without a reason, ready to be given one; writes nothing
 *
 * Of a file that several reports tell, the last one counts: a whole run, then one of what has changed since (`stryker run --mutate …`).
 *
 * The reasons stand in bench/mutation-reasons.json. They go by what is mutated into what, because lines move.
 */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { layerOf, ROOT, writeResult } from "./results.ts";

/** What is read of a report of the mutation-testing-elements schema. */
interface Report {
  readonly files: { readonly [file: string]: { readonly source: string; readonly mutants: readonly Mutant[] } };
}

interface Mutant {
  readonly mutatorName: string;
  readonly replacement?: string;
  readonly status: string;
  readonly location: { readonly start: Position; readonly end: Position };
}

/** Lines and columns from 1. */
interface Position {
  readonly line: number;
  readonly column: number;
}

/** Why a mutant may live: `equivalent: …` where no test can tell it from the code. */
interface Reason {
  readonly file: string;
  /** The line that the mutated code begins on, as it reads. */
  readonly line: string;
  readonly original: string;
  readonly replacement: string;
  readonly reason: string;
}

interface Survivor extends Omit<Reason, "reason"> {
  readonly at: string;
  readonly mutator: string;
}

// Ignored mutants and those that do not compile count for nothing, as in Stryker's own score.
const DETECTED: ReadonlySet<string> = new Set(["Killed", "Timeout"]);
const UNDETECTED: ReadonlySet<string> = new Set(["Survived", "NoCoverage"]);
const KEY = ["file", "line", "original", "replacement"] as const;

const { values, positionals } = parseArgs({ options: { list: { type: "boolean" } }, allowPositionals: true });
const reports = positionals.length === 0 ? ["reports/mutation/mutation.json"] : positionals;
const files: Report["files"] = Object.assign({}, ...reports.map((report) => (read(report) as Report).files)) as Report["files"];
const reasons = (read("bench/mutation-reasons.json") as readonly Reason[]).filter(({ reason }) => reason !== "");
const survivors = Object.entries(files).flatMap(([file, { source, mutants }]) =>
  mutants.filter(({ status }) => UNDETECTED.has(status)).map((mutant) => survivorIn(file, source, mutant)),
);
const bare = survivors.filter((survivor) => reasons.every((reason) => !explains(reason, survivor)));
const idle = reasons.filter((reason) => !survivors.some((survivor) => explains(reason, survivor)));

if (values.list === true) {
  const skeletons = bare.map(({ file, line, original, replacement }) => ({ file, line, original, replacement, reason: "" }));
  process.stdout.write(`${JSON.stringify(skeletons, null, 2)}\n`);
} else if (bare.length + idle.length > 0) {
  for (const { at, original, replacement } of bare) process.stderr.write(`${at}: nobody says why ${original} → ${replacement} may live\n`);
  for (const { file, original, replacement } of idle)
    process.stderr.write(`${file}: ${original} → ${replacement} is killed; drop its reason\n`);
  process.exitCode = 1;
} else {
  writeResult("mutation", "npm run mutation", {
    ...(reports.length === 1 ? {} : { further_runs: reports.length - 1 }),
    ...scoreOf(Object.keys(files)),
    by_layer: Object.fromEntries([...Map.groupBy(Object.keys(files), layerOf)].map(([layer, of]) => [layer, scoreOf(of)])),
    survivors: reasons.map(({ reason, ...mutation }) => ({
      ...mutation,
      reason,
      at: survivors.filter((survivor) => explains(mutation, survivor)).map(({ at, mutator }) => `${at} ${mutator}`),
    })),
    findings: [],
  });
}

function survivorIn(file: string, source: string, { mutatorName, replacement = "", location: { start, end } }: Mutant): Survivor {
  const lines = source.split("\n");
  const offset = ({ line, column }: Position): number => lines.slice(0, line - 1).join("\n").length + Math.min(line - 1, 1) + column - 1;
  return {
    at: `${file}:${start.line}`,
    mutator: mutatorName,
    file,
    line: oneLine(lines[start.line - 1] ?? ""),
    original: oneLine(source.slice(offset(start), offset(end))),
    replacement: oneLine(replacement),
  };
}

function oneLine(code: string): string {
  return code.replaceAll(/\s+/g, " ").trim();
}

function explains(reason: Omit<Reason, "reason">, survivor: Survivor): boolean {
  return KEY.every((key) => reason[key] === survivor[key]);
}

function scoreOf(of: readonly string[]): { readonly mutants: number; readonly killed: number; readonly percent: number } {
  const statuses = of.flatMap((file) => files[file]?.mutants.map(({ status }) => status) ?? []);
  const killed = statuses.filter((status) => DETECTED.has(status)).length;
  const mutants = killed + statuses.filter((status) => UNDETECTED.has(status)).length;
  return { mutants, killed, percent: Math.round((killed / mutants) * 10_000) / 100 };
}

function read(path: string): unknown {
  return JSON.parse(readFileSync(resolve(ROOT, path), "utf8"));
}
