import { TidemarkError } from "../../model/errors.ts";

/** Where the lines of a change feed go. */
export interface Feed {
  /** Adds a line, its end included. It is durable, as far as its place can be, once the promise resolves; throws `target_unavailable`. */
  append(line: string): Promise<void>;
  close(): Promise<void>;
}

/** Ends a run whose feed takes no more lines. */
export function feedUnavailable(place: string, error: unknown, mend: string): TidemarkError {
  return new TidemarkError("target_unavailable", `Could not append to the change feed ${place}: ${(error as Error).message}.`, {
    remedy: `${mend}, then run again: what was not acknowledged is written then.`,
    cause: error,
  });
}
