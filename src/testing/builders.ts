import type { Asset, AssetType, Column, Constraint, Content, Metadata } from "../model/asset.ts";
import { assetId } from "../model/asset.ts";

/** What a test says of an asset; the rest is filled in. */
export interface AssetTraits extends Partial<Omit<Content, "technical_name">>, Partial<Metadata> {
  readonly space?: string;
  readonly name?: string;
  readonly asset_type?: AssetType;
  readonly columns?: readonly Column[];
  readonly constraints?: readonly Constraint[];
}

/** An asset with what the test is about, and one column where it is not about columns. */
export function anAsset(traits: AssetTraits = {}): Asset {
  const { space = "SALES", name = "Orders", asset_type = "table", columns = [aColumn("ID")], constraints = [] } = traits;
  return {
    id: assetId(space, name),
    space,
    asset_type,
    content: {
      technical_name: name,
      business_name: traits.business_name ?? null,
      description: traits.description ?? null,
      owner: traits.owner ?? null,
    },
    schema: { columns, data_types: Object.fromEntries(columns.map((column) => [column.name, dataTypeOf(column)])), constraints },
    metadata: {
      tags: traits.tags ?? [],
      dimensions: traits.dimensions ?? [],
      measures: traits.measures ?? [],
      hierarchies: traits.hierarchies ?? [],
      certification_status: traits.certification_status ?? null,
      custom_properties: traits.custom_properties ?? {},
    },
  };
}

/** A column: `aColumn("NETWR", "cds.Decimal", { precision: 15, scale: 2 })`. */
export function aColumn(name: string, type = "cds.Integer", properties: Partial<Omit<Column, "name" | "type">> = {}): Column {
  return { name, type, ...properties };
}

function dataTypeOf(column: Column): string {
  const arguments_ = [column.length, column.precision, column.scale, column.srid].filter((value) => typeof value === "number");
  return arguments_.length === 0 ? column.type : `${column.type}(${arguments_.join(",")})`;
}
