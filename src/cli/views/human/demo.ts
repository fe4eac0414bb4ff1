import { type Figures, figuresOf, ORIGINAL } from "../../demo/figures.ts";
import type { DemoAddresses, DemoOptions, DemoRun } from "../../demo/run-demo.ts";
import { bytes, counted, duration, type Look, number, wrap } from "./text.ts";

/** What the demo says before its first run. */
export function openingText({ assets, seed }: DemoOptions, { tenant, glue }: DemoAddresses): string {
  return `A sample tenant of ${counted(assets, "asset")} (seed ${seed}),
made up in the shapes of real exports.
A sandbox simulates SAP Datasphere at
${tenant}: it tells times of change, and
has no rate limit, where a real tenant lets about 300
requests a minute through. Another simulates AWS Glue at
${glue}.
Both speak the real protocols; nothing leaves this machine.

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
  unchanged: "Nothing changed",
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
    row("tenant requests", ({ tenant }) => number(tenant.requests)),
    row("  got from it", ({ tenant }) => bytes(tenant.received)),
    row("Glue requests", ({ glue }) => number(glue.requests)),
    row("  sent to it", ({ glue }) => bytes(glue.sent)),
    row("time", ({ ms }) => duration(ms)),
    "",
    "Saved against the full sync",
    row("  requests", ({ saved }) => percent(saved?.requests)),
    row("  bytes", ({ saved }) => percent(saved?.bytes)),
    row("  time", ({ saved }) => percent(saved?.time)),
    look.paint("dim", `Promised by the original design${assets === 1000 ? "" : " (for 1,000 assets)"}`),
    look.paint("dim", original("bytes")),
    look.paint("dim", original("time")),
    "",
    ...[...NOTES, ...backupNote(runs)].map((note) => wrap(note, Math.min(look.width, 76), "  ").replace(/^ {2}/, "· ")),
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
  "Requests and bytes are counted at the socket, of both ends. Both are simulated here, so the times say little about SAP and AWS; the shares say more.",
  "The tenant's lists are read in every run, and of its objects only those that the times in the lists do not prove unchanged. A tenant that tells no times costs more reads.",
  "The original design counts a metadata change as about 1 KB. Glue can only replace a table, so each changed table was sent whole; the bytes are measured, not assumed.",
];

/** The first run of a day pays for the backup; beside a time that tells little of what it saved, that must be said. */
function backupNote(runs: readonly DemoRun[]): readonly string[] {
  return runs.flatMap(({ act, report }) =>
    report.upkeep?.backup === undefined
      ? []
      : [
          `The run of ${HEADS[act.name].join(" ")} made the day's backup of the state as well: ${duration(report.upkeep.backup.duration_ms)} of its time.`,
        ],
  );
}

function percent(value: number | undefined): string {
  return value === undefined ? "–" : `${value.toFixed(1)} %`;
}

function next(command: string): readonly string[] {
  const steps = [
    [`${command} sandbox datasphere`, "a simulated tenant"],
    [`${command} sandbox glue`, "a simulated Glue"],
    [`${command} init`, "a tidemark.yaml"],
    [`${command} plan`, "what a sync would do"],
    [`${command} sync`, "do it"],
  ] as const;
  const width = Math.max(...steps.map(([line]) => line.length)) + 2;
  return steps.map(([line, purpose]) => `  ${line.padEnd(width)}${purpose}`);
}
