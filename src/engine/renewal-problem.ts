import type { Problem, TidemarkError } from "../model/errors.ts";

/** What a store could not do behind a commit, as a problem of the run that committed. */
export function renewalProblem({ code, message }: TidemarkError): Problem {
  return {
    code: code === "state_damaged" ? "state_unsound" : "copy_failed",
    message: `No new copy of the state could take its journal's place, which grows until a run can make one: ${message}`,
  };
}
