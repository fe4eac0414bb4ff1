import { type Asset, assetId, type Metadata, type Schema } from "../model/asset.ts";
import { AssetError } from "../model/errors.ts";
import { isJsonObject, type Json, type JsonObject, setMember } from "../model/json.ts";
import { compareCodePoints } from "../model/order.ts";
import { enumValue } from "./annotation-value.ts";
import { toColumn } from "./columns.ts";
import { toConstraints } from "./constraints.ts";
import { toContent } from "./content.ts";
import { toCustomProperties } from "./custom-properties.ts";
import { dataType } from "./data-type.ts";
import { type Elements, elementsOf, type NamedElement } from "./elements.ts";
import { hierarchyNames } from "./hierarchies.ts";
import { stripBusinessLayerNoise, stripNoise } from "./noise.ts";
import { assetTypeOf, objectTypeOf } from "./object-type.ts";
import { type Overlay, stewardOf, tagsOf } from "./overlay.ts";

/** Moves whenever the same definition is mapped to another asset than before: part of every hash scheme. */
export const MAPPING_VERSION = 1;

/** A CSN entity with its name and the space it stands in. */
export interface Definition {
  readonly space: string;
  readonly name: string;
  readonly definition: JsonObject;
  /** The entry of the same name in `businessLayerDefinitions`: of analytic models only. */
  readonly businessLayer?: Json;
}

/**
 * Maps a CSN entity to an asset. Noise (see `stripNoise`) is gone, everything else stands in exactly one facet, and `fromAsset` gives
 * it back. Throws `AssetError` for what is no entity, and for one nested deeper than 64 levels.
 *
 * The keys of `custom_properties`, each there only where the definition has something to say:
 *
 * | key | holds |
 * |---|---|
 * | `object_type` | see `ObjectType` |
 * | `semantic_usage` | symbol of `@ObjectModel.modelingPattern`, such as `ANALYTICAL_FACT` |
 * | `exposed` | `@DataWarehouse.consumption.external`, true or false |
 * | `columns.<name>` | `label`, `enum`, every annotation of the column by its own name, `unknown` |
 * | `associations.<name>` | the same of an association |
 * | `hierarchies.<name>` | `{annotation, ordinal, definition}` |
 * | `query` | the view's query as CSN has it |
 * | `sql`, `sql_annotation` | the view's SQL or script, and the annotation it stood in unless that is `@DataWarehouse.sqlEditor.query` |
 * | `parameters` | `params` as CSN has them |
 * | `remote_source` | `connection` with `schema` and `table`, or with `entity` |
 * | `business_layer` | the business layer of an analytic model, without its version |
 * | `description_source` | `doc` where the description is CDS's `doc` |
 * | `steward` | from the configuration |
 * | `filled_by` | flows that fill the table, where a live tenant tells of them; from no definition |
 * | `annotations` | every other annotation of the definition by its own name, unknown shapes of those above too |
 * | `unknown` | every other key of the definition |
 */
export function toAsset({ space, name, definition, businessLayer, overlay }: Definition & { readonly overlay: Overlay }): Asset {
  if (definition["kind"] !== "entity")
    throw new AssetError("asset_unreadable", `it is no entity: its kind is ${JSON.stringify(definition["kind"])}`);
  assertDepth(definition, MAX_DEPTH);
  const clean = stripNoise(definition);
  const layer = businessLayer === undefined ? undefined : stripBusinessLayerNoise(businessLayer);
  const elements = elementsOf(clean);
  const steward = stewardOf(overlay, space, name);
  return {
    id: assetId(space, name),
    space,
    asset_type: assetTypeOf(objectTypeOf(clean, layer)),
    content: toContent(space, name, clean, overlay),
    schema: toSchema(clean, elements),
    metadata: {
      tags: tagsOf(overlay, space, name),
      ...toBusinessContext(clean, elements.columns, layer),
      custom_properties: { ...toCustomProperties(clean, elements, layer), ...(steward === null ? {} : { steward }) },
    },
  };
}

/** How deep objects and arrays of a definition may stand inside one another. */
export const MAX_DEPTH = 64;

function assertDepth(value: Json, levels: number): void {
  if (typeof value !== "object" || value === null) return;
  if (levels === 0) throw new AssetError("asset_too_deep", `it is nested deeper than ${MAX_DEPTH} levels`);
  if (Array.isArray(value)) {
    for (const item of value as readonly Json[]) assertDepth(item, levels - 1);
  } else {
    // Sooner told by its keys than by a list of its values. A number kept as text has a key too, and no depth.
    const object = value as JsonObject;
    for (const key in object) assertDepth(object[key] as Json, levels - 1);
  }
}

function toSchema(definition: JsonObject, elements: Elements): Schema {
  const { columns } = elements;
  const data_types: { [column: string]: string } = {};
  for (const { name, element } of columns) setMember(data_types, name, dataType(element));
  return {
    columns: columns.map(({ name, element }) => toColumn(name, element)),
    data_types,
    constraints: toConstraints(definition, elements),
  };
}

function toBusinessContext(
  definition: JsonObject,
  columns: readonly NamedElement[],
  businessLayer: Json | undefined,
): Omit<Metadata, "tags" | "custom_properties"> {
  return {
    dimensions: sortedNames([...namesOf(columns, isDimension), ...keysAt(businessLayer, "attributes")]),
    measures: sortedNames([...namesOf(columns, isMeasure), ...keysAt(businessLayer, "measures")]),
    hierarchies: sortedNames(hierarchyNames(definition)),
    certification_status: releaseState(definition),
  };
}

function isDimension(element: JsonObject): boolean {
  return element["@Analytics.dimension"] === true;
}

function isMeasure(element: JsonObject): boolean {
  return [element["@AnalyticsDetails.measureType"], element["@Aggregation.default"]].some((value) => value !== undefined && value !== null);
}

/** The release state of a stable view. Its key is not documented: the first annotation whose name speaks of one. */
function releaseState(definition: JsonObject): string | null {
  const [key] = sortedNames(Object.keys(definition).filter((candidate) => candidate.startsWith("@") && /release.*state/i.test(candidate)));
  if (key === undefined) return null;
  const value = definition[key];
  return typeof value === "string" ? value : enumValue(value);
}

function namesOf(elements: readonly NamedElement[], matches: (element: JsonObject) => boolean): readonly string[] {
  return elements.filter(({ element }) => matches(element)).map(({ name }) => name);
}

function keysAt(object: Json | undefined, key: string): readonly string[] {
  const inner = isJsonObject(object) ? object[key] : undefined;
  return isJsonObject(inner) ? Object.keys(inner) : [];
}

function sortedNames(names: readonly string[]): readonly string[] {
  return names.length < 2 ? names : [...new Set(names)].toSorted(compareCodePoints);
}
