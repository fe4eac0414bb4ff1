import { isDeepStrictEqual } from "node:util";
import type { Asset, Column } from "../../model/asset.ts";
import { isJsonObject, type Json } from "../../model/json.ts";
import type { GlueType } from "./column-types.ts";
import { sourceType } from "./source-type.ts";

/** Where a column that was read from Glue keeps the type that it had there. */
export const NATIVE_TYPE = "@Glue.type";

/** What an asset says of a column beyond its definition; undefined where it says nothing of that kind. */
export function columnFact(asset: Asset, column: string, fact: string): Json | undefined {
  const { columns } = asset.metadata.custom_properties;
  const facts = isJsonObject(columns) && Object.hasOwn(columns, column) ? columns[column] : undefined;
  return isJsonObject(facts) && Object.hasOwn(facts, fact) ? facts[fact] : undefined;
}

/** The Glue type that a column was read with, so that a copy has it too; null where it has none, or was given another type since. */
export function nativeType(asset: Asset, column: Column): GlueType | null {
  const native = columnFact(asset, column.name, NATIVE_TYPE);
  if (typeof native !== "string") return null;
  const { type, known } = sourceType(native);
  const { name: _name, default: _default, key: _key, not_null: _notNull, ...parts } = column;
  return known && isDeepStrictEqual(type, parts) ? { type: native, known } : null;
}
