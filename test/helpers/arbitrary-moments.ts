import fc from "fast-check";
import type { Asset, Facet } from "../../src/model/asset.ts";
import { FACETS } from "../../src/model/asset.ts";
import { HASH_ALGORITHMS, type HashScheme } from "../../src/model/fingerprint.ts";
import { isJsonObject, type Json, type JsonObject } from "../../src/model/json.ts";
import { compareCodePoints } from "../../src/model/order.ts";
import { arbitraryAsset } from "./arbitrary-assets.ts";

/** Assets as the mapping gives them: constraints and members of sets are each named once. */
export function arbitraryWellFormedAsset(): fc.Arbitrary<Asset> {
  return arbitraryAsset().map((asset) => {
    const constraints = new Map(asset.schema.constraints.map((one) => [`${one.type} ${one.type === "primary_key" ? "" : one.name}`, one]));
    const set = (names: readonly string[]): readonly string[] => [...new Set(names)].sort(compareCodePoints);
    const { tags, dimensions, measures, hierarchies } = asset.metadata;
    return {
      ...asset,
      schema: { ...asset.schema, constraints: [...constraints.values()] },
      metadata: { ...asset.metadata, tags: set(tags), dimensions: set(dimensions), measures: set(measures), hierarchies: set(hierarchies) },
    };
  });
}

/** Two moments of one asset: between them nothing, a little or all of each facet has changed. */
export function arbitraryMoments(): fc.Arbitrary<readonly [Asset, Asset]> {
  return fc
    .tuple(arbitraryWellFormedAsset(), arbitraryWellFormedAsset(), fc.array(fc.nat(23), { maxLength: 6 }), fc.subarray([...FACETS]))
    .map(([before, other, edits, replaced]) => {
      const swapped = { ...before, ...Object.fromEntries(replaced.map((facet) => [facet, other[facet]])) };
      return [before, edits.reduce((asset, edit) => (SMALL_EDITS[edit % SMALL_EDITS.length] as SmallEdit).apply(asset), swapped)] as const;
    });
}

/** Hash schemes of every kind; the ignored fields are such as arbitrary assets have. */
export const arbitraryScheme: fc.Arbitrary<HashScheme> = fc.record({
  canonical: fc.constant(1),
  mapping: fc.constant(1),
  hash_algorithm: fc.constantFrom(...HASH_ALGORITHMS),
  facets: fc.subarray<Facet>([...FACETS]),
  ignore_fields: fc.subarray(
    [
      "description",
      "owner",
      "tags",
      "columns",
      "data_types",
      "length",
      "scale",
      "srid",
      "type",
      "name",
      "key",
      "default",
      "label",
      "target",
      "custom_properties",
      "on",
      "items",
      "__proto__",
      "a",
      "constructor",
      "custom_properties.columns",
      "content.business_name",
      "columns.a.length",
    ],
    { maxLength: 3 },
  ),
  case_sensitive: fc.boolean(),
  normalize_whitespace: fc.boolean(),
});

/** An edit that changes one facet of any asset, and that facet alone. */
export interface SmallEdit {
  readonly name: string;
  readonly facet: Facet;
  apply(asset: Asset): Asset;
}

export const SMALL_EDITS: readonly SmallEdit[] = [
  content("another business name", ({ business_name }) => ({ business_name: `${business_name ?? ""}!` })),
  content("another description", ({ description }) => ({ description: `${description ?? ""}?` })),
  content("an owner or none", ({ owner }) => ({ owner: owner === null ? "Ada" : null })),
  schema("a column more", ({ columns, data_types }) => {
    const name = `NEW_${columns.length}`;
    return { columns: [{ name, type: "cds.Date" }, ...columns], data_types: { ...data_types, [name]: "cds.Date" } };
  }),
  schema("a column retyped, or the first", ({ columns, data_types }) => {
    const [first = { name: "ONLY", type: "cds.Integer" }, ...rest] = columns;
    const type = `${first.type}2`;
    return {
      columns: [{ name: first.name, type }, ...rest],
      data_types: Object.fromEntries([...Object.entries(data_types), [first.name, type]]),
    };
  }),
  schema("a key flag turned, or a keyed column", ({ columns }) => {
    const [{ key, ...first } = { name: "ONLY", type: "cds.Integer" }, ...rest] = columns;
    return { columns: [key === true ? first : { ...first, key: true }, ...rest] };
  }),
  schema("an association more", ({ constraints }) => ({
    constraints: [...constraints, { type: "association", name: `_NEW_${constraints.length}`, target: "T", columns: [] }],
  })),
  metadata("a tag more", ({ tags }) => ({ tags: [...tags, `\u{10ffff}${tags.length}`] })),
  metadata("a dimension more", ({ dimensions }) => ({ dimensions: [...dimensions, `\u{10ffff}${dimensions.length}`] })),
  metadata("another certification", ({ certification_status }) => ({ certification_status: `${certification_status ?? ""}*` })),
  metadata("an annotation more or another, of the asset and of a column", ({ custom_properties }) => {
    const [annotations, columns] = [membersOf(custom_properties["annotations"]), membersOf(custom_properties["columns"])];
    const a = { a: JSON.stringify(annotations["a"] ?? null) };
    return { custom_properties: { ...custom_properties, annotations: { ...annotations, ...a }, columns: { ...columns, NEW: a } } };
  }),
  metadata("another query", ({ custom_properties }) => ({
    custom_properties: Object.fromEntries([
      ...Object.entries(custom_properties),
      ["query", { SELECT: { from: { ref: [JSON.stringify(custom_properties["query"] ?? null)] } } }],
    ]),
  })),
];

function content(name: string, edit: (content: Asset["content"]) => Partial<Asset["content"]>): SmallEdit {
  return { name, facet: "content", apply: (asset) => ({ ...asset, content: { ...asset.content, ...edit(asset.content) } }) };
}

function schema(name: string, edit: (schema: Asset["schema"]) => Partial<Asset["schema"]>): SmallEdit {
  return { name, facet: "schema", apply: (asset) => ({ ...asset, schema: { ...asset.schema, ...edit(asset.schema) } }) };
}

function metadata(name: string, edit: (metadata: Asset["metadata"]) => Partial<Asset["metadata"]>): SmallEdit {
  return { name, facet: "metadata", apply: (asset) => ({ ...asset, metadata: { ...asset.metadata, ...edit(asset.metadata) } }) };
}

function membersOf(value: Json | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}
