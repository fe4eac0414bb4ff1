import { TidemarkError } from "../../model/errors.ts";

/** The state cannot be trusted. `reason` goes on from "The state … is damaged: ". */
export function stateDamaged(path: string, reason: string, cause?: unknown): TidemarkError {
  return new TidemarkError("state_damaged", `The state ${path} is damaged: ${reason}.`, {
    remedy:
      "It is left as it is. `tidemark sync` falls back to the copy and the journal beside it, where these are whole. Else `tidemark checkpoint repair` takes the newest good backup, and `tidemark checkpoint rebuild --set-aside` makes the state anew from the marks in the target.",
    cause,
  });
}

/** The state cannot be written, or not even opened. `reason` goes on from "The state … cannot be written: ". */
export function stateUnwritable(path: string, reason: string, cause?: unknown): TidemarkError {
  return new TidemarkError("state_unwritable", `The state ${path} cannot be written: ${reason}. What it held before stands.`, {
    remedy: "Make room on the disk or mend the folder's permissions, then run again.",
    cause,
  });
}

/** The state's file is gone, and what was kept beside it is not. */
export function stateGone(path: string): TidemarkError {
  return new TidemarkError("state_lost", `The state ${path} is missing, and its journal is still there.`, {
    remedy: "Put the file back, or recover the state from the marks in the target with `tidemark checkpoint rebuild`.",
  });
}

/** Someone wrote the state while this run held its lease. */
export function leaseLost(path: string, reason: string): TidemarkError {
  return new TidemarkError("lease_lost", `The lease on the state ${path} was lost: ${reason}. This run wrote nothing more to it.`, {
    remedy: "Run again when the other run has ended, and leave the lock file where it is.",
  });
}

/** What a failed operation on a file of the state says, as the failure that ends the command. Any other error comes back as it is. */
export function fileFailure(error: unknown, path: string): unknown {
  if (error instanceof TidemarkError || !(error instanceof Error)) return error;
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (typeof syscall !== "string") return error;
  return stateUnwritable(path, code === "ENOSPC" ? "the disk is full" : error.message, error);
}
