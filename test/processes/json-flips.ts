import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { DAMAGES, damagedJsonState, JSON_SUBJECTS, type JsonSubject, survivedBy } from "../helpers/damaged-json-state.ts";
import { runCampaign } from "./campaign-result.ts";

/** Bytes that one process tries. */
const PART = 512;

/**
 * Damages every byte of every file of small states of the json store, one at a time: one bit flips, all flip, the rest is cut off, more
 * comes to stand at the end. After each a run must find all that was durable. With `every`, in one part of so many.
 */
export async function campaignJsonFlips(every: number): Promise<number> {
  const parts: { readonly subject: JsonSubject; readonly name: string; readonly from: number }[] = [];
  for (const subject of JSON_SUBJECTS)
    for (const [name, bytes] of (await damagedJsonState(subject)).kept)
      for (let from = 0; from < bytes.length; from += PART) parts.push({ subject, name, from });
  const found = { harmless: 0, recovered: 0 };
  const { findings } = await runCampaign({
    name: "campaign-flips-json",
    command: `npm run campaign:flips -- --every ${every} --store json`,
    items: parts.filter((_, n) => n % every === 0),
    run: async ({ subject, name, from }) => {
      const { stdout } = await promisify(execFile)(process.execPath, [fileURLToPath(import.meta.url), subject, name, String(from)]);
      const part = JSON.parse(stdout) as Part;
      found.harmless += part.harmless;
      found.recovered += part.recovered;
      return part.findings;
    },
    figures: (done) => ({ parts: done, of: parts.length, bytes_each: PART, ...found }),
  });
  return findings.length === 0 ? 0 : 1;
}

interface Part {
  harmless: number;
  recovered: number;
  readonly findings: string[];
}

async function flippedPart(subject: JsonSubject, name: string, from: number): Promise<Part> {
  const state = await damagedJsonState(subject);
  const bytes = state.kept.get(name) as Buffer;
  const part: Part = { harmless: 0, recovered: 0, findings: [] };
  for (let at = from; at < Math.min(from + PART, bytes.length); at++)
    for (const damage of DAMAGES) {
      const { how, isWhole } = await survivedBy(state, name, damage(bytes, at));
      if (isWhole && how !== "rebuild") part[how]++;
      else part.findings.push(`${subject}, ${name}, ${damage.name} at ${at}: ${how}, and not all was told`);
    }
  return part;
}

if (import.meta.main) {
  const [subject = "", name = "", from = ""] = process.argv.slice(2);
  process.stdout.write(JSON.stringify(await flippedPart(subject as JsonSubject, name, Number(from))));
}
