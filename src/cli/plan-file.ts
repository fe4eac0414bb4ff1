import { createHash, type Hash } from "node:crypto";
import { open, rename, rm } from "node:fs/promises";
import { resolve } from "node:path";
import type { SavedPlan } from "../engine/apply-saved.ts";
import type { Preview } from "../engine/preview.ts";
import { PLAN_FORMAT } from "../engine/run-context.ts";
import { TidemarkError } from "../model/errors.ts";
import { planLine, planRecordFrom } from "../model/plan-line.ts";
import type { PlanHeader, PlanRecord } from "../model/plan.ts";

/**
 * Saves a plan as JSON Lines, one record a line, header first and summary last. The summary's line also bears the checksum of all
 * lines, its own included, so that a file that was cut or edited is told from a whole one. The file appears whole or not at all, readable by its owner only.
 */
export async function writePlanFile(plan: Preview, path: string, cwd: string): Promise<void> {
  const to = resolve(cwd, path);
  const beside = `${to}.${process.pid}.tmp`;
  try {
    await writeLines(plan, beside);
    await rename(beside, to);
  } catch (error) {
    await rm(beside, { force: true });
    throw new TidemarkError("usage", `The plan cannot be saved to ${path}: ${(error as Error).message}.`, {
      remedy: "Name a file in a folder that is there and may be written to.",
      cause: error,
    });
  }
}

async function writeLines(plan: Preview, path: string): Promise<void> {
  const hash = createHash("sha256");
  await using file = await open(path, "w", 0o600);
  for await (const page of plan.records()) {
    if (page.length > 0) await file.appendFile(page.map((record) => lineOf(record, hash)).join(""));
  }
  await file.sync();
}

function lineOf(record: PlanRecord, hash: Hash): string {
  const line = planLine(record);
  hash.update(line);
  return record.record === "summary" ? sealed(line, hash) : line;
}

/** The last line with the checksum. It shows what happened to a file by accident or in passing; it is no signature. */
function sealed(line: string, hash: Hash): string {
  return `${line.slice(0, -2)},"sha256":"${hash.copy().digest("hex")}"}\n`;
}

/** Opens a saved plan. Reads it once to its end: one that is cut short or was edited is refused before anything else is done. */
export async function openPlanFile(path: string, cwd: string): Promise<SavedPlan> {
  const from = resolve(cwd, path);
  let header: PlanHeader | null = null;
  for await (const page of recordsIn(from, path)) header ??= headerOf(page[0], path);
  if (header === null) throw notAPlan(path, "it is empty");
  return { header, records: () => recordsIn(from, path) };
}

function headerOf(first: PlanRecord | undefined, path: string): PlanHeader {
  if (first?.record !== "header") throw notAPlan(path, "it does not begin with a plan's header");
  const { format_version } = first.header;
  if (format_version !== PLAN_FORMAT)
    throw notAPlan(path, `it has format ${format_version}, and this version of Tidemark knows format ${PLAN_FORMAT}`);
  return first.header;
}

async function* recordsIn(from: string, path: string): AsyncGenerator<readonly PlanRecord[]> {
  const hash = createHash("sha256");
  let number = 0;
  let isWhole = false;
  for await (const lines of linesIn(from, path)) {
    const records: PlanRecord[] = [];
    for (const line of lines) {
      number++;
      if (isWhole) throw notAPlan(path, `line ${number} stands behind its end`);
      const record = recordFrom(line, number, path);
      if (record.record === "summary") {
        const unsealed = planLine({ record: "summary", summary: record.summary });
        if (`${line}\n` !== sealed(unsealed, hash.update(unsealed))) break;
        isWhole = true;
      } else hash.update(`${line}\n`);
      records.push(record);
    }
    if (records.length > 0) yield records;
  }
  if (!isWhole) throw notAPlan(path, "it is cut short, or was edited since it was saved: its checksum is missing or does not fit");
}

function recordFrom(line: string, number: number, path: string): PlanRecord {
  try {
    return planRecordFrom(line);
  } catch (error) {
    throw notAPlan(path, `line ${number} is no JSON: it is cut short, or was edited since it was saved`, error);
  }
}

async function* linesIn(from: string, path: string): AsyncGenerator<readonly string[]> {
  let rest = "";
  try {
    await using file = await open(from, "r");
    for await (const chunk of file.createReadStream({ autoClose: false, encoding: "utf8", highWaterMark: PAGE_BYTES })) {
      const lines = (rest + String(chunk)).split("\n");
      rest = lines.pop() as string;
      if (lines.length > 0) yield lines;
    }
  } catch (error) {
    if (error instanceof TidemarkError) throw error;
    throw new TidemarkError("input_invalid", `The plan ${path} cannot be read: ${(error as Error).message}.`, {
      remedy: "Name a file that `tidemark plan --out FILE` wrote.",
      cause: error,
    });
  }
  if (rest !== "") yield [rest];
}

/** A page is what this many bytes hold, and at least one record. */
const PAGE_BYTES = 1 << 20;

function notAPlan(path: string, why: string, cause?: unknown): TidemarkError {
  return new TidemarkError("input_invalid", `${path} is not a saved plan that can be applied: ${why}. Nothing was written.`, {
    remedy: "Make it anew with `tidemark plan --out FILE`.",
    ...(cause === undefined ? {} : { cause }),
  });
}
