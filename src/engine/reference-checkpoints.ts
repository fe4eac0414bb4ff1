import { schemeId } from "../detect/scheme.ts";
import { type AssetId, type AssetType, spaceOf, technicalNameOf } from "../model/asset.ts";
import type { Checkpoint, SourceSystem } from "../model/checkpoint.ts";
import { TidemarkError } from "../model/errors.ts";
import type { HashScheme } from "../model/fingerprint.ts";
import { isJsonObject, type Json, type JsonObject } from "../model/json.ts";
import { compareCodePoints } from "../model/order.ts";

/** The checkpoints of a file of the original design, and the records in it that are none. */
export interface ReferenceCheckpoints {
  /** In code-point order of their ids. */
  readonly checkpoints: readonly Checkpoint[];
  /** One sentence each. */
  readonly skipped: readonly string[];
}

/**
 * Reads what the original Python program wrote: an object of records by asset id, a list of them, or either under `checkpoints`. Identity,
 * time and version are taken. Its hashes are not: nobody knows of what bytes they were made, so the next run compares with the target.
 */
export function referenceCheckpoints(document: Json, system: SourceSystem, scheme: HashScheme): ReferenceCheckpoints {
  const found = new Map<AssetId, Checkpoint>();
  const skipped: string[] = [];
  for (const [key, record] of recordsIn(document)) {
    const read = checkpointIn(key, record, system, scheme);
    if (typeof read === "string") skipped.push(read);
    else found.set(read.asset_id, read);
  }
  return { checkpoints: [...found.values()].sort((a, b) => compareCodePoints(a.asset_id, b.asset_id)), skipped };
}

function recordsIn(document: Json): readonly (readonly [key: string, record: Json])[] {
  const inner = isJsonObject(document) && typeof document["checkpoints"] === "object" ? document["checkpoints"] : document;
  if (Array.isArray(inner)) return inner.map((record: Json, at) => [`record ${at + 1}`, record] as const);
  if (isJsonObject(inner)) return Object.entries(inner);
  throw new TidemarkError(
    "input_invalid",
    "The file holds neither a backup or export of Tidemark nor checkpoints of the original program.",
    {
      remedy: "Its checkpoints are an object of records by asset id, or a list of them.",
    },
  );
}

function checkpointIn(key: string, record: Json, system: SourceSystem, scheme: HashScheme): Checkpoint | string {
  if (!isJsonObject(record)) return `${key} is no record.`;
  const id = record["asset_id"] ?? key;
  if (typeof id !== "string" || !/^\w+\..+$/su.test(id))
    return `${key}: ${JSON.stringify(id)} is no asset id of the form <space>.<technical name>.`;
  const itsSystem = record["source_system"] ?? system;
  if (itsSystem !== system) return `${id} comes from ${JSON.stringify(itsSystem)}, and this pipeline's source is ${system}.`;
  const time = timeIn(record["last_sync_time"]);
  if (time === null) return `${id}: ${JSON.stringify(record["last_sync_time"])} is no time.`;
  const version = record["sync_version"];
  const asset_type = typeIn(record["asset_type"]);
  const properties = record["custom_properties"];
  return {
    asset_id: id,
    asset_type,
    source_system: system,
    last_sync_time: time,
    sync_version: typeof version === "number" && version >= 1 ? version : 1,
    fingerprint: { scheme: schemeId(scheme), content: null, schema: null, metadata: null },
    raw: null,
    snapshot: bareAsset(id, asset_type, properties !== undefined && isJsonObject(properties) ? properties : {}),
    target: null,
    tombstone: null,
    decisions: [],
  };
}

function bareAsset(id: AssetId, asset_type: AssetType, custom_properties: JsonObject): Checkpoint["snapshot"] {
  return {
    id,
    space: spaceOf(id),
    asset_type,
    content: { technical_name: technicalNameOf(id), business_name: null, description: null, owner: null },
    schema: { columns: [], data_types: {}, constraints: [] },
    metadata: { tags: [], dimensions: [], measures: [], hierarchies: [], certification_status: null, custom_properties },
  };
}

/** Python writes times without a zone; they are taken for UTC. */
function timeIn(value: Json | undefined): string | null {
  if (typeof value !== "string") return null;
  const time = Date.parse(/(?:Z|[+-]\d\d:?\d\d)$/.test(value) ? value : `${value}Z`);
  return Number.isNaN(time) ? null : new Date(time).toISOString();
}

const TYPES: ReadonlySet<string> = new Set<AssetType>(["table", "remote_table", "view", "analytic_model", "external"]);

function typeIn(value: Json | undefined): AssetType {
  const name =
    typeof value === "string"
      ? value
          .toLowerCase()
          .replaceAll(/[\s-]+/g, "_")
          .replace("analytical", "analytic")
      : "";
  return TYPES.has(name) ? (name as AssetType) : "table";
}
