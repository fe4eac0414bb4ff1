import type { Acknowledged } from "../../model/checkpoint.ts";
import type { Problem } from "../../model/errors.ts";
import type { DeleteRequest, Observed, WriteResult } from "../../ports/target.ts";
import { foreignness } from "./observed-table.ts";

/** The answer where there is nothing to delete, or nothing of ours; null for our table of that asset. */
export function notToDelete({ asset_id, mark }: DeleteRequest, standing: Observed): WriteResult | null {
  if (standing.state === "absent") return applied(null);
  if (standing.state === "unknown") return { status: "refused", again: false, problem: { ...standing.problem, asset_id } };
  const because = foreignness(standing, mark, asset_id);
  return because === null ? null : { status: "withheld", withheld: { asset_id, change_type: "deleted", because } };
}

/** The answer for a phase of a deletion that took effect, with warnings. */
export function applied(acknowledged: Acknowledged | null, kept: readonly Problem[] = []): WriteResult {
  return { status: "applied", acknowledged, decisions: [], kept, withheld: [] };
}
