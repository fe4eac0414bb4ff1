import { open, rename, rm } from "node:fs/promises";
import { resolve } from "node:path";
import type { Preview } from "../engine/preview.ts";
import { TidemarkError } from "../model/errors.ts";

/** Saves a plan as JSON Lines, one record a line, header first and summary last. The file appears whole or not at all, readable by its owner only. */
export async function writePlanFile(plan: Preview, path: string, cwd: string): Promise<void> {
  const to = resolve(cwd, path);
  const beside = `${to}.${process.pid}.tmp`;
  try {
    await writeLines(plan, beside);
    await rename(beside, to);
  } catch (error) {
    await rm(beside, { force: true });
    throw new TidemarkError("usage", `The plan cannot be saved to ${path}: ${(error as Error).message}.`, { cause: error });
  }
}

async function writeLines(plan: Preview, path: string): Promise<void> {
  await using file = await open(path, "w", 0o600);
  for await (const page of plan.records()) {
    if (page.length > 0) await file.write(page.map((record) => `${JSON.stringify(record)}\n`).join(""));
  }
  await file.sync();
}
