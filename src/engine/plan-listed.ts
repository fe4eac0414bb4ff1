import { detect } from "../detect/detect.ts";
import type { Asset, AssetId } from "../model/asset.ts";
import type { Change, FieldChange } from "../model/change.ts";
import type { Checkpoint } from "../model/checkpoint.ts";
import type { RawFingerprint } from "../model/fingerprint.ts";
import type { Json } from "../model/json.ts";
import type { ReadResult } from "../model/listing.ts";
import type { FieldDrift } from "../model/outcome.ts";
import type { Step } from "../model/plan.ts";
import type { SpooledListing } from "../ports/spool.ts";
import type { Observed, Target } from "../ports/target.ts";
import { digestOf, entryOf } from "./entry.ts";
import type { PlanContext } from "./make-plan.ts";
import { noAnswer } from "./no-answer.ts";

/** A listed asset with all that was asked about it. */
export interface ListedCase {
  readonly listed: SpooledListing;
  readonly checkpoint: Checkpoint | null;
  /** Undefined where its token proves it equal, or the source gave no answer. */
  readonly read: ReadResult | undefined;
  /** What stands at its place, where that was looked at. */
  readonly observed: Observed | undefined;
  /** How its table differs from what was recorded, where the target was scanned. */
  readonly drift: readonly FieldDrift[];
}

/** Plans a listed asset: a write where it differs from what was applied or its table from what was written, else the renewal of its checkpoint. */
export function planListed(context: PlanContext, found: ListedCase): void {
  const { run, listing, draft } = context;
  const { listed, checkpoint, read } = found;
  const collision = listing.colliding.get(listed.id);
  // Whoever holds the place already keeps it; the newcomers are withheld.
  if (collision !== undefined && checkpoint?.target?.ref !== listed.ref) {
    const message = `${listed.id} and ${collision.others.join(", ")} would both be ${collision.ref} in the target. Rename one of them in the source.`;
    draft.withhold({
      asset_id: listed.id,
      change_type: checkpoint === null ? "created" : "modified",
      because: { code: "name_collision", message },
    });
    return;
  }
  if (read?.kind === "failed") {
    draft.fail(read.problem);
    return;
  }
  const asset = read?.kind === "asset" ? read.asset : checkpoint?.snapshot;
  if (asset === undefined) {
    draft.fail(noAnswer(listed.id));
    return;
  }
  if (read?.kind === "asset") for (const warning of read.warnings) draft.warn(warning);
  const token = tokenOf(found);
  compare(context, found, asset, token === null ? null : { token, basis: run.basis });
}

/** What stands for the asset from now on, so that an equal one proves it unchanged. */
function tokenOf({ listed, checkpoint, read }: ListedCase): string | null {
  switch (read?.kind) {
    case "asset":
      return read.token ?? listed.token;
    case "unchanged":
      return checkpoint?.raw?.token ?? null;
    case "failed":
    case undefined:
      return listed.token;
  }
}

function compare(context: PlanContext, found: ListedCase, read: Asset, raw: RawFingerprint | null): void {
  const { parts, run, draft } = context;
  const { target, settings } = parts;
  const { listed, checkpoint, observed, drift } = found;
  const detected = detect(read, checkpoint, settings.scheme, settings, {
    rawUnchanged: raw !== null && checkpoint?.raw?.token === raw.token,
  });
  // Where no facet differs the asset is the one applied: what the scheme passes over (ignored fields, case, a facet not hashed) is
  // neither a reason to write nor written along.
  const asset = detected.change === null && checkpoint !== null ? checkpoint.snapshot : read;
  const projection = target.project(asset, run.mark);
  if (checkpoint !== null && checkpoint.fingerprint.scheme !== run.scheme) draft.rehashed++;
  const moved = checkpoint !== null && checkpoint.target?.ref !== listed.ref;
  const change = detected.change ?? (projection.ok ? unforcedChange(asset.id, checkpoint, projection.fingerprint, found, moved) : null);
  const refresh = { asset_id: asset.id, entry: { raw, fingerprint: detected.fingerprint, mapping: target.mapping } };
  if (change === null) {
    draft.unchanged(refresh);
    return;
  }
  const withhold = (because: Extract<typeof projection, { ok: false }>["problem"]): void =>
    draft.withhold({ asset_id: asset.id, change_type: change.change_type, because: { code: because.code, message: because.message } });
  if (!projection.ok) {
    withhold(projection.problem);
    return;
  }
  if (moved && run.scopeChanged) {
    withhold({
      code: "scope_changed",
      message: `${asset.id} would move from ${checkpoint.target?.ref ?? "nowhere"} to ${listed.ref}, because the pipeline's scope or naming changed. Look at the plan with --accept-scope-change.`,
    });
    return;
  }
  const step: PutStep = {
    kind: "put",
    change: drift.length === 0 ? change : { ...change, fields: withDrift(change.fields, drift) },
    asset,
    fingerprint: detected.fingerprint,
    raw,
    ...(observed === undefined || observed.state === "unknown"
      ? {}
      : { revision: observed.state === "present" ? observed.revision : null }),
    ...(context.options.observe ? { recorded: checkpoint === null ? null : digestOf(entryOf(checkpoint)) } : {}),
    ...(drift.length === 0 ? {} : { repair: true as const }),
    ...(change.column_renames !== undefined && settings.renames === "carry" ? { carry_columns: true as const } : {}),
  };
  // A field that its policy leaves as it is (`hold`) differs for good: nothing is to be written for it alone.
  if (change.cause === "drift" && observed?.state === "present" && !preview(context, step, checkpoint, observed).writes) {
    draft.unchanged(refresh);
    return;
  }
  if (moved && checkpoint.target !== null) {
    draft.warn({
      asset_id: asset.id,
      code: "table_left_behind",
      message: `${asset.id} moves to ${listed.ref}; its table ${checkpoint.target.ref} stays behind as it is, with this pipeline's marks. Delete it by hand once nobody needs it.`,
    });
  }
  for (const warning of projection.warnings) draft.warn(warning);
  const { observe, full } = context.options;
  const isLookedAt = observe || full === true || checkpoint === null;
  if (observed !== undefined && isLookedAt) planPreviewed(context, step, checkpoint, observed);
  else draft.step(observed === undefined ? step : { ...step, observed: observed as unknown as Json });
}

