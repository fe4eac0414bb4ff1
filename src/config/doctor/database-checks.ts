import { TidemarkError } from "../../model/errors.ts";
import { openPostgres } from "../open-postgres.ts";
import type { Pipeline } from "../pipeline.ts";
import { type Check, failedBy, ok, skipped } from "./check.ts";
import { leaseSaid, stateCheck } from "./store-checks.ts";

/** The same of a state in PostgreSQL: whether the server can be reached, the state can be trusted, and its lease is free. */
export async function* databaseChecks(pipeline: Pipeline): AsyncGenerator<Check> {
  const asked = await askHolder(pipeline);
  if ("failed" in asked) {
    yield asked.failed;
    for (const name of ["state", "lease"]) yield skipped(name, "Not asked: the server is not to be had.");
    return;
  }
  yield ok("store", `${asked.shown} can be reached.`);
  yield await stateCheck(pipeline);
  yield leaseSaid(asked.holder);
}

async function askHolder(
  pipeline: Pipeline,
): Promise<{ readonly failed: Check } | { readonly shown: string; readonly holder: Parameters<typeof leaseSaid>[0] }> {
  try {
    const store = await openPostgres(pipeline);
    return { shown: store.shown, holder: await store.holder() };
  } catch (error) {
    if (error instanceof TidemarkError) return { failed: failedBy("store", error) };
    throw error;
  }
}
