import { spaceOf } from "../../model/asset.ts";
import type { Acknowledged } from "../../model/checkpoint.ts";
import type { Problem, ProblemCode } from "../../model/errors.ts";
import type { Json } from "../../model/json.ts";
import type { Withheld } from "../../model/plan.ts";
import type { Observed, PutRequest, WriteResult } from "../../ports/target.ts";
import { contended, failedWrite, type GlueParts, MERGE_ROUNDS, readOwn, readPlace } from "./glue-parts.ts";
import { type MergedTable, mergeTable } from "./merge-table.ts";
import { placeAt, placeOf } from "./naming.ts";
import { assumed, foreignness, isAssumed, type Present, tableIn } from "./observed-table.ts";
import type { Written } from "./revisions.ts";
import { inputOf, sameTable, type TableDocument } from "./table-document.ts";
import { toTable } from "./to-table.ts";

/**
 * Brings one table in step with its asset: merged into what stands there, by compare-and-set, and not written where that changes nothing.
 *
 * What stands there is known without a read as long as nobody else wrote: then the update goes through at the first attempt, because the
 * table is still the one last acknowledged. Otherwise the table is read, and merged anew.
 */
export async function putTable(parts: GlueParts, request: PutRequest, signal: AbortSignal): Promise<WriteResult> {
  const put = preparePut(parts, request);
  if ("status" in put) return put;
  let standing = known(parts, put) ?? (await readPlace(parts, put.ref, signal));
  for (let round = 1; round <= MERGE_ROUNDS; round++) {
    const attempt = await (standing.state === "absent"
      ? create(parts, put, signal)
      : standing.state === "unknown"
        ? unreadable(put, standing.problem)
        : update(parts, put, standing, signal));
    if (attempt === "moved") standing = await readPlace(parts, put.ref, signal);
    else if (attempt === "gone") standing = { state: "absent", ref: put.ref };
    else return attempt;
  }
  return contended(put.what, request.asset.id);
}

/** What {@link putTable} would do to the table that is known to stand there. */
export function previewPut(
  parts: GlueParts,
  request: PutRequest,
): { readonly writes: boolean; readonly kept: readonly Problem[]; readonly withheld: readonly Withheld[] } {
  const put = preparePut(parts, request);
  if ("status" in put) return { writes: false, kept: [], withheld: put.status === "withheld" ? [put.withheld] : [] };
  const { base, observed } = request;
  const standing = observed?.ref === put.ref && observed.state !== "unknown" ? observed : base?.ref === put.ref ? assumed(base) : null;
  if (standing?.state !== "present") return { writes: true, kept: [], withheld: [] };
  const foreign = isAssumed(standing) ? null : foreignness(standing, request.mark, request.asset.id, request.adopt);
  if (foreign !== null) return { writes: false, kept: [], withheld: [withheldFor(request, foreign)] };
  const { table, kept, withheld } = merged(parts, put, standing);
  return { writes: !sameTable(table, tableIn(standing.document)), kept, withheld };
}

/** A put whose projection is made. */
interface Put {
  readonly request: PutRequest;
  readonly ref: string;
  readonly ours: TableDocument;
  readonly fingerprint: string;
  /** For messages. */
  readonly what: string;
}

type Attempt = WriteResult | "moved" | "gone";

function preparePut(parts: GlueParts, request: PutRequest): Put | Extract<WriteResult, { status: "withheld" }> {
  const projection = toTable(request.asset, request.mark, parts.mapping);
  if (!projection.ok) return { status: "withheld", withheld: withheldFor(request, projection.problem) };
  const ref = placeOf(request.asset.id, parts.mapping.naming).key;
  return {
    request,
    ref,
    ours: projection.table,
    fingerprint: projection.fingerprint,
    what: `Writing ${request.asset.id} to ${ref} in AWS Glue`,
  };
}

/** What stands at the place, as far as it is known without a read; null where a read must tell. */
function known({ revisions, looksBeforeFirstUpdate }: GlueParts, { ref, request: { base, observed } }: Put): Observed | null {
  if (observed?.ref === ref && observed.state !== "unknown") return observed;
  if (base === null || base.ref !== ref) return { state: "absent", ref };
  if (looksBeforeFirstUpdate && revisions.isFirst(base.revision)) return null;
  return revisions.compares(base.revision) ? assumed(base) : null;
}

function unreadable({ request }: Put, problem: Problem): Attempt {
  return { status: "refused", again: false, problem: { ...problem, asset_id: request.asset.id } };
}

