import { type Asset, ASSET_TYPES, type AssetType } from "../../model/asset.ts";
import { isJsonObject, type Json } from "../../model/json.ts";

/**
 * True for an asset whose every part has the form that an asset has. What our parameters tell is trusted where we compare it with what we
 * wrote; read as a source, it may be anybody's writing.
 */
export function isToldAsset({ asset_type, schema, metadata }: Asset): boolean {
  const { tags, dimensions, measures, hierarchies, custom_properties } = metadata;
  return (
    TYPES.has(asset_type) &&
    [tags, dimensions, measures, hierarchies].every(isNames) &&
    isJsonObject(custom_properties) &&
    Array.isArray(schema.constraints) &&
    schema.constraints.every((constraint) => isConstraint(constraint as unknown as Json))
  );
}

const TYPES: ReadonlySet<AssetType> = new Set(ASSET_TYPES);

function isConstraint(value: Json): boolean {
  if (!isJsonObject(value)) return false;
  const { type, name, target, columns } = value;
  if (type === "primary_key") return isNames(columns);
  const isPair = (pair: Json): boolean => isJsonObject(pair) && typeof pair["local"] === "string" && typeof pair["remote"] === "string";
  return (
    (type === "association" || type === "foreign_key") &&
    typeof name === "string" &&
    typeof target === "string" &&
    Array.isArray(columns) &&
    columns.every(isPair)
  );
}

function isNames(value: unknown): boolean {
  return Array.isArray(value) && value.every((name) => typeof name === "string");
}
