import { type Asset, FACETS } from "../model/asset.ts";
import type { Change, FieldChange } from "../model/change.ts";
import type { Checkpoint } from "../model/checkpoint.ts";
import type { Fingerprint, HashScheme } from "../model/fingerprint.ts";
import { changeTypeOf, differingFacets } from "./classify.ts";
import { pairColumnRenames } from "./column-renames.ts";
import { diffAssets } from "./diff-assets.ts";
import { fingerprintAsset } from "./fingerprint-asset.ts";
import { rehash } from "./rehash.ts";
import { strategyOf, type Thresholds } from "./strategy.ts";

/** What a comparison found. The fingerprint is the asset's, change or not. */
export interface Detection {
  readonly change: Change | null;
  readonly fingerprint: Fingerprint;
}

/**
 * Compares an asset with what was last applied of it.
 *
 * | checkpoint | facets that differ | change |
 * |---|---|---|
 * | none | – | created, all facets, full |
 * | some | none | none |
 * | some | any | by {@link changeTypeOf} and {@link strategyOf}, all of them in `facets` |
 *
 * A checkpoint of another scheme is re-hashed first, so that a change of options is no change of the asset. `rawUnchanged` says that the
 * source's bytes are those last seen: then only our reading of them can have moved, and the cause is `mapping`.
 */
export function detect(
  asset: Asset,
  checkpoint: Checkpoint | null,
  scheme: HashScheme,
  thresholds: Thresholds,
  options: { readonly rawUnchanged: boolean },
): Detection {
  const fingerprint = fingerprintAsset(asset, scheme);
  const cause = options.rawUnchanged ? "mapping" : "source";
  const base = { asset_id: asset.id, cause } as const;
  if (checkpoint === null) {
    return { fingerprint, change: { ...base, change_type: "created", facets: FACETS, strategy: "full", cause: "source", fields: [] } };
  }
  const facets = differingFacets(rehash(checkpoint, scheme), fingerprint);
  const change_type = changeTypeOf(facets);
  if (change_type === null) return { change: null, fingerprint };
  const fields = diffAssets(checkpoint.snapshot, asset, scheme, facets);
  const strategy = strategyOf(facets, fields, asset, thresholds);
  const renames = renamesOf(checkpoint.snapshot, asset);
  return { fingerprint, change: { ...base, change_type, facets, strategy, ...logicOf(fields), fields, ...renames } };
}

// Whatever the scheme looks at, because whatever it looks at the columns are written as they are.
function renamesOf(before: Asset, after: Asset): Pick<Change, "column_renames"> {
  const column_renames = pairColumnRenames(before, after);
  return column_renames.length === 0 ? {} : { column_renames };
}

/** Where a view's query or SQL stands in the document. */
const LOGIC = /^\/metadata\/custom_properties\/(query|sql)(\/|$)/;

function logicOf(fields: readonly FieldChange[]): { readonly logic?: true } {
  return fields.some((field) => LOGIC.test(field.path)) ? { logic: true } : {};
}
