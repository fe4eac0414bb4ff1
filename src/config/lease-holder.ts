import { join } from "node:path";
import { TidemarkError } from "../model/errors.ts";
import type { Holder } from "../ports/checkpoint-store.ts";
import { notedHolder } from "../stores/lock/holder-note.ts";
import { openStore } from "./assemble.ts";
import type { Pipeline } from "./pipeline.ts";

/** Who holds a pipeline's lease: by the note beside a lock of the kernel, or in the words of a database that refuses it. Null where it is free. */
export async function leaseHolder(pipeline: Pipeline): Promise<Holder | string | null> {
  const { storage_type, path } = pipeline.checkpoint_management;
  if (storage_type !== "postgres") return await notedHolder(join(path, pipeline.name));
  try {
    const lease = await (await openStore(pipeline)).acquire();
    await lease[Symbol.asyncDispose]();
    return null;
  } catch (error) {
    if (error instanceof TidemarkError && error.code === "lease_held") return error.message;
    throw error;
  }
}
