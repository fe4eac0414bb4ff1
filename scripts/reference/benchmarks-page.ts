import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "../..");
const BEGIN = "<!-- figures: made of bench/results by scripts/generate-reference.ts -->";
const END = "<!-- end of figures -->";

interface Result {
  readonly command: string;
  readonly commit: string;
  readonly node: string;
  readonly rows: readonly Readonly<Record<string, string | number | null>>[];
}

/** One kind of benchmark: the files that its name begins, and the columns that a reader wants. */
interface Section {
  readonly file: string;
  readonly title: string;
  readonly command: string;
  readonly columns: readonly string[];
}

const SECTIONS: readonly Section[] = [
  {
    file: "bench-detect-",
    title: "Finding what changed",
    command: "npm run bench -- detect --assets 1000000 --repeats 3",
    columns: [
      "what",
      "assets",
      "ms",
      "us_each",
      "sha_ms",
      "reference_ms",
      "times_reference",
      "times_sha",
      "cpu_times_reference",
      "cpu_times_sha",
      "private_mb",
      "reference_private_mb",
    ],
  },
  {
    file: "bench-first-",
    title: "Fingerprinting for the first time",
    command: "npm run bench -- first",
    columns: ["what", "assets", "ms", "reference_ms", "times_reference", "us_each", "cpu_us_each", "private_mb"],
  },
  {
    file: "bench-scan-",
    title: "Ordered scans of the sqlite store",
    command: "npm run bench -- scan --rows 5000000",
    columns: ["what", "rows", "ms", "us_each", "private_mb"],
  },
  {
    file: "bench-wire-",
    title: "The original's table on the wire",
    command: "npm run bench -- wire",
    columns: [
      "profile",
      "assets",
      "round_trip_ms",
      "requests_per_minute",
      "act",
      "requests",
      "bytes",
      "seconds",
      "requests_saved",
      "bytes_saved",
      "time_saved",
      "bound",
      "ratio",
      "bytes_bound",
      "bytes_ratio",
      "original_bytes_saved",
      "original_time_saved",
      "reached",
    ],
  },
];

/** BENCHMARKS.md with the figures that bench/results has; all else as it is written. */
export function benchmarksPage(): string {
  const text = readFileSync(join(root, "BENCHMARKS.md"), "utf8");
  const [before, rest] = [text.slice(0, text.indexOf(BEGIN)), text.slice(text.indexOf(END))];
  return `${before}${BEGIN}\n${SECTIONS.map(sectionText).join("\n")}${rest}`;
}

function sectionText({ file, title, command, columns }: Section): string {
  const folder = join(root, "bench/results");
  const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.startsWith(file)) : [];
  const results = files.toSorted(byNumbers).map((name) => JSON.parse(readFileSync(join(folder, name), "utf8")) as Result);
  if (results.length === 0) return `\n### ${title}\n\nNot recorded yet. \`${command}\`\n`;
  return `\n### ${title}\n${results.map((result) => resultText(result, columns)).join("")}`;
}

function resultText({ command, commit, node, rows }: Result, columns: readonly string[]): string {
  const shown = columns.filter((column) => rows.some((row) => row[column] !== undefined && row[column] !== null));
  const lines = rows.map((row) => `| ${shown.map((column) => cell(row[column])).join(" | ")} |`);
  const head = `| ${shown.join(" | ")} |\n|${"---|".repeat(shown.length)}`;
  return `\n\`${command}\`, at ${commit}, Node ${node}:\n\n${head}\n${lines.join("\n")}\n`;
}

function cell(value: string | number | null | undefined): string {
  if (value === undefined || value === null) return "";
  return typeof value === "number" && Math.abs(value) >= 10_000 ? Math.round(value).toLocaleString("en-US") : String(value);
}

function byNumbers(a: string, b: string): number {
  return a.localeCompare(b, "en", { numeric: true });
}
