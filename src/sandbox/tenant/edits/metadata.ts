import type { Json, JsonObject } from "../../../model/json.ts";
import { isJsonObject } from "../../../model/json.ts";
import type { Rng } from "../rng.ts";
import { freshMark, type Edit } from "./edit.ts";
import { annotated, columnsOf, type Element, reworded, withElement } from "./elements.ts";

/** Edits of business context: labels and semantics of columns, roles, hierarchies, exposure. */
export const BUSINESS_EDITS: readonly Edit[] = [
  {
    name: "column label changed",
    facets: ["metadata"],
    apply: (definition, rng) =>
      onColumn(
        definition,
        () => true,
        rng,
        (element) => ({ ...element, "@EndUserText.label": reworded(element["@EndUserText.label"], freshMark(rng)) }),
      ),
  },
  {
    name: "column description changed",
    facets: ["metadata"],
    apply: (definition, rng) =>
      onColumn(
        definition,
        () => true,
        rng,
        (element) => ({ ...element, "@EndUserText.quickInfo": reworded(element["@EndUserText.quickInfo"], freshMark(rng)) }),
      ),
  },
  {
    name: "column made a dimension or none",
    facets: ["metadata"],
    apply: (definition, rng) =>
      onColumn(definition, isNoMeasure, rng, (element) =>
        annotated(element, "@Analytics.dimension", element["@Analytics.dimension"] === true ? undefined : true),
      ),
  },
  {
    name: "column made a measure or none",
    facets: ["metadata"],
    apply: (definition, rng) =>
      onColumn(
        definition,
        (element) => element["@Analytics.dimension"] !== true,
        rng,
        (element) =>
          isNoMeasure(element)
            ? { ...element, "@AnalyticsDetails.measureType": { "#": "BASE" }, "@Aggregation.default": { "#": "SUM" } }
            : annotated(annotated(element, "@AnalyticsDetails.measureType", undefined), "@Aggregation.default", undefined),
      ),
  },
  {
    name: "aggregation changed",
    facets: ["metadata"],
    apply: (definition, rng) =>
      onColumn(
        definition,
        (element) => element["@Aggregation.default"] !== undefined,
        rng,
        (element) => {
          const now = isJsonObject(element["@Aggregation.default"]) ? element["@Aggregation.default"]["#"] : undefined;
          return { ...element, "@Aggregation.default": { "#": now === "MAX" ? "MIN" : "MAX" } };
        },
      ),
  },
  {
    name: "currency reference set",
    facets: ["metadata"],
    apply: (definition, rng) =>
      onColumn(
        definition,
        () => true,
        rng,
        (element) => ({ ...element, "@Semantics.amount.currencyCode": { "=": `Currency_${freshMark(rng)}` } }),
      ),
  },
  {
    name: "hierarchy added",
    facets: ["metadata"],
    apply: (definition, rng) => {
      const [column] = columnsOf(definition);
      const existing = definition["@Hierarchy.leveled"] ?? [];
      if (column === undefined || !Array.isArray(existing)) return null;
      const added = { name: `H_${freshMark(rng)}`, label: "Added", levels: [{ element: { "=": column[0] } }] };
      return { ...definition, "@Hierarchy.leveled": [...(existing as readonly Json[]), added] };
    },
  },
  {
    name: "hierarchy relabelled",
    facets: ["metadata"],
    apply: (definition, rng) => {
      const key = (["@Hierarchy.leveled", "@Hierarchy.parentChild"] as const).find((name) => Array.isArray(definition[name]));
      const hierarchies = key === undefined ? [] : (definition[key] as readonly Json[]);
      const [first, ...rest] = hierarchies;
      return key === undefined || !isJsonObject(first)
        ? null
        : { ...definition, [key]: [{ ...first, label: reworded(first["label"], freshMark(rng)) }, ...rest] };
    },
  },
  {
    name: "semantic usage changed",
    facets: ["metadata"],
    apply: (definition) => {
      const now = definition["@ObjectModel.modelingPattern"];
      const usage = isJsonObject(now) && now["#"] === "DATA_STRUCTURE" ? "ANALYTICAL_DIMENSION" : "DATA_STRUCTURE";
      return { ...definition, "@ObjectModel.modelingPattern": { "#": usage } };
    },
  },
  {
    name: "capability added",
    facets: ["metadata"],
    apply: (definition, rng) => {
      const now = definition["@ObjectModel.supportedCapabilities"];
      return Array.isArray(now)
        ? { ...definition, "@ObjectModel.supportedCapabilities": [...(now as readonly Json[]), { "#": `CAPABILITY_${freshMark(rng)}` }] }
        : null;
    },
  },
  {
    name: "exposure switched",
    facets: ["metadata"],
    apply: (definition) => ({
      ...definition,
      "@DataWarehouse.consumption.external": definition["@DataWarehouse.consumption.external"] !== true,
    }),
  },
  {
    name: "unknown annotation set",
    facets: ["metadata"],
    apply: (definition, rng) => ({ ...definition, "@Custom.classification": { level: freshMark(rng), reviewed: true } }),
  },
];

/** Edits of what a view computes. */
export const LOGIC_EDITS: readonly Edit[] = [
  {
    name: "query changed",
    facets: ["metadata"],
    apply: (definition, rng) => {
      const query = definition["query"];
      const select = isJsonObject(query) ? query["SELECT"] : undefined;
      if (!isJsonObject(query) || !isJsonObject(select)) return null;
      return { ...definition, query: { ...query, SELECT: { ...select, where: [{ ref: ["SOURCE"] }, "=", { val: freshMark(rng) }] } } };
    },
  },
  {
    name: "sql changed",
    facets: ["metadata"],
    apply: (definition, rng) => {
      const sql = definition["@DataWarehouse.sqlEditor.query"];
      return typeof sql === "string" ? { ...definition, "@DataWarehouse.sqlEditor.query": `${sql}\n-- ${freshMark(rng)}` } : null;
    },
  },
];

function onColumn(
  definition: JsonObject,
  matches: (element: JsonObject) => boolean,
  rng: Rng,
  change: (element: JsonObject) => JsonObject,
): JsonObject | null {
  const candidates: readonly Element[] = columnsOf(definition).filter(([, element]) => matches(element));
  return candidates.length === 0 ? null : withElement(definition, rng.pick(candidates)[0], change);
}

function isNoMeasure(element: JsonObject): boolean {
  return element["@AnalyticsDetails.measureType"] === undefined && element["@Aggregation.default"] === undefined;
}
