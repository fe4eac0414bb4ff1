import type { Problem, TidemarkError } from "../model/errors.ts";

/** Why a store could not copy the state anew behind a commit, as a problem of the run that committed. */
export function copyProblem({ code, message }: TidemarkError): Problem {
  return {
    code: code === "state_damaged" ? "state_unsound" : "copy_failed",
    message: `The state's journal could not be replaced, and grows until a run can replace it: ${message}`,
  };
}
