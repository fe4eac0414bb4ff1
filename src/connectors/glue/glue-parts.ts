import type { Problem } from "../../model/errors.ts";
import type { AssetId } from "../../model/asset.ts";
import type { Observed, OwnerMark, WriteResult } from "../../ports/target.ts";
import { type GlueCalls, unavailable } from "./calls.ts";
import type { Databases } from "./databases.ts";
import { type Failure, problemCodeOf } from "./errors.ts";
import { placeAt } from "./naming.ts";
import { foreignness, observedTable, type Present } from "./observed-table.ts";
import type { Revisions } from "./revisions.ts";
import type { PolicyFor } from "../../model/merge-policy.ts";
import type { TableDocument } from "./table-document.ts";
import type { MappingOptions } from "./to-table.ts";

/** What the operations of one Glue target share. */
export interface GlueParts {
  readonly calls: GlueCalls;
  readonly databases: Databases;
  readonly revisions: Revisions;
  /** For messages: endpoint or region. */
  readonly address: string;
  readonly catalogId: string | undefined;
  readonly mapping: MappingOptions;
  /** {@link Target.mapping}. */
  readonly mappingName: string;
  /** Whether an update that makes the one table the other leaves no archived version. */
  readonly skipArchive: (before: TableDocument, after: TableDocument) => boolean;
  /** Whether a table at its first revision is read before it is updated. */
  readonly looksBeforeFirstUpdate: boolean;
  readonly deleteEmptyDatabases: boolean;
  readonly policyFor: PolicyFor;
}

/** Rounds of reading anew and merging anew when others write at the same time. */
export const MERGE_ROUNDS = 4;

/** Reads one place. Access denied is told as unknown, never as absent. */
export async function readPlace(parts: GlueParts, ref: string, signal: AbortSignal): Promise<Observed> {
  const { database, table } = placeAt(ref);
  const called = await parts.calls.read(
    (glue, options) => glue.getTable({ CatalogId: parts.catalogId, DatabaseName: database, Name: table }, options),
    signal,
  );
  if (called.ok) return called.value.Table === undefined ? { state: "absent", ref } : observedTable(ref, called.value.Table);
  if (called.kind === "absent") return { state: "absent", ref };
  return { state: "unknown", ref, problem: problemOf(called, `Reading ${ref} in AWS Glue`) };
}

/** Our table after a write of ours took effect; null where it cannot be read, or is ours no longer. */
export async function readOwn(parts: GlueParts, ref: string, mark: OwnerMark, id: AssetId, signal: AbortSignal): Promise<Present | null> {
  try {
    const seen = await readPlace(parts, ref, signal);
    return seen.state === "present" && foreignness(seen, mark, id) === null ? seen : null;
  } catch {
    // The effect took place, whatever became of this look at it.
    return null;
  }
}

/** The answer for a write that failed. Throws where no other write can succeed either. */
export function failedWrite(parts: GlueParts, failure: Failure, what: string, id: AssetId): WriteResult {
  if (failure.kind === "credentials") throw unavailable(parts.address, failure);
  const problem = { asset_id: id, ...problemOf(failure, what) };
  if (failure.kind === "unknown") return { status: "unknown", problem };
  const again = failure.kind === "throttled" || failure.kind === "later" || failure.kind === "unreachable";
  return { status: "refused", again, problem };
}

/** The answer where others wrote in every round. */
export function contended(what: string, id: AssetId): WriteResult {
  return {
    status: "refused",
    again: true,
    problem: {
      asset_id: id,
      code: "write_failed",
      message: `${what} was given up for now: somebody else wrote to the table in each of ${MERGE_ROUNDS} attempts.`,
    },
  };
}

/** What a failed call is reported as. */
export function problemOf(failure: Failure, what: string): Problem {
  const ending =
    failure.kind === "unknown"
      ? "got no answer that tells whether it took effect"
      : failure.kind === "unreachable"
        ? "reached nobody"
        : "was refused";
  return { code: problemCodeOf(failure.kind), message: `${what} ${ending} (${failure.message}).` };
}
