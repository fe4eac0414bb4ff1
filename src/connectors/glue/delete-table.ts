import type { Acknowledged } from "../../model/checkpoint.ts";
import type { Json } from "../../model/json.ts";
import type { DeleteRequest, Observed, WriteResult } from "../../ports/target.ts";
import { contended, failedWrite, type GlueParts, MERGE_ROUNDS, readOwn, readPlace } from "./glue-parts.ts";
import { MARK } from "./marks.ts";
import { placeAt } from "./naming.ts";
import { assumed, foreignness, isAssumed, type Present, tableIn } from "./observed-table.ts";
import { textOf } from "./parameter-texts.ts";
import { inputOf } from "./table-document.ts";

/**
 * First phase of a deletion: the tombstone is set by compare-and-set, which Glue's delete does not offer. Whoever writes to the table
 * afterwards, or brings the asset back, is seen by the second phase.
 */
export async function markTable(parts: GlueParts, request: DeleteRequest, signal: AbortSignal): Promise<WriteResult> {
  const { asset_id, ref, mark, base, generation } = request;
  const what = `Marking ${asset_id} (${ref}) in AWS Glue for deletion`;
  const known = base?.ref === ref && parts.revisions.compares(base.revision) ? assumed(base) : null;
  // One that was marked before may be removed by now.
  let standing: Observed = known === null || isMarked(known) ? await readPlace(parts, ref, signal) : known;
  for (let round = 1; round <= MERGE_ROUNDS; round++) {
    if (standing.state !== "present" || !isAssumed(standing)) {
      const obstacle = notToDelete(request, standing);
      if (obstacle !== null) return obstacle;
    }
    const { revision, document, fingerprint } = standing as Present;
    const table = tableIn(document);
    if (isMarked(standing as Present)) return done({ ref, revision, document, fingerprint, mapping: parts.mappingName });
    const marked = { ...table, Parameters: { ...table.Parameters, [MARK.tombstone]: String(generation) } };
    const updated = await parts.calls.write(
      (glue, options) =>
        glue.updateTable(
          {
            CatalogId: parts.catalogId,
            DatabaseName: placeAt(ref).database,
            TableInput: inputOf(marked),
            VersionId: revision,
            SkipArchive: parts.skipArchive,
          },
          options,
        ),
      signal,
    );
    if (updated.ok) {
      const written = await parts.revisions.afterUpdate(revision, marked as unknown as Json, () =>
        readOwn(parts, ref, mark, asset_id, signal),
      );
      return done({ ref, ...written, fingerprint, mapping: parts.mappingName });
    }
    if (updated.kind === "absent") return done(null);
    if (updated.kind !== "stale") return failedWrite(parts, updated, what, asset_id);
    standing = await readPlace(parts, ref, signal);
  }
  return contended(what, asset_id);
}

/** Second phase: the table is read, and deleted if it is still ours and still bears the tombstone. */
export async function removeTable(parts: GlueParts, request: DeleteRequest, signal: AbortSignal): Promise<WriteResult> {
  const { asset_id, ref } = request;
  const what = `Deleting ${asset_id} (${ref}) in AWS Glue`;
  const standing = await readPlace(parts, ref, signal);
  const obstacle = notToDelete(request, standing);
  if (obstacle !== null) return obstacle;
  if ((standing as Present).mark?.tombstone == null) {
    const message = `${what} was not done: the table no longer bears the deletion mark that was set on it. Run again: the asset is looked at anew.`;
    return { status: "refused", again: false, problem: { asset_id, code: "write_failed", message } };
  }
  const { database, table } = placeAt(ref);
  const deleted = await parts.calls.write(
    (glue, options) => glue.deleteTable({ CatalogId: parts.catalogId, DatabaseName: database, Name: table }, options),
    signal,
  );
  return deleted.ok || deleted.kind === "absent" ? done(null) : failedWrite(parts, deleted, what, asset_id);
}

function isMarked({ document }: Present): boolean {
  return textOf(tableIn(document).Parameters ?? {}, MARK.tombstone) !== null;
}

/** The answer where there is nothing to delete, or nothing of ours; null for our table of that asset. */
function notToDelete({ asset_id, mark }: DeleteRequest, standing: Observed): WriteResult | null {
  if (standing.state === "absent") return done(null);
  if (standing.state === "unknown") return { status: "refused", again: false, problem: { ...standing.problem, asset_id } };
  const because = foreignness(standing, mark, asset_id);
  return because === null ? null : { status: "withheld", withheld: { asset_id, change_type: "deleted", because } };
}

function done(acknowledged: Acknowledged | null): WriteResult {
  return { status: "applied", acknowledged, decisions: [], kept: [], withheld: [] };
}
