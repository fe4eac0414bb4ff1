import { createHash } from "node:crypto";
import type { Table } from "@aws-sdk/client-glue";
import { canonicalText } from "../../csn/canonical-text.ts";
import type { Json, JsonObject } from "../../model/json.ts";
import { documentOf, type TableDocument } from "./table-document.ts";

/** What a table in Glue says of itself: everything but what moves on its own. An asset is made of this and of nothing else. */
export type SourceDefinition = Omit<TableDocument, "LastAccessTime" | "LastAnalyzedTime" | "ViewDefinition"> & {
  readonly ViewDefinition?: JsonObject;
};

/**
 * Parameters that jobs, crawlers and engines count on, on a table and on its storage: they say how much lies there or when somebody
 * looked, never what the table is.
 */
const VOLATILE: ReadonlySet<string> = new Set([
  // Hive
  "COLUMN_STATS_ACCURATE",
  "DO_NOT_UPDATE_STATS",
  "STATS_GENERATED",
  "STATS_GENERATED_VIA_STATS_TASK",
  "last_modified_by",
  "last_modified_time",
  "numFiles",
  "numFilesErasureCoded",
  "numPartitions",
  "numRows",
  "rawDataSize",
  "totalSize",
  "transient_lastDdlTime",
  // Crawlers
  "averageRecordSize",
  "objectCount",
  "recordCount",
  "sizeKey",
  "lastCrawlTime",
  // Open table formats: where the last commit stands
  "metadata_location",
  "previous_metadata_location",
  "last_commit_time_sync",
  "last_commit_completion_time_sync",
  "delta.lastCommitTimestamp",
  "delta.lastUpdateVersion",
  "current-snapshot-id",
  "current-snapshot-summary",
  "current-snapshot-timestamp-ms",
]);
const VOLATILE_PREFIX = "spark.sql.statistics.";

/** The definition of a table that was read. */
export function definitionOf(table: Table): SourceDefinition {
  const { LastAccessTime: _access, LastAnalyzedTime: _analyzed, ViewDefinition: _input, ...document } = documentOf(table);
  const { Parameters, StorageDescriptor } = document;
  return {
    ...document,
    ...(Parameters !== undefined && { Parameters: lasting(Parameters) }),
    ...(StorageDescriptor !== undefined && {
      StorageDescriptor: {
        ...StorageDescriptor,
        ...(StorageDescriptor.Parameters !== undefined && { Parameters: lasting(StorageDescriptor.Parameters) }),
      },
    }),
    ...(table.ViewDefinition !== undefined && { ViewDefinition: JSON.parse(JSON.stringify(table.ViewDefinition)) as JsonObject }),
  };
}

/**
 * Hash of a definition: equal ones are equal definitions, on every endpoint. `VersionId` is not: a table that is deleted and made anew
 * begins at 0 again within the same second of `CreateTime`, and some endpoints do not count at all. A page of tables holds their
 * definitions anyway, so that the hash costs no request.
 */
export function definitionToken(definition: SourceDefinition): string {
  return createHash("sha256")
    .update(canonicalText(definition as unknown as Json))
    .digest("hex");
}

function lasting(parameters: { readonly [name: string]: string }): { [name: string]: string } {
  return Object.fromEntries(Object.entries(parameters).filter(([name]) => !VOLATILE.has(name) && !name.startsWith(VOLATILE_PREFIX)));
}
