import type { Json } from "../../model/json.ts";
import type { DeleteRequest, Observed, WriteResult } from "../../ports/target.ts";
import { contended, failedWrite, type GlueParts, MERGE_ROUNDS, readOwn, readPlace } from "./glue-parts.ts";
import { MARK } from "./marks.ts";
import { applied, notToDelete } from "./not-to-delete.ts";
import { placeAt } from "./naming.ts";
import { assumed, isAssumed, type Present, tableIn } from "./observed-table.ts";
import { textOf } from "./parameter-texts.ts";
import { inputOf } from "./table-document.ts";

/**
 * First phase of a deletion: the tombstone is set by compare-and-set, which Glue's delete does not offer. Whoever writes to the table
 * afterwards, or brings the asset back, is seen by the second phase.
 */
export async function markTable(parts: GlueParts, request: DeleteRequest, signal: AbortSignal): Promise<WriteResult> {
  const { asset_id, ref, mark, base, generation } = request;
  const what = `Marking ${asset_id} (${ref}) in AWS Glue for deletion`;
  // Somebody may have dropped a table that we never updated, and made one of their own: it bears the same revision, and is not ours to delete.
  const isTelling = base?.ref === ref && parts.revisions.compares(base.revision) && !parts.revisions.isFirst(base.revision);
  const known = isTelling ? assumed(base) : null;
  // One that was marked before may be removed by now.
  let standing: Observed = known === null || isMarked(known) ? await readPlace(parts, ref, signal) : known;
  for (let round = 1; round <= MERGE_ROUNDS; round++) {
    if (standing.state !== "present" || !isAssumed(standing)) {
      const obstacle = notToDelete(request, standing);
      if (obstacle !== null) return obstacle;
    }
    const { revision, document, fingerprint } = standing as Present;
    const table = tableIn(document);
    if (isMarked(standing as Present)) return applied({ ref, revision, document, fingerprint, mapping: parts.mappingName });
    const marked = { ...table, Parameters: { ...table.Parameters, [MARK.tombstone]: String(generation) } };
    const updated = await parts.calls.write(
      (glue, options) =>
        glue.updateTable(
          {
            CatalogId: parts.catalogId,
            DatabaseName: placeAt(ref).database,
            TableInput: inputOf(marked),
            VersionId: revision,
            SkipArchive: parts.skipArchive(table, marked),
          },
          options,
        ),
      signal,
    );
    if (updated.ok) {
      const written = await parts.revisions.afterUpdate(revision, marked as unknown as Json, () =>
        readOwn(parts, ref, mark, asset_id, signal),
      );
      return applied({ ref, ...written, fingerprint, mapping: parts.mappingName });
    }
    if (updated.kind === "absent") return applied(null);
    if (updated.kind !== "stale") return failedWrite(parts, updated, what, asset_id);
    standing = await readPlace(parts, ref, signal);
  }
  return contended(what, asset_id);
}

function isMarked({ document }: Present): boolean {
  return textOf(tableIn(document).Parameters ?? {}, MARK.tombstone) !== null;
}
