import { spaceOf } from "../model/asset.ts";
import type { Change } from "../model/change.ts";
import type { CheckpointEntry } from "../model/checkpoint.ts";
import type { Presence } from "../model/listing.ts";
import type { Withheld } from "../model/plan.ts";
import { digestOf } from "./entry.ts";
import type { PlanContext } from "./make-plan.ts";

/** Plans an asset that is recorded and not listed: its deletion, where a complete listing and a read prove it gone. */
export function planVanished(context: PlanContext, entry: CheckpointEntry, presence: Presence): void {
  const { parts, draft } = context;
  const id = entry.asset_id;
  const withhold = (code: Withheld["because"]["code"], message: string): void =>
    draft.withhold({ asset_id: id, change_type: "deleted", because: { code, message } });
  const kept = whyKept(context, entry);
  if (kept === "silent") return;
  if (kept === "recovered") {
    withhold(
      "state_recovered",
      `${id} was not listed. This is the first run on a recovered state, which deletes nothing; the next one will.`,
    );
    return;
  }
  if (kept === "scope") {
    withhold(
      "scope_changed",
      `${id} is not in the pipeline's changed scope. Nothing is deleted for that: look at the plan with --accept-scope-change, or take it out on purpose with \`tidemark retire\`.`,
    );
    return;
  }
  if (presence === "withdrawn") {
    draft.warn({ asset_id: id, code: "asset_withdrawn", message: `${id} ${WITHDRAWN}` });
    return;
  }
  if (presence !== "gone") {
    withhold("deletion_unconfirmed", `${id} was not listed, and ${UNCONFIRMED[presence]}`);
    return;
  }
  const { grace_runs } = parts.settings.deletion;
  const ripe = grace_runs === 0 || (entry.tombstone !== null && entry.tombstone.confirmations >= grace_runs);
  if (entry.tombstone === null) draft.deletions++;
  const phase = grace_runs === 0 ? {} : { phase: ripe ? ("remove" as const) : ("mark" as const) };
  const change: Change = { asset_id: id, change_type: "deleted", facets: [], strategy: "deletion", cause: "source", fields: [], ...phase };
  const recorded = context.options.observe ? { recorded: digestOf(entry) } : {};
  draft.step({ kind: "delete", change, ref: entry.ref ?? parts.target.place(id).key, ...recorded });
}

const WITHDRAWN =
  "exists in the source and is no longer exposed for consumption, so that this pipeline does not cover it any more. It is kept as it stands: expose it again, or end that with `tidemark checkpoint forget`, which leaves its table, or `tidemark retire`.";

const UNCONFIRMED: { readonly [presence in Exclude<Presence, "gone" | "withdrawn">]: string } = {
  present: "yet a read finds it. It is kept.",
  forbidden:
    "the source refuses to say whether it is gone. It is kept: who may not read definitions confirms no deletion. Give the user that right, or delete it on purpose with `tidemark retire`.",
  unknown: "a read could not confirm that it is gone. It is kept; check that its space is readable.",
};

/** Why an asset that is not listed is kept without asking the source; null where a read may confirm that it is gone. `silent`: its space's incomplete listing tells it already. */
export function whyKept(
  { run, listing }: Pick<PlanContext, "run" | "listing">,
  entry: CheckpointEntry,
): "silent" | "scope" | "recovered" | null {
  const certificate = listing.certificates.get(spaceOf(entry.asset_id));
  if (run.scopeChanged || certificate === undefined) return "scope";
  if (!certificate.complete) return "silent";
  return run.head?.recovered === true ? "recovered" : null;
}
