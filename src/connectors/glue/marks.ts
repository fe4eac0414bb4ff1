/**
 * Every parameter that Tidemark writes on a table or a column in Glue: a stored format, defined here alone. What begins with the
 * prefix is ours, rewritten and pruned with each update; every other parameter is somebody else's and is carried over.
 *
 * No parameter is volatile (no time, run id or counter): an asset that did not change gives the same table.
 */
export const PREFIX = "tidemark.";

/** Version of the mapping from assets to tables. */
export const MAPPING_VERSION = "1";

/** Whose a table is, and which asset. */
export const MARK = {
  version: "tidemark.v",
  /** The lineage. */
  owner: "tidemark.owner",
  pipeline: "tidemark.pipeline",
  asset: "tidemark.asset",
  /** Hash of our part of the table. */
  fingerprint: "tidemark.fingerprint",
  /** Generation of the deletion mark. */
  tombstone: "tidemark.tombstone",
} as const;

/** Together with the columns' parameters, the whole asset, whatever was cut or typed over elsewhere. */
export const TABLE = {
  kind: "tidemark.kind",
  businessName: "tidemark.business_name",
  description: "tidemark.description",
  assetOwner: "tidemark.asset_owner",
  certificationStatus: "tidemark.certification_status",
  /** JSON. */
  constraints: "tidemark.constraints",
  tags: "tidemark.tags",
  dimensions: "tidemark.dimensions",
  measures: "tidemark.measures",
  hierarchies: "tidemark.hierarchies",
  customProperties: "tidemark.custom_properties",
} as const;

export const COLUMN = {
  /** The name in the source's spelling. */
  name: "tidemark.name",
  /** The type as the source tells it, such as `cds.Decimal(15,2)`. */
  type: "tidemark.type",
  /** The type that we wrote in Glue's own field. */
  gtype: "tidemark.gtype",
  /** The business name; the comment that we wrote is made of it. */
  label: "tidemark.label",
  key: "tidemark.key",
  notNull: "tidemark.notnull",
  /** JSON. */
  default: "tidemark.default",
  /** JSON of the type's parts, where `tidemark.type` does not give them back. */
  definition: "tidemark.definition",
} as const;

/** Of a database that we created. */
export const DATABASE = {
  version: "tidemark.v",
  owner: "tidemark.owner",
  pipeline: "tidemark.pipeline",
  space: "tidemark.space",
} as const;

/** What a table tells every other tool; ours at creation, but whoever changes them keeps the change. */
export const PLAIN: { readonly [key: string]: string } = { EXTERNAL: "TRUE", classification: "sap-datasphere" };

/** True for a parameter of ours. */
export function isOurs(parameter: string): boolean {
  return parameter.startsWith(PREFIX);
}
