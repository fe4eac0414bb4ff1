import { NO_OVERLAY } from "../src/csn/overlay.ts";
import { toAsset } from "../src/csn/to-asset.ts";
import type { Asset } from "../src/model/asset.ts";
import type { JsonObject } from "../src/model/json.ts";
import { sharedDefinitions } from "../test/helpers/shared-csn.ts";

const real = sharedDefinitions().filter(({ definition }) => definition["kind"] === "entity" && definition["elements"] !== undefined);

/** An asset like one of the real exports: some of its columns and some from another, a third of them under names of its own, all with labels of its own. */
export function derived(n: number): Asset {
  const at = (i: number): JsonObject => (real[i % real.length] as { readonly definition: JsonObject }).definition;
  const elements = (definition: JsonObject): [string, JsonObject][] =>
    Object.entries((definition["elements"] ?? {}) as Record<string, JsonObject>);
  const own = elements(at(n)).filter((_, i) => (n + i) % 4 > 0);
  const others = elements(at(n * 7 + 1)).filter((_, i) => (n + i) % 3 === 0);
  const columns = [...own, ...others].map(([name, element], i): [string, JsonObject] => [
    i % 3 === n % 3 ? `${name}_${word(n * 13 + i)}` : name,
    { ...element, "@EndUserText.label": `${name.replaceAll("_", " ")} ${word(n + i * 7)}` },
  ]);
  const definition = { ...at(n), "@EndUserText.label": `The ${word(n * 5)} of ${word(n * 11)}`, elements: Object.fromEntries(columns) };
  return toAsset({ space: "SALES", name: `${word(n)}_${n}`, definition, overlay: NO_OVERLAY });
}

/** An asset after its nth edit of a kind. */
export const EDITS: { readonly [kind in "content" | "schema" | "metadata"]: (asset: Asset, n: number) => Asset } = {
  content: (asset, n) => ({
    ...asset,
    content: { ...asset.content, description: `Revised for the ${n}th time: ${word(n * 31)} ${word(n * 17)}` },
  }),
  schema: (asset, n) => {
    const column = { name: `${word(n)}_${n}`, type: asset.schema.columns[0]?.type ?? "cds.String" };
    return { ...asset, schema: { ...asset.schema, columns: [...asset.schema.columns, column] } };
  },
  metadata: (asset, n) => {
    const custom_properties = { ...asset.metadata.custom_properties, steward: `${word(n)}.${word(n + 3)}@example.com` };
    return { ...asset, metadata: { ...asset.metadata, custom_properties } };
  },
};

/** One of a few thousand words, spread as chance would. */
function word(n: number): string {
  const mixed = Math.imul(n ^ 0x9e37_79b9, 2_654_435_761) >>> 0;
  return ["order", "price", "region", "stock", "team", "ledger", "unit", "margin"][mixed % 8] + (mixed % 997).toString(36);
}
