import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { FAILURES } from "../../model/errors.ts";
import type { Pipeline } from "../pipeline.ts";
import { type Check, failed, ok } from "./check.ts";
import type { ExamineOptions } from "./examine.ts";
import { lookForFolder } from "./writable-folder.ts";

const UNAVAILABLE = FAILURES.target_unavailable.exit;

/** Whether the target can be reached, and lets us do what a sync does. Each type of target has its own checks here. */
export async function* targetChecks({ target }: Pipeline, options: ExamineOptions): AsyncGenerator<Check> {
  switch (target.type) {
    case "glue": {
      const [{ glueChecks }, { targetUse }] = await Promise.all([import("./glue-checks.ts"), import("./glue-use.ts")]);
      yield* glueChecks(targetUse(target), options);
      return;
    }
    case "csn":
      yield await folderCheck(target.path);
      return;
    case "changefeed":
      yield target.path === "-" ? ok("target", "The change feed goes to standard output.") : await feedCheck(target.path);
      return;
  }
}

async function folderCheck(path: string): Promise<Check> {
  const { existing, obstacle } = await lookForFolder(path);
  if (obstacle !== null) {
    const remedy = "Mend its permissions, or give another folder as the target's `path`.";
    return failed("target", `The CSN files belong into ${path}, but ${obstacle}.`, remedy, UNAVAILABLE);
  }
  return ok("target", existing === path ? `${path} can be written.` : `${path} is not there yet; the first sync makes it in ${existing}.`);
}

async function feedCheck(path: string): Promise<Check> {
  const found = await stat(path).catch(() => null);
  if (found?.isDirectory() === true)
    return failed("target", `The change feed ${path} is a folder.`, "Give a file as the target's `path`.", UNAVAILABLE);
  const written = found === null ? dirname(path) : path;
  try {
    await access(written, constants.W_OK);
  } catch (error) {
    return failed(
      "target",
      `The change feed ${path} cannot be written (${(error as Error).message}).`,
      "Mend the permissions, or give another `path`.",
      UNAVAILABLE,
    );
  }
  return ok(
    "target",
    found === null ? `The change feed ${path} is not there yet; the first sync makes it.` : `The change feed ${path} can be appended to.`,
  );
}
