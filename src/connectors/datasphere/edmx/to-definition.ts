import { isJsonObject, type Json, type JsonObject } from "../../../model/json.ts";
import { objectInOrder } from "../../../model/key-order.ts";
import { compareCodePoints } from "../../../model/order.ts";
import { rawXml } from "./annotation.ts";
import { columnType, defaultOf, SAID_ATTRIBUTES } from "./column-type.ts";
import type { DescribedAsset } from "./described-asset.ts";
import type { Annotations, Edmx, Navigation, Property } from "./edmx.ts";

/** Which of an asset's two documents it is. The analytical one has no keys, and its columns stand in no order that means anything. */
export type EdmxMode = "relational" | "analytical";

/**
 * The definition that CSN would have of the asset, as far as its `$metadata` tells. So one mapping makes assets of both, and the same
 * fact stands in the same facet under the same name.
 *
 * Annotations of unknown terms stand as `@<term>`; what the document says of nothing in particular, or in elements that are unknown,
 * under `edmx`. Capabilities of entity sets are left out: they say what a service can do, not what an asset is.
 */
export function toDefinition(edmx: Edmx, asset: DescribedAsset, mode: EdmxMode): JsonObject {
  const { columns, parameters, sets } = asset;
  const key = new Set(columns.key);
  const properties = mode === "relational" ? columns.properties : columns.properties.toSorted((a, b) => byName(a, b, asset));
  const elements = [
    ...properties.map((property) => [asset.realName(property.name), toElement(property, key.has(property.name), asset)] as const),
    ...columns.navigations.map((navigation) => [asset.realName(navigation.name), toAssociation(navigation, asset)] as const),
  ];
  const said = [...sets.map(({ annotations }) => annotations), columns.annotations].map((annotations) => toCsn(annotations, asset));
  const rest = leftOver(edmx);
  return {
    kind: "entity",
    "@DataWarehouse.consumption.external": true,
    ...Object.fromEntries(said.flatMap((one) => Object.entries(one))),
    ...(parameters === null
      ? {}
      : { params: objectInOrder(parameters.properties.map((one) => [asset.realName(one.name), parameterOf(one, asset)])) }),
    elements: objectInOrder(elements),
    ...(Object.keys(rest).length === 0 ? {} : { edmx: rest }),
  };
}

function byName(a: Property, b: Property, { realName }: DescribedAsset): number {
  return compareCodePoints(realName(a.name), realName(b.name));
}

function toElement(property: Property, isKey: boolean, asset: DescribedAsset): JsonObject {
  const { "Common.FieldControl": control, ...annotations } = property.annotations;
  const isMandatory = isJsonObject(control) && control["#"] === "Mandatory";
  // OData wants every key column to be not nullable; whether the column itself is so stands in the annotation.
  const isRequired = isMandatory || (!isKey && property.attributes["Nullable"] === "false");
  const value = defaultOf(property);
  return {
    ...columnType(property),
    ...(isKey ? { key: true } : {}),
    ...(isRequired ? { notNull: true } : {}),
    ...(value === undefined ? {} : { default: value }),
    ...(control === undefined || isMandatory ? {} : { "@Common.FieldControl": control }),
    ...toCsn(annotations, asset),
    ...Object.fromEntries(Object.entries(property.attributes).filter(([name]) => !SAID_ATTRIBUTES.has(name))),
  };
}

function parameterOf(property: Property, asset: DescribedAsset): JsonObject {
  const { key: _key, notNull: _notNull, ...parameter } = toElement(property, true, asset);
  return parameter;
}

function toAssociation({ name, target, isMany, constraint, annotations }: Navigation, asset: DescribedAsset): JsonObject {
  const pairs = constraint.flatMap(({ local, remote }, at) => [
    ...(at === 0 ? [] : ["and"]),
    { ref: [asset.realName(local)] },
    "=",
    { ref: [asset.realName(name), remote] },
  ]);
  return {
    type: "cds.Association",
    target,
    ...(isMany ? { cardinality: { max: "*" } } : {}),
    ...(pairs.length === 0 ? {} : { on: pairs }),
    ...toCsn(annotations, asset),
  };
}

/** Terms for which CSN has another name. The others keep theirs. */
const CSN_NAMES: ReadonlyMap<string, string> = new Map([
  ["Common.Label", "@EndUserText.label"],
  ["Common.QuickInfo", "@EndUserText.quickInfo"],
  ["Core.Description", "doc"],
  // Both spellings occur.
  ["Analytics.Dimension", "@Analytics.dimension"],
  ["Analytics.Measure", "@Analytics.measure"],
  ["Common.IsCalendarDate", "@Semantics.date"],
  ["Common.IsCalendarYear", "@Semantics.calendar.year"],
  ["Common.IsCalendarMonth", "@Semantics.calendar.month"],
  ["Common.IsCalendarYearMonth", "@Semantics.calendar.yearMonth"],
  ["Common.IsCalendarYearQuarter", "@Semantics.calendar.yearQuarter"],
  ["Common.IsCalendarYearWeek", "@Semantics.calendar.yearWeek"],
  ["Common.IsDayOfCalendarYear", "@Semantics.calendar.dayOfYear"],
  ["Common.IsCurrency", "@Semantics.currencyCode"],
  ["Common.IsUnit", "@Semantics.unitOfMeasure"],
]);

function toCsn(annotations: Annotations, asset: DescribedAsset): JsonObject {
  const kept = Object.entries(annotations).filter(([term]) => term !== "DataIntegration.OriginalName" && !term.startsWith("Capabilities."));
  return Object.fromEntries(kept.map(([term, value]) => [CSN_NAMES.get(term) ?? `@${term}`, withRealNames(value, asset)]));
}

/** Paths in a value name columns as the document does. */
function withRealNames(value: Json, asset: DescribedAsset): Json {
  if (Array.isArray(value)) return value.map((item: Json) => withRealNames(item, asset));
  if (!isJsonObject(value)) return value;
  const path = value["="];
  if (typeof path === "string") return { ...value, "=": path.split("/").map(asset.realName).join("/") };
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withRealNames(inner, asset)]));
}

function leftOver({ schemas, elsewhere }: Edmx): JsonObject {
  const elements = schemas.flatMap(({ unknown }) => unknown.map(rawXml));
  const annotations = Object.entries(elsewhere).filter(([, said]) => Object.keys(said).some((term) => !term.startsWith("Capabilities.")));
  return {
    ...(elements.length === 0 ? {} : { elements }),
    ...(annotations.length === 0 ? {} : { annotations: Object.fromEntries(annotations) }),
  };
}
