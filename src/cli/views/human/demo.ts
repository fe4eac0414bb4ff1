import { type Figures, figuresOf, ORIGINAL } from "../../demo/figures.ts";
import type { DemoOptions, DemoRun } from "../../demo/run-demo.ts";
import { bytes, counted, duration, type Look, number, wrap } from "./text.ts";

/** What the demo says before its first run. */
export function openingText(
  { assets, seed }: DemoOptions,
  written: { readonly files: number; readonly bytes: number },
  endpoint: string,
): string {
  return `A sample tenant of ${counted(assets, "asset")} (seed ${seed}):
made up in the shapes of real exports, written as
${counted(written.files, "CSN file")} with ${bytes(written.bytes)}.
A sandbox simulates AWS Glue at ${endpoint}:
the real protocol, and nothing leaves this machine.

`;
}

/** One line for a run that is done. */
export function runText({ act, report: { summary, duration_ms } }: DemoRun, look: Look): string {
  const updated = summary.modified + summary.schema_changed + summary.metadata_changed;
  const did = summary.created > 0 ? `${number(summary.created)} created` : updated > 0 ? `${number(updated)} updated` : "nothing to write";
  return `${look.paint("green", "✓")} ${TITLES[act.name]}: ${did}, ${duration(duration_ms)}\n`;
}

const TITLES: { readonly [act in DemoRun["act"]["name"]]: string } = {
  full: "Full sync",
  changed: "10 % of the assets changed",
  metadata: "5 % changed only their business metadata",
  unchanged: "Everything exported anew, nothing changed",
};

/** The table of what each run read, sent and took, what it means and what to do next. Fits into 60 columns. */
export function closingText(
  { assets }: DemoOptions,
  runs: readonly DemoRun[],
  look: Look,
  { command }: { readonly command: string },
): string {
  const [first] = runs;
  if (first === undefined) return "";
  const figures = runs.map((run) => figuresOf(run, first.report));
  const row = (name: string, cell: (figures: Figures, run: DemoRun) => string): string =>
    name.padEnd(16) + figures.map((one, index) => cell(one, runs[index] ?? first).padStart(11)).join("");
  const original = (kind: "bytes" | "time") => row(`  ${kind}`, (_one, { act }) => percent(ORIGINAL[act.name]?.[kind]));
  const lines = [
    "",
    look.paint(
      "bold",
      row("", (_one, { act }) => HEADS[act.name][0]),
    ),
    look.paint(
      "bold",
      row("", (_one, { act }) => HEADS[act.name][1]),
    ),
    row("assets written", ({ changed }) => number(changed)),
    row("files read", ({ read }) => bytes(read)),
    row("calls to Glue", ({ calls }) => number(calls)),
    row("sent to Glue", ({ sent }) => bytes(sent)),
    row("got from Glue", ({ received }) => bytes(received)),
    row("time", ({ ms }) => duration(ms)),
    "",
    "Saved against the full sync",
    row("  calls", ({ saved }) => percent(saved?.calls)),
    row("  bytes", ({ saved }) => percent(saved?.bytes)),
    row("  time", ({ saved }) => percent(saved?.time)),
    look.paint("dim", `Promised by the original design${assets === 1000 ? "" : " (for 1,000 assets)"}`),
    look.paint("dim", original("bytes")),
    look.paint("dim", original("time")),
    "",
    ...NOTES.map((note) => wrap(note, Math.min(look.width, 76), "  ").replace(/^ {2}/, "· ")),
    "",
    look.paint("bold", "What next"),
    ...next(command),
  ];
  return `${lines.join("\n")}\n`;
}

const HEADS: { readonly [act in DemoRun["act"]["name"]]: readonly [string, string] } = {
  full: ["full", "sync"],
  changed: ["10 %", "changed"],
  metadata: ["5 %", "metadata"],
  unchanged: ["nothing", "changed"],
};

const NOTES: readonly string[] = [
  "Calls and bytes are counted at the socket. Glue is simulated here, so the times say little about AWS; the shares say more.",
  "Exported files are read through in every run, because only their bytes prove what did not change; what may have changed is read again. That costs no network.",
  "The original design counts a metadata change as about 1 KB. Glue can only replace a table, so each changed table was sent whole; the bytes are measured, not assumed.",
];

function percent(value: number | undefined): string {
  return value === undefined ? "–" : `${value.toFixed(1)} %`;
}

function next(command: string): readonly string[] {
  const steps = [
    [`${command} sandbox glue`, "a simulated Glue to try it on"],
    [`${command} init`, "a tidemark.yaml to begin with"],
    [`${command} plan`, "what a sync would do"],
    [`${command} sync`, "do it"],
  ] as const;
  const width = Math.max(...steps.map(([line]) => line.length)) + 2;
  return steps.map(([line, purpose]) => `  ${line.padEnd(width)}${purpose}`);
}
