import { type Overlay, ownerOf, stewardOf, tagsOf } from "../../csn/overlay.ts";
import { type Asset, type AssetId, type AssetType, assetId, type Content } from "../../model/asset.ts";
import type { Problem } from "../../model/errors.ts";
import { isJsonObject, type JsonObject } from "../../model/json.ts";
import { compareCodePoints } from "../../model/order.ts";
import { fromTable } from "./from-table.ts";
import { PLAIN } from "./marks.ts";
import { foreignParameters, type SourceColumn, sourceColumns } from "./source-columns.ts";
import type { SourceDefinition } from "./source-definition.ts";
import { isToldAsset } from "./told-asset.ts";
import { withoutEmpty } from "./table-document.ts";
import { viewText } from "./view-text.ts";
import { describe, ownerName } from "./visible-texts.ts";

/** What an asset is called in the source. */
export interface Identity {
  readonly space: string;
  readonly name: string;
}

/** Moves whenever the same table is read as another asset than before. */
export const SOURCE_MAPPING_VERSION = 1;

/**
 * The asset that a table in Glue is.
 *
 * A table that Tidemark wrote tells its asset whole by its parameters, and the edits that people made since stand above what those
 * say. Of any other table, and of columns that people added, everything is read off Glue's own fields:
 *
 * | in the asset | from the table |
 * |---|---|
 * | description, owner, label of a column | `Description`, `Owner`, `Comment` |
 * | columns | columns, then partition keys; of two that have one name the first |
 * | `@Glue.type`, `@Glue.partitionKey`, `@Glue.parameters` of a column | its type as it stands, whether it is a partition key, its parameters |
 * | annotations `@Glue.tableType`, `.parameters`, `.storage`, `.viewDefinition`, `.targetTable` | everything else, empty values left out |
 * | `sql`, in `@Glue.viewText` | the text of a view; of an Athena view the SQL in it |
 *
 * Our own parameters, whoever's pipeline wrote them, are never taken for the table's: `@Tidemark.copyOf` names the asset they tell.
 */
export function toSourceAsset(
  { space, name }: Identity,
  definition: SourceDefinition,
  overlay: Overlay,
): { readonly asset: Asset; readonly warnings: readonly Problem[] } {
  const told = toldBy(definition);
  const columns = sourceColumns(definition, told);
  const steward = stewardOf(overlay, space, name);
  const asset: Asset = {
    id: assetId(space, name),
    space,
    asset_type: told?.asset_type ?? assetTypeOf(definition),
    content: { technical_name: name, ...textsOf(definition, told), owner: ownerOf(overlay, space, name) ?? owner(definition, told) },
    schema: {
      columns: columns.map(({ column }) => column),
      data_types: Object.fromEntries(columns.flatMap(({ column, dataType }) => (dataType === null ? [] : [[column.name, dataType]]))),
      constraints: told?.schema.constraints ?? [],
    },
    metadata: {
      dimensions: [],
      measures: [],
      hierarchies: [],
      certification_status: null,
      ...told?.metadata,
      tags: [...new Set([...(told?.metadata.tags ?? []), ...tagsOf(overlay, space, name)])].toSorted(compareCodePoints),
      custom_properties: { ...customProperties(definition, told, columns, assetId(space, name)), ...(steward === null ? {} : { steward }) },
    },
  };
  return { asset, warnings: unknownTypes(asset.id, columns) };
}

/** The asset that the parameters of a table tell, whoever wrote them; null where they tell none. */
export function toldBy(definition: SourceDefinition): Asset | null {
  const found = fromTable(definition);
  return found !== null && isToldAsset(found) ? found : null;
}

function assetTypeOf({ TableType, TargetTable, FederatedTable, ViewDefinition }: SourceDefinition): AssetType {
  if (TargetTable !== undefined) return "external";
  if (FederatedTable !== undefined) return "remote_table";
  return TableType === "VIRTUAL_VIEW" || TableType === "MATERIALIZED_VIEW" || ViewDefinition !== undefined ? "view" : "table";
}

/** What we wrote is told whole; what was typed over it is the description, except the business name where it still begins the text. */
function textsOf({ Description = "" }: SourceDefinition, told: Asset | null): Pick<Content, "business_name" | "description"> {
  if (told === null) return { business_name: null, description: Description || null };
  const { business_name, description } = told.content;
  if (Description === (describe(told.content).text ?? "")) return { business_name, description };
  const head = business_name === null ? "" : `${business_name}\n\n`;
  return { business_name, description: (Description.startsWith(head) ? Description.slice(head.length) : Description) || null };
}

function owner({ Owner = "" }: SourceDefinition, told: Asset | null): string | null {
  const written = told?.content.owner ?? null;
  return Owner === (ownerName(written).text ?? "") ? written : Owner || null;
}

function customProperties(definition: SourceDefinition, told: Asset | null, columns: readonly SourceColumn[], id: AssetId): JsonObject {
  const { columns: _columns, annotations, ...others } = told?.metadata.custom_properties ?? {};
  const facts = columns.flatMap(({ column, facts: said }): [string, JsonObject][] =>
    Object.keys(said).length === 0 ? [] : [[column.name, said]],
  );
  const all: JsonObject = { ...(isJsonObject(annotations) ? annotations : {}), ...glueAnnotations(definition, told, id) };
  const sql = told === null && assetTypeOf(definition) === "view" ? viewText(definition) : null;
  return {
    ...others,
    ...(sql === null ? {} : { sql, sql_annotation: "@Glue.viewText" }),
    ...(facts.length === 0 ? {} : { columns: Object.fromEntries(facts) }),
    ...(Object.keys(all).length === 0 ? {} : { annotations: all }),
  };
}

/** What Glue answers where nobody said anything of the storage. */
const UNSAID: ReadonlySet<unknown> = new Set([false, 0, -1]);

/** What Glue says of a table that an asset has no place for. Of one of ours, only what differs from what we write. */
function glueAnnotations(definition: SourceDefinition, told: Asset | null, id: AssetId): JsonObject {
  const { TableType, Parameters = {}, StorageDescriptor, TargetTable, ViewDefinition } = definition;
  const { Columns: _columns, ...described } = StorageDescriptor ?? {};
  const storage = Object.fromEntries(Object.entries(described).filter(([, value]) => !UNSAID.has(value)));
  const parameters = Object.entries(foreignParameters(Parameters)).filter(([key, value]) => told === null || PLAIN[key] !== value);
  const found = {
    "@Glue.tableType": told !== null && TableType === "EXTERNAL_TABLE" ? undefined : TableType,
    "@Glue.parameters": Object.fromEntries(parameters),
    "@Glue.storage": storage,
    "@Glue.targetTable": TargetTable,
    "@Glue.viewDefinition": ViewDefinition,
    "@Tidemark.copyOf": told === null || told.id === id ? undefined : told.id,
  };
  return (withoutEmpty(found) ?? {}) as JsonObject;
}

function unknownTypes(id: string, columns: readonly SourceColumn[]): readonly Problem[] {
  const unknown = columns.flatMap(({ column, unknownType }) => (unknownType === null ? [] : [`${column.name} (${unknownType})`]));
  if (unknown.length === 0) return [];
  const named = unknown.slice(0, 5);
  const more = unknown.length > named.length ? ` and ${unknown.length - named.length} more` : "";
  return [
    {
      asset_id: id,
      code: "type_unknown",
      message: `Columns of ${id} have types that are in no type map: ${named.join(", ")}${more}. They are read as cds.LargeString, with the type as it stands beside it.`,
    },
  ];
}
