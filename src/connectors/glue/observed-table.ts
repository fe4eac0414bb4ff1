import type { Table } from "@aws-sdk/client-glue";
import type { AssetId } from "../../model/asset.ts";
import type { Acknowledged } from "../../model/checkpoint.ts";
import type { ProblemCode } from "../../model/errors.ts";
import type { Json } from "../../model/json.ts";
import type { Observed, ObservedMark, OwnerMark } from "../../ports/target.ts";
import { fingerprintOf } from "./fingerprint.ts";
import { MARK } from "./marks.ts";
import { textOf } from "./parameter-texts.ts";
import { documentOf, type Parameters, type TableDocument } from "./table-document.ts";

/** A table that is there, as it was read. */
export type Present = Extract<Observed, { state: "present" }>;

/** Of a table whose revision could not be learned: it is read before the next write. */
export const UNKNOWN_REVISION = "";

/** What a read of a table tells. Of a table that is none of ours to touch it tells no mark, whatever its parameters say. */
export function observedTable(ref: string, table: Table): Present {
  const document = documentOf(table);
  const other = untouchable(table);
  return {
    state: "present",
    ref,
    revision: table.VersionId ?? UNKNOWN_REVISION,
    document: document as unknown as Json,
    mark: other === null ? markOf(document.Parameters ?? {}) : null,
    fingerprint: fingerprintOf(document),
    ...(other !== null && { untouchable: other }),
  };
}

/** The table behind a document of an {@link Observed} or of a checkpoint. */
export function tableIn(document: Json): TableDocument {
  return document as unknown as TableDocument;
}

/** The table as last acknowledged, which it still is while nobody else wrote. */
export function assumed({ ref, revision, document, fingerprint }: Acknowledged): Present {
  return { state: "present", ref, revision, document, mark: null, fingerprint, [ASSUMED]: true } as Present;
}

/** True for what {@link assumed} made: ours, and not looked at. */
export function isAssumed(table: Present): boolean {
  return ASSUMED in table;
}

const ASSUMED = Symbol("assumed");

/**
 * Why a table is not ours to write: null where it is ours for that very asset. With `adopt` a table of nobody's, or of another history
 * of this pipeline, is ours to take over; what Tidemark never writes, and what another pipeline keeps, is not.
 */
export function foreignness(
  observed: Present,
  mark: OwnerMark,
  id: AssetId,
  adopt: boolean = false,
): { readonly code: ProblemCode; readonly message: string } | null {
  const found = observed.mark;
  const foreign = (what: string): { readonly code: ProblemCode; readonly message: string } => ({
    code: "target_foreign",
    message: `${id} belongs in ${observed.ref}, and there ${what}. It is not touched. Rename one of the two${observed.untouchable === undefined ? ", or take the table over with `tidemark adopt`" : ""}.`,
  });
  if (found === null && adopt && observed.untouchable === undefined) return null;
  if (found === null) return foreign(`stands ${observed.untouchable ?? "a table"} that Tidemark did not make`);
  if (found.pipeline !== mark.pipeline) return foreign(`stands a table of pipeline ${found.pipeline}`);
  if (found.lineage !== mark.lineage && !adopt)
    return foreign(`stands a table of this pipeline from another history (lineage ${found.lineage}; this one is ${mark.lineage})`);
  if (found.asset_id === id) return null;
  return {
    code: "name_collision",
    message: `${id} belongs in ${observed.ref}, and there still stands ${found.asset_id}. It is written once that is gone; if both are to stay, rename one of them in the source.`,
  };
}

/** The mark that a table's parameters bear; null where one of its parts is missing. */
function markOf(parameters: Parameters): ObservedMark | null {
  const [lineage, pipeline, asset_id, fingerprint] = [MARK.owner, MARK.pipeline, MARK.asset, MARK.fingerprint].map((name) =>
    textOf(parameters, name),
  );
  if (lineage == null || pipeline == null || asset_id == null || fingerprint == null) return null;
  const tombstone = textOf(parameters, MARK.tombstone);
  return { lineage, pipeline, asset_id, fingerprint, tombstone: tombstone === null ? null : Number(tombstone) || 0 };
}

/** What kind of thing we never write, if it is one, though it stands among the tables. */
function untouchable(table: Table): string | null {
  if (table.TargetTable !== undefined) return "a resource link";
  if (table.FederatedTable !== undefined) return "a federated table";
  if (table.IsMaterializedView === true) return "a materialized view";
  if (table.IsMultiDialectView === true || table.TableType === "VIRTUAL_VIEW" || table.ViewDefinition !== undefined) return "a view";
  return textOf(table.Parameters ?? {}, "table_type")?.toUpperCase() === "ICEBERG" ? "an Iceberg table" : null;
}
