import type { Check } from "../../../config/doctor/check.ts";
import { resultJson } from "./envelope.ts";

/** What `doctor --json` prints. The pipeline is null where the configuration does not tell it. */
export function doctorJson(pipeline: string | null, checks: readonly Check[]): string {
  return resultJson({
    pipeline,
    checks: checks.map(({ name, status, message, remedy }) => ({ name, status, message, ...(remedy === undefined ? {} : { remedy }) })),
  });
}
