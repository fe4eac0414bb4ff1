import type { Overlay } from "../../../csn/overlay.ts";
import { toAsset } from "../../../csn/to-asset.ts";
import type { Asset, AssetType } from "../../../model/asset.ts";
import type { JsonObject } from "../../../model/json.ts";
import { compareCodePoints } from "../../../model/order.ts";
import { columnType } from "./column-type.ts";
import { describedAsset } from "./described-asset.ts";
import type { Edmx } from "./edmx.ts";
import { type EdmxMode, toDefinition } from "./to-definition.ts";

/** An asset of which the tenant shows its `$metadata` and not its definition. */
export interface EdmxAsset {
  readonly space: string;
  readonly name: string;
  /** What the listing says that it is: the document does not tell a view from a table. */
  readonly asset_type: AssetType;
  readonly mode: EdmxMode;
  readonly overlay: Overlay;
}

/**
 * Maps the `$metadata` of an asset to the facets that its CSN definition would give, as far as the document goes: types are OData's
 * (see {@link columnType}), and queries, associations, units and semantic usage are missing. `custom_properties.definition_source` is
 * `edmx`, so that nobody takes one for the other. Throws `AssetError` where the document is not of this asset.
 */
export function edmxToAsset(edmx: Edmx, { space, name, asset_type, mode, overlay }: EdmxAsset): Asset {
  const described = describedAsset(edmx, name);
  const asset = toAsset({ space, name, definition: toDefinition(edmx, described, mode), overlay });
  const { object_type: _guess, ...properties } = asset.metadata.custom_properties;
  return {
    ...asset,
    asset_type,
    metadata: {
      ...asset.metadata,
      measures: edmxRoles(edmx, name).measures,
      custom_properties: {
        ...(asset_type === "analytic_model" ? { object_type: asset_type } : {}),
        ...properties,
        definition_source: "edmx",
      },
    },
  };
}

/** Whether an asset is one that only its `$metadata` told of. */
export function isOfEdmx({ metadata }: Asset): boolean {
  return metadata.custom_properties["definition_source"] === "edmx";
}

/** The columns that are dimensions and those that are measures, by their real names in code-point order. The analytical document has both. */
export function edmxRoles(edmx: Edmx, name: string): { readonly dimensions: readonly string[]; readonly measures: readonly string[] } {
  const { columns, realName } = describedAsset(edmx, name);
  const having = (term: RegExp): readonly string[] =>
    columns.properties
      .filter(({ annotations }) => Object.entries(annotations).some(([key, value]) => term.test(key) && value === true))
      .map((property) => realName(property.name))
      .toSorted(compareCodePoints);
  return { dimensions: having(/^Analytics\.dimension$/i), measures: having(/^Analytics\.measure$/i) };
}

/** The types of an asset's columns by their real names, as the keys that CSN has for them. */
export function edmxTypes(edmx: Edmx, name: string): ReadonlyMap<string, JsonObject> {
  const { columns, realName } = describedAsset(edmx, name);
  return new Map(columns.properties.map((property) => [realName(property.name), columnType(property)]));
}
