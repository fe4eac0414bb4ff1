import { execFile } from "node:child_process";
import { join } from "node:path";
import { parseArgs, promisify } from "node:util";
import { aKeptState } from "../helpers/flipped-state.ts";
import { aStateFolder } from "../helpers/sqlite-harness.ts";
import { campaignJsonFlips } from "./json-flips.ts";
import { runCampaign } from "./campaign-result.ts";
import { type Part, SUBJECTS } from "./flipped-part.ts";

/**
 * `npm run campaign:flips -- [--every 1] [--store json]`: flips every byte of every file of small states in two ways, and cuts the files at every length;
 * with `--every N`, in one part of N. After each, a run must find all that was durable: because the damage is harmless, or because it
 * fell back. Where copy or journal are damaged beside a state that is destroyed, it may also be refused, with a rebuild as the way out.
 */
const { values } = parseArgs({ options: { every: { type: "string", default: "1" }, store: { type: "string", default: "sqlite" } } });
const every = Number(values.every);
if (values.store === "json") process.exit(await campaignJsonFlips(every));
/** Bytes that one process tries. */
const PART = 512;

const parts: { readonly subject: number; readonly from: number }[] = [];
for (const [subject, { file, state }] of SUBJECTS.entries()) {
  await using folder = await aStateFolder({ on: "memory" });
  const { kept } = await aKeptState(folder.folder, state);
  for (let from = 0; from < (kept.get(file)?.length ?? 0); from += PART) parts.push({ subject, from });
}
const found = { harmless: 0, recovered: 0, rebuild: 0, earlier: 0 };

const result = await runCampaign({
  name: "campaign-flips",
  command: `npm run campaign:flips -- --every ${every}`,
  items: parts.filter((_, n) => n % every === 0),
  run: async ({ subject, from }) => {
    const program = [join(import.meta.dirname, "flipped-part.ts"), String(subject), String(from), String(from + PART)];
    const { stdout } = await promisify(execFile)(process.execPath, program);
    const { findings, ...counts } = JSON.parse(stdout) as Part;
    for (const key of ["harmless", "recovered", "rebuild", "earlier"] as const) found[key] += counts[key];
    return findings;
  },
  figures: (done) => ({ parts: done, of: parts.length, bytes_each: PART, ...found }),
});
process.exitCode = result.findings.length === 0 ? 0 : 1;
