import type { AssetType } from "../model/asset.ts";
import type { Json, JsonObject } from "../model/json.ts";
import { enumValue } from "./annotation-value.ts";

/** The kinds of object that Datasphere's editors make, as far as a definition tells them apart. */
export type ObjectType = "analytic_model" | "external" | "sql_view" | "graphical_view" | "remote_table" | "dataset_table" | "local_table";

/** The annotations that hold a view's SQL or SQLScript, the usual one first. */
export const SQL_ANNOTATIONS = [
  "@DataWarehouse.sqlEditor.query",
  "@DataWarehouse.tableFunction.script",
  "@DataWarehouse.sqlDefinition.script",
] as const;

/** True for a definition that is an asset where it stands: every entity, except one that stands for an object elsewhere. Contexts and types are none. */
export function isAsset(definition: JsonObject): boolean {
  return definition["kind"] === "entity" && !existsElsewhere(definition);
}

/** The first kind whose mark the definition bears. */
export function objectTypeOf(definition: JsonObject, businessLayer?: Json): ObjectType {
  if (businessLayer !== undefined || enumValue(definition["@DataWarehouse.editorType"]) === "DWCQueryModelEditor") return "analytic_model";
  if (existsElsewhere(definition)) return "external";
  if (SQL_ANNOTATIONS.some((annotation) => definition[annotation] !== undefined)) return "sql_view";
  if (definition["query"] !== undefined) return "graphical_view";
  if (has(definition, "@DataWarehouse.remote.connection", "@DataWarehouse.remote.entity")) return "remote_table";
  if (has(definition, "@DataWarehouse.dataSource.schema", "@DataWarehouse.dataSource.entity")) return "dataset_table";
  return "local_table";
}

/** The checkpoint's coarser `asset_type`. */
export function assetTypeOf(type: ObjectType): AssetType {
  switch (type) {
    case "sql_view":
    case "graphical_view":
      return "view";
    case "dataset_table":
    case "local_table":
      return "table";
    case "analytic_model":
    case "external":
    case "remote_table":
      return type;
  }
}

function existsElsewhere(definition: JsonObject): boolean {
  return definition["@cds.persistence.exists"] === true;
}

function has(definition: JsonObject, ...annotations: readonly string[]): boolean {
  return annotations.some((annotation) => definition[annotation] !== undefined);
}
