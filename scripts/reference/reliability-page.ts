import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "../..");
const BEGIN = "<!-- figures: made of bench/results by scripts/generate-reference.ts -->";
const END = "<!-- end of figures -->";

/** What every campaign's result tells; the rest differs. */
interface Result {
  readonly commit: string;
  readonly findings: readonly string[];
  readonly seconds: number;
  readonly [figure: string]: unknown;
}

interface Campaign {
  readonly file: string;
  readonly title: string;
  readonly command: string;
  readonly figures: (result: Result) => string;
}

const CAMPAIGNS: readonly Campaign[] = [
  {
    file: "campaign-simulator",
    title: "simulated lives",
    command: "npm run campaign",
    figures: ({ crashes, lives, steps }) => `${number(crashes)} crashes in ${number(lives)} lives, ${number(steps)} steps, each checked`,
  },
  {
    file: "campaign-kill",
    title: "SIGKILL of the real command line",
    command: "npm run campaign:kill",
    figures: ({ kills, lives }) => `${number(kills)} kills in ${number(lives)} lives`,
  },
  {
    file: "campaign-syscalls",
    title: "a fault at one system call",
    command: "npm run campaign:syscalls",
    figures: ({ points, of, exits }) => `${number(points)} of ${number(of)} points (${exitsText(exits)})`,
  },
  {
    file: "campaign-disk-full",
    title: "a disk that fills up",
    command: "npm run campaign:disk-full",
    figures: ({ sizes, full_in_first_sync, full_in_second_sync }) =>
      `${number(sizes)} sizes of disk; full in the first sync on ${number(full_in_first_sync)}, in the second on ${number(full_in_second_sync)}`,
  },
  {
    file: "campaign-flips",
    title: "flipped bytes and cuts",
    command: "npm run campaign:flips",
    figures: ({ state_bytes, flips_found, flips_harmless, cuts_found }) =>
      `a state of ${number(state_bytes)} bytes: ${number(flips_found)} flips found, ${number(flips_harmless)} harmless, ${number(cuts_found)} cuts found`,
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