type PutStep = Extract<Step, { kind: "put" }>;

// What people did to the table shows in the plan where it was looked at; apply finds it by compare-and-set.
function planPreviewed(context: PlanContext, step: PutStep, checkpoint: Checkpoint | null, observed: Observed): void {
  const { draft } = context;
  const { change } = step;
  const seen = preview(context, step, checkpoint, observed);
  for (const kept of seen.kept) draft.warn(kept);
  for (const withheld of seen.withheld) draft.withhold(withheld);
  const held = new Set(seen.withheld.flatMap((withheld) => (withheld.path === undefined ? [] : [withheld.path])));
  const wholly = seen.withheld.some((withheld) => withheld.path === undefined);
  const fields = change.fields.filter((field) => !held.has(field.path));
  if (wholly || (held.size > 0 && fields.length === 0)) return;
  draft.step({ ...step, change: { ...change, fields } });
}

function preview(
  { parts, run }: PlanContext,
  { change, asset, repair, carry_columns }: PutStep,
  checkpoint: Checkpoint | null,
  observed: Observed,
): ReturnType<Target["preview"]> {
  const known = { base: checkpoint?.target ?? null, decisions: checkpoint?.decisions ?? [] };
  return parts.target.preview({
    mark: run.mark,
    change,
    asset,
    ...known,
    observed,
    ...(repair === true ? { repair } : {}),
    ...(carry_columns === true ? { carry_columns } : {}),
  });
}

/** A reason to write an asset whose facets are all equal: our mapping moved, the table was edited, or a deletion mark stands on it. */
function unforcedChange(
  id: AssetId,
  checkpoint: Checkpoint | null,
  projected: string,
  { observed, drift }: ListedCase,
  moved: boolean,
): Change | null {
  if (checkpoint === null) return null;
  const base: Change = {
    asset_id: id,
    change_type: "metadata_changed",
    facets: ["metadata"],
    strategy: "metadata_only",
    cause: "source",
    fields: [],
  };
  const whole: Change = { ...base, change_type: "modified", facets: ["content", "metadata", "schema"], strategy: "full" };
  if (checkpoint.target === null || checkpoint.target.fingerprint !== projected || moved) return { ...whole, cause: "mapping" };
  const isEdited = drift.length > 0 || (observed?.state === "present" && observed.fingerprint !== projected);
  if (observed?.state === "absent" || isEdited) return { ...whole, cause: "drift" };
  return checkpoint.tombstone === null ? null : base;
}

function withDrift(fields: readonly FieldChange[], drift: readonly FieldDrift[]): readonly FieldChange[] {
  const named = new Set(fields.map(({ path }) => path));
  const repaired = drift.filter(({ path }) => !named.has(path));
  return [
    ...fields,
    ...repaired.map(({ path, ours, theirs }): FieldChange => ({
      path,
      ...(theirs === undefined ? {} : { old: theirs }),
      ...(ours === undefined ? {} : { new: ours }),
    })),
  ];
}
