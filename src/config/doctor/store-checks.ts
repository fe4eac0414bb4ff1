import { join } from "node:path";
import { FAILURES, TidemarkError } from "../../model/errors.ts";
import type { Holder } from "../../ports/checkpoint-store.ts";
import { notedHolder } from "../../stores/lock/holder-note.ts";
import { openStore } from "../assemble.ts";
import type { Pipeline } from "../pipeline.ts";
import { type Check, failed, failedBy, ok, skipped, warning } from "./check.ts";
import { lookForFolder } from "./writable-folder.ts";

/** Whether the state can be written, can be trusted, and is free. Opens it for reading only. */
export async function* storeChecks(pipeline: Pipeline): AsyncGenerator<Check> {
  if (pipeline.checkpoint_management.storage_type === "postgres") {
    const { databaseChecks } = await import("./database-checks.ts");
    yield* databaseChecks(pipeline);
    return;
  }
  const folder = join(pipeline.checkpoint_management.path, pipeline.name);
  yield ok("sqlite", `Node ${process.versions.node} brings SQLite ${process.versions["sqlite"] ?? "of an unknown version"}.`);
  const store = await folderCheck(folder);
  yield store;
  const isThere = store.status === "ok";
  yield isThere ? await stateCheck(pipeline) : skipped("state", "Not asked: its folder is not to be had.");
  yield isThere ? await leaseCheck(folder) : skipped("lease", "Not asked: its folder is not to be had.");
}

async function folderCheck(folder: string): Promise<Check> {
  const { existing, obstacle } = await lookForFolder(folder);
  if (obstacle !== null) {
    const remedy = "Mend its permissions, or give another folder as `checkpoint_management.path`.";
    return failed("store", `The state belongs into ${folder}, but ${obstacle}.`, remedy, FAILURES.state_unwritable.exit);
  }
  const isThere = existing === folder;
  return ok("store", isThere ? `${folder} can be written.` : `${folder} is not there yet; the first sync makes it in ${existing}.`);
}

/** The whole state, not only what a run would read of it. */
export async function stateCheck(pipeline: Pipeline): Promise<Check> {
  try {
    const store = await openStore(pipeline);
    const [verification, head] = [await store.verify?.(), await headOf(store)];
    if (head === null) return ok("state", "There is no state yet; the first sync makes it.");
    const [problem] = verification?.problems ?? [];
    if (problem !== undefined) {
      const remedy =
        "`tidemark checkpoint verify` tells all; `tidemark checkpoint rebuild --set-aside` makes the state anew from the target.";
      return failed("state", `The state is damaged: ${problem}`, remedy, FAILURES.state_damaged.exit);
    }
    const count = verification?.checkpoints ?? 0;
    const what = `generation ${head.generation} with ${count} ${count === 1 ? "checkpoint" : "checkpoints"}`;
    if (head.clean) return ok("state", `The state is intact: ${what}.`);
    return warning(
      "state",
      `The state is intact: ${what}. Its last run did not end well, or is under way; the next one settles what it left.`,
    );
  } catch (error) {
    if (error instanceof TidemarkError) return failedBy("state", error);
    throw error;
  }
}

async function headOf(store: Awaited<ReturnType<typeof openStore>>): ReturnType<Awaited<ReturnType<typeof store.reader>>["head"]> {
  await using reader = await store.reader();
  return await reader.head();
}

async function leaseCheck(folder: string): Promise<Check> {
  return leaseSaid(await notedHolder(folder));
}

export function leaseSaid(holder: Holder | null): Check {
  if (holder === null) return ok("lease", "No run holds the lease.");
  return warning(
    "lease",
    `Process ${holder.pid} on ${holder.host} holds the lease since ${holder.since}.`,
    "Let that run end; another sync would answer with exit code 5 until then.",
  );
}
