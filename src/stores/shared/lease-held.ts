import { TidemarkError } from "../../model/errors.ts";
import type { Holder } from "../../ports/checkpoint-store.ts";

/** Another run holds the lease on the state in this folder. */
export function leaseHeld(folder: string, holder: Holder | null): TidemarkError {
  const who = holder === null ? "another run" : `process ${holder.pid} on ${holder.host} since ${holder.since}`;
  return new TidemarkError("lease_held", `The state in ${folder} is in use: ${who} holds its lease.`, {
    remedy: "Wait for that run to end. If it died, its lease is free at once.",
  });
}
