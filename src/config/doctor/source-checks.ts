import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { join } from "node:path";
import { openDisk } from "../../connectors/csn/disk.ts";
import { findSpaces, type SpaceFolder } from "../../connectors/csn/layout.ts";
import { TidemarkError } from "../../model/errors.ts";
import { createMeter } from "../../wrappers/meter.ts";
import type { Pipeline } from "../pipeline.ts";
import type { CsnSourceConfig } from "../written-config.ts";
import type { ExamineOptions } from "./examine.ts";
import { type Check, failed, failedBy, ok, skipped, warning } from "./check.ts";

/** How many folders or files are named before the rest is counted. */
const NAMED = 3;
/** The source's listing would be incomplete. */
const INCOMPLETE = 8;

/** Whether the source can be read. Each type of source has its own checks here. */
export async function* sourceChecks({ source }: Pipeline, options: ExamineOptions): AsyncGenerator<Check> {
  switch (source.type) {
    case "csn":
      yield await foldersCheck(source);
      return;
    case "glue": {
      const [{ glueChecks }, { sourceUse }] = await Promise.all([import("./glue-checks.ts"), import("./glue-use.ts")]);
      yield* glueChecks(sourceUse(source), options);
      return;
    }
    case "datasphere":
      yield skipped("source", "A tenant is not probed; `tidemark plan` reads it.");
      return;
  }
}

async function foldersCheck({ path, space }: CsnSourceConfig): Promise<Check> {
  try {
    const spaces = await findSpaces(openDisk(path, createMeter()), space);
    const problems = [
      ...spaces.flatMap((folder) => folder.problems.map((problem) => `${folder.space}: ${problem}`)),
      ...(await unreadable(path, spaces)),
    ];
    if (problems.length > 0) {
      const message = `Not all exports in ${path} can be read: ${listed(problems)}.`;
      return failed(
        "source",
        message,
        "Mend what is named. A sync would delete nothing there, and call its listing incomplete.",
        INCOMPLETE,
      );
    }
    const files = spaces.reduce((count, folder) => count + folder.files.length, 0);
    if (files === 0) return warning("source", `${path} holds no exports.`, "Export CSN files into it, a folder for each space.");
    return ok(
      "source",
      `${path} can be read: ${files} ${files === 1 ? "export" : "exports"} of ${listed(spaces.map((folder) => folder.space))}.`,
    );
  } catch (error) {
    if (error instanceof TidemarkError) return failedBy("source", error);
    throw error;
  }
}

async function unreadable(root: string, spaces: readonly SpaceFolder[]): Promise<readonly string[]> {
  const problems: string[] = [];
  for (const file of spaces.flatMap(({ files }) => files)) {
    await access(join(root, file), constants.R_OK).catch((error: Error) => problems.push(`${file}: ${error.message}`));
  }
  return problems;
}

function listed(names: readonly string[]): string {
  const rest = names.length - NAMED;
  return `${names.slice(0, NAMED).join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
}
