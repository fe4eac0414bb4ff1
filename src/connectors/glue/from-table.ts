import { spaceOf, technicalNameOf, type Asset, type AssetType, type Column, type Constraint } from "../../model/asset.ts";
import type { Json, JsonObject } from "../../model/json.ts";
import { parseJson } from "../../model/parse-json.ts";
import { fromColumnType } from "./column-definition.ts";
import { ourColumns } from "./fingerprint.ts";
import { COLUMN, MARK, TABLE } from "./marks.ts";
import { textOf } from "./parameter-texts.ts";
import type { ColumnDocument, Parameters, TableDocument } from "./table-document.ts";

/**
 * The asset that we last wrote as this table, by our parameters alone: what was typed over Glue's own fields does not show. Null where
 * the parameters tell none, or were edited until they do not.
 */
export function fromTable(table: TableDocument): Asset | null {
  try {
    return read(table);
  } catch {
    // A parameter that should be JSON is none.
    return null;
  }
}

function read(table: TableDocument): Asset | null {
  const parameters = table.Parameters ?? {};
  const text = (name: string): string | null => textOf(parameters, name);
  const list = (name: string): readonly string[] => (json(parameters, name) ?? []) as readonly string[];
  const id = text(MARK.asset);
  const kind = text(TABLE.kind);
  if (id === null || kind === null) return null;
  const columns = ourColumns(table).map(readColumn);
  if (!columns.every((column) => column !== null)) return null;
  return {
    id,
    space: spaceOf(id),
    asset_type: kind as AssetType,
    content: {
      technical_name: technicalNameOf(id),
      business_name: text(TABLE.businessName),
      description: text(TABLE.description),
      owner: text(TABLE.assetOwner),
    },
    schema: {
      columns: columns.map(({ column }) => column),
      data_types: Object.fromEntries(columns.flatMap(({ column, dataType }) => (dataType === null ? [] : [[column.name, dataType]]))),
      constraints: (json(parameters, TABLE.constraints) ?? []) as unknown as readonly Constraint[],
    },
    metadata: {
      tags: list(TABLE.tags),
      dimensions: list(TABLE.dimensions),
      measures: list(TABLE.measures),
      hierarchies: list(TABLE.hierarchies),
      certification_status: text(TABLE.certificationStatus),
      custom_properties: (json(parameters, TABLE.customProperties) ?? {}) as JsonObject,
    },
  };
}

function readColumn({ Parameters: parameters = {} }: ColumnDocument): { readonly column: Column; readonly dataType: string | null } | null {
  const name = textOf(parameters, COLUMN.name);
  const type = fromColumnType(parameters);
  if (name === null || type === null) return null;
  const default_ = json(parameters, COLUMN.default);
  const column: Column = {
    name,
    ...type.parts,
    ...(default_ !== undefined && { default: default_ }),
    ...(textOf(parameters, COLUMN.notNull) !== null && { not_null: true as const }),
    ...(textOf(parameters, COLUMN.key) !== null && { key: true as const }),
  };
  return { column, dataType: type.dataType };
}

function json(parameters: Parameters, name: string): Json | undefined {
  const text = textOf(parameters, name);
  return text === null ? undefined : parseJson(text, { maxDepth: Number.POSITIVE_INFINITY });
}