async function create(parts: GlueParts, put: Put, signal: AbortSignal): Promise<Attempt> {
  const { request, ref, what } = put;
  const { database } = placeAt(ref);
  const obstacle = await parts.databases.ensure(database, spaceOf(request.asset.id), request.mark, signal);
  if (obstacle?.kind === "foreign")
    return {
      status: "withheld",
      withheld: withheldFor(request, { code: "target_foreign", message: `${request.asset.id} cannot be written: ${obstacle.message}.` }),
    };
  if (obstacle !== null) return failedWrite(parts, obstacle, `${what}, in a database that is needed first,`, request.asset.id);
  const carried = await withCarried(parts, put, signal);
  const created = await parts.calls.write(
    (glue, options) =>
      glue.createTable({ CatalogId: parts.catalogId, DatabaseName: database, TableInput: inputOf(carried.table) }, options),
    signal,
  );
  if (created.ok) {
    const written = await parts.revisions.afterCreate(carried.table as unknown as Json, () =>
      readOwn(parts, ref, request.mark, request.asset.id, signal),
    );
    return applied(parts, put, written, carried);
  }
  if (created.kind === "exists") return "moved";
  if (created.kind !== "absent") return failedWrite(parts, created, what, request.asset.id);
  parts.databases.forget(database);
  return "gone";
}

/** The table to create, with what people wrote on that of the asset it was renamed from: as it stands there now, else as last acknowledged. */
async function withCarried(parts: GlueParts, { request, ours }: Put, signal: AbortSignal): Promise<MergedTable> {
  const { asset, change, carry } = request;
  if (carry === undefined) return { table: ours, ...NOTHING_TO_TELL };
  const old = await readPlace(parts, carry.ref, signal);
  const theirs = tableIn(old.state === "present" ? old.document : carry.document);
  const result = mergeTable({
    asset,
    change,
    ours,
    theirs,
    acknowledged: tableIn(carry.document),
    decisions: [],
    policyFor: parts.policyFor,
  });
  return { ...result, table: { ...result.table, Name: ours.Name } };
}

async function update(parts: GlueParts, put: Put, standing: Present, signal: AbortSignal): Promise<Attempt> {
  const { request, ref, what } = put;
  const foreign = isAssumed(standing) ? null : foreignness(standing, request.mark, request.asset.id, request.adopt);
  if (foreign !== null) return { status: "withheld", withheld: withheldFor(request, foreign) };
  const result = merged(parts, put, standing);
  if (sameTable(result.table, tableIn(standing.document))) return applied(parts, put, standing, result);
  const updated = await parts.calls.write(
    (glue, options) =>
      glue.updateTable(
        {
          CatalogId: parts.catalogId,
          DatabaseName: placeAt(ref).database,
          TableInput: inputOf(result.table),
          VersionId: standing.revision,
          SkipArchive: parts.skipArchive(tableIn(standing.document), result.table),
        },
        options,
      ),
    signal,
  );
  if (updated.ok) {
    const written = await parts.revisions.afterUpdate(standing.revision, result.table as unknown as Json, () =>
      readOwn(parts, ref, request.mark, request.asset.id, signal),
    );
    return applied(parts, put, written, result);
  }
  if (updated.kind === "stale") return "moved";
  return updated.kind === "absent" ? "gone" : failedWrite(parts, updated, what, request.asset.id);
}

function merged(parts: GlueParts, { request, ours }: Put, standing: Present): MergedTable {
  const { asset, change, base, decisions, repair = false, carry_columns = false } = request;
  return mergeTable({
    asset,
    change,
    repair,
    carryColumns: carry_columns,
    ours,
    theirs: tableIn(standing.document),
    acknowledged: base === null ? null : tableIn(base.document),
    decisions,
    policyFor: parts.policyFor,
  });
}

const NOTHING_TO_TELL = { kept: [], withheld: [], decisions: [] };

function applied(
  parts: GlueParts,
  { ref, fingerprint }: Put,
  { revision, document }: Written,
  { kept, withheld, decisions }: Omit<MergedTable, "table">,
): WriteResult {
  const acknowledged: Acknowledged = { ref, revision, document: plain(document), fingerprint, mapping: parts.mappingName };
  return { status: "applied", acknowledged, decisions, kept, withheld };
}

/** Without members that are there and undefined. */
function plain(document: Json): Json {
  return JSON.parse(JSON.stringify(document)) as Json;
}

function withheldFor({ asset, change }: PutRequest, because: { readonly code: ProblemCode; readonly message: string }): Withheld {
  return { asset_id: asset.id, change_type: change.change_type, because: { code: because.code, message: because.message } };
}
