import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "../..");
const BEGIN = "<!-- figures: made of bench/results by scripts/generate-reference.ts -->";
const END = "<!-- end of figures -->";

/** What every result tells; the rest differs. */
interface Result {
  readonly commit: string;
  readonly findings: readonly string[];
  readonly [figure: string]: unknown;
}

interface Campaign {
  readonly file: string;
  readonly title: string;
  readonly command: string;
  readonly figures: (result: Result) => string;
}

const CAMPAIGNS: readonly Campaign[] = [
  ...["", "json"].map((store) => ({
    file: `campaign-simulator${store && `-${store}`}`,
    title: `simulated lives${store && ", on the json store over a simulated disk"}`,
    command: `npm run campaign${store && ` -- --store ${store}`}`,
    figures: ({ crashes, lives, steps }: Result): string =>
      `${number(crashes)} crashes in ${number(lives)} lives, ${number(steps)} steps, each checked`,
  })),
  {
    file: "campaign-kill",
    title: "SIGKILL of the real command line",
    command: "npm run campaign:kill",
    figures: ({ kills, lives }) => `${number(kills)} kills in ${number(lives)} lives`,
  },
  ...["json", "postgres"].map((store) => ({
    file: `campaign-kill-${store}`,
    title: `SIGKILL of the real command line, its state in ${store === "json" ? "plain files" : "PostgreSQL"}`,
    command: `npm run campaign:kill -- --store ${store}`,
    figures: ({ kills, lives }: Result): string => `${number(kills)} kills in ${number(lives)} lives`,
  })),
  {
    file: "campaign-syscalls",
    title: "a fault at one system call",
    command: "npm run campaign:syscalls",
    figures: ({ points, of, whole, exits }) =>
      `${number(points)} of ${number(of)} points${typeof whole === "string" ? `, all of the ${whole} sync's` : ""} (${exitsText(exits)})`,
  },
  {
    file: "campaign-disk-full",
    title: "a disk that fills up",
    command: "npm run campaign:disk-full",
    figures: ({ sizes, full_in_first_sync, full_in_second_sync }) =>
      `${number(sizes)} sizes of disk; full in the first sync on ${number(full_in_first_sync)}, in the second on ${number(full_in_second_sync)}`,
  },
  {
    file: "campaign-disk-full-json",
    title: "a disk that fills up under the json store",
    command: "npm run campaign:disk-full -- --store json",
    figures: ({ sizes, full_in_first_sync, full_in_second_sync }) =>
      `${number(sizes)} sizes of disk; full in the first sync on ${number(full_in_first_sync)}, in the second on ${number(full_in_second_sync)}`,
  },
  {
    file: "campaign-requests",
    title: "a fault at one request to the sandbox Glue",
    command: "EVERY_FAULT=1 npx vitest run test/scenarios/every-fault.test.ts",
    figures: ({ faults, requests, runs }) =>
      `${number(runs)} of ${number(requests)} requests and faults tried, ${number(faults)} kinds of fault`,
  },
  {
    file: "campaign-tenant-faults",
    title: "a fault at one request to the sandbox tenant",
    command: "node test/processes/campaign-tenant-faults.ts",
    figures: ({ faults, assets, troubled_runs }) =>
      `${number(troubled_runs)} syncs of ${number(assets)} assets, ${number(faults)} kinds of fault at every request`,
  },
  {
    file: "campaign-interleavings",
    title: "updates and foreign edits in turn",
    command: "INTERLEAVINGS=10000 npx vitest run test/properties/interleavings.prop.test.ts",
    figures: ({ interleavings, edits, updates }) =>
      `${number(interleavings)} interleavings, ${number(edits)} foreign edits between ${number(updates)} updates`,
  },
  {
    file: "campaign-flips",
    title: "flipped bytes and cuts of state, log, copy and journal",
    command: "npm run campaign:flips",
    figures: ({ parts, of, bytes_each, harmless, recovered, rebuild, earlier }) =>
      `${number(parts)} of ${number(of)} parts of ${number(bytes_each)} bytes: ${number(harmless)} harmless, ${number(recovered)} fell back; beside a destroyed state also ${number(rebuild)} refused, ${number(earlier)} an earlier moment`,
  },
  {
    file: "campaign-flips-json",
    title: "flipped bytes, cuts and tails of every file of the json store",
    command: "npm run campaign:flips -- --store json",
    figures: ({ parts, of, bytes_each, harmless, recovered }) =>
      `${number(parts)} of ${number(of)} parts of ${number(bytes_each)} bytes: ${number(harmless)} harmless, ${number(recovered)} fell back`,
  },
  ...["sqlite", "json", "postgres"].map((store) => ({
    file: `campaign-sequences-${store}`,
    title: `random sequences of calls on the ${store} store and on the model`,
    command: `SEQUENCES=2000 npx vitest run src/stores/${store}/${store}-store.test.ts`,
    figures: ({ sequences }: Result): string => `${number(sequences)} sequences, told alike after each call`,
  })),
  {
    file: "coverage",
    title: "branches of the pure layers that their unit tests take",
    command: "npm run coverage",
    figures: ({ branches_taken, branches, exemptions }) =>
      `${number(branches_taken)} of ${number(branches)}, ${number((exemptions as readonly unknown[]).length)} exempted`,
  },
  {
    file: "mutation",
    title: "mutants of the pure layers that their unit tests kill",
    command: "npm run mutation",
    figures: ({ percent, mutants, killed, further_runs }) =>
      `${String(percent)} % of ${number(mutants)}; the other ${number(Number(mutants) - Number(killed))} with their reasons${further_runs === undefined ? "" : " (one run of all, the files that changed since run again)"}`,
  },
];

/** RELIABILITY.md with the figures of the campaigns as bench/results has them; all else as it is written. */
export function reliabilityPage(): string {
  const text = readFileSync(join(root, "RELIABILITY.md"), "utf8");
  const [before, rest] = [text.slice(0, text.indexOf(BEGIN)), text.slice(text.indexOf(END))];
  return `${before}${BEGIN}\n| campaign | figures | not as promised | commit | repeat with |\n|---|---|---|---|---|\n${CAMPAIGNS.map(row).join("\n")}\n${rest}`;
}

function row({ file, title, command, figures }: Campaign): string {
  const path = join(root, "bench/results", `${file}.json`);
  if (!existsSync(path)) return `| ${title} | not recorded yet | | | \`${command}\` |`;
  const result = JSON.parse(readFileSync(path, "utf8")) as Result;
  return `| ${title} | ${figures(result)} | **${result.findings.length}** | ${result.commit} | \`${command}\` |`;
}

function exitsText(exits: unknown): string {
  return Object.entries(exits as { readonly [exit: string]: number })
    .map(([exit, runs]) => `${exit === "killed" ? "killed" : `exit ${exit}`}: ${number(runs)}`)
    .join(", ");
}

function number(value: unknown): string {
  return Number(value)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ",");
}
