import type { DeleteRequest, Observed, WriteResult } from "../../ports/target.ts";
import type { Called } from "./calls.ts";
import { deleteIfEmpty } from "./empty-databases.ts";
import { type Failure, failureOf } from "./errors.ts";
import { failedWrite, type GlueParts } from "./glue-parts.ts";
import { placeAt } from "./naming.ts";
import { applied, notToDelete } from "./not-to-delete.ts";
import type { TableReader } from "./observe-tables.ts";

/**
 * Second phase of a deletion: the tables are read with few requests, and those that are still ours and still bear the tombstone are
 * deleted, a hundred of a database at a time. The answers are in the order of the requests.
 *
 * Glue's deletion cannot compare, so what somebody does between the look and the deletion is not seen, for a hundred tables as for one.
 */
export async function removeTables(
  parts: GlueParts,
  reader: Pick<TableReader, "observe">,
  requests: readonly DeleteRequest[],
  signal: AbortSignal,
): Promise<readonly WriteResult[]> {
  const observed = await reader.observe([...new Set(requests.map(({ ref }) => ref))], signal);
  const answers = new Map<DeleteRequest, WriteResult>();
  const doomed: DeleteRequest[] = [];
  for (const request of requests) {
    const standing = observed.get(request.ref) as Observed;
    const obstacle = notToDelete(request, standing) ?? unmarked(request, standing);
    if (obstacle === null) doomed.push(request);
    else answers.set(request, obstacle);
  }
  for (const [database, inOne] of Map.groupBy(doomed, ({ ref }) => placeAt(ref).database)) {
    for (let at = 0; at < inOne.length; at += MOST_DELETED)
      for (const [request, answer] of await deleteFrom(parts, database, inOne.slice(at, at + MOST_DELETED), signal))
        answers.set(request, answer);
    if (!parts.deleteEmptyDatabases) continue;
    const last = inOne.findLast((request) => answers.get(request)?.status === "applied");
    const left = last === undefined ? null : await deleteIfEmpty(parts, database, last.mark, signal);
    if (last !== undefined && left !== null) answers.set(last, applied(null, [left]));
  }
  return requests.map((request) => answers.get(request) as WriteResult);
}

/** Glue's most for a call. */
const MOST_DELETED = 100;

function unmarked({ asset_id, ref }: DeleteRequest, standing: Observed): WriteResult | null {
  if (standing.state !== "present" || standing.mark?.tombstone != null) return null;
  const message = `Deleting ${asset_id} (${ref}) in AWS Glue was not done: the table no longer bears the deletion mark that was set on it. Run again: the asset is looked at anew.`;
  return { status: "refused", again: false, problem: { asset_id, code: "write_failed", message } };
}

async function deleteFrom(
  parts: GlueParts,
  database: string,
  requests: readonly DeleteRequest[],
  signal: AbortSignal,
): Promise<readonly (readonly [DeleteRequest, WriteResult])[]> {
  const names = requests.map(({ ref }) => placeAt(ref).table);
  const called = await deleteNamed(parts, database, names, signal);
  const failed = called.ok ? called.value : new Map(names.map((name) => [name, called]));
  return requests.map((request) => {
    const failure = failed.get(placeAt(request.ref).table);
    const { asset_id, ref } = request;
    const isGone = failure === undefined || failure.kind === "absent";
    return [request, isGone ? applied(null) : failedWrite(parts, failure, `Deleting ${asset_id} (${ref}) in AWS Glue`, asset_id)];
  });
}

/** Deletes tables, and answers with those that could not be. A batch succeeds as a whole and tells its failures inside. */
async function deleteNamed(
  { calls, catalogId }: GlueParts,
  database: string,
  names: readonly string[],
  signal: AbortSignal,
): Promise<Called<ReadonlyMap<string, Failure>>> {
  const [name] = names;
  if (names.length === 1 && name !== undefined) {
    const one = await calls.write(
      (glue, options) => glue.deleteTable({ CatalogId: catalogId, DatabaseName: database, Name: name }, options),
      signal,
    );
    return one.ok ? { ok: true, value: new Map() } : one;
  }
  const batch = await calls.write(
    (glue, options) => glue.batchDeleteTable({ CatalogId: catalogId, DatabaseName: database, TablesToDelete: [...names] }, options),
    signal,
  );
  if (!batch.ok) return batch;
  const errors = (batch.value.Errors ?? []).map(({ TableName = "", ErrorDetail: { ErrorCode = "", ErrorMessage = "" } = {} }) => [
    TableName.toLowerCase(),
    failureOf({ name: ErrorCode, message: ErrorMessage }),
  ]);
  return { ok: true, value: new Map(errors as [string, Failure][]) };
}
