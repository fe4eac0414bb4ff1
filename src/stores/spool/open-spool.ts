import { rmSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TidemarkError } from "../../model/errors.ts";
import type { Spool } from "../../ports/spool.ts";
import { Listing } from "./listing.ts";
import { PlanFile } from "./plan-file.ts";

/**
 * Opens a spool in a new folder (mode 0700) below the system's temporary folder: the listing in sorted runs, because it is
 * asked for in order, the plan in a file of JSON lines, because it is only appended to and read back. Gone when disposed of, and when
 * the process exits without that; only a process that is killed leaves it.
 */
export async function openSpool(parent: string = tmpdir()): Promise<Spool> {
  const folder = await makeFolder(parent);
  const removeAtExit = (): void => rmSync(folder, { recursive: true, force: true });
  process.once("exit", removeAtExit);
  const listing = new Listing({ path: join(folder, "listing") });
  const plan = new PlanFile(join(folder, "plan.ndjson"));
  const reporting = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw asFailure(error, folder);
    }
  };
  return {
    list: async (items, refs) => reporting(() => listing.add(items, refs)),
    listText: async (listed, refs) => reporting(() => listing.addText(listed, refs)),
    sum: async () => reporting(() => listing.sum()),
    pages: async function* () {
      yield* listing.pages();
    },
    listed: async function* () {
      yield* listing.rows();
    },
    collisions: async function* () {
      yield* listing.collisions();
    },
    append: (records) =>
      plan.append(records).catch((error: unknown) => {
        throw asFailure(error, folder);
      }),
    records: (parts) => plan.pages(parts),
    [Symbol.asyncDispose]: async () => {
      process.off("exit", removeAtExit);
      listing.close();
      await plan.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function makeFolder(parent: string): Promise<string> {
  try {
    return await mkdtemp(join(parent, "tidemark-"));
  } catch (error) {
    throw asFailure(error, parent);
  }
}

/** A temporary folder that cannot be written ends the run before anything else is. */
function asFailure(error: unknown, folder: string): unknown {
  const { syscall } = error as NodeJS.ErrnoException;
  if (syscall === undefined) return error;
  return new TidemarkError(
    "state_unwritable",
    `The temporary folder ${folder}, which holds the listing and the plan of this run, cannot be written: ${(error as Error).message}.`,
    {
      remedy: "Make room there, or point TMPDIR at a folder with room.",
      cause: error,
    },
  );
}
