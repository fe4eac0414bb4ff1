import type { Json, JsonObject } from "../../../model/json.ts";
import type { Element } from "../../tenant/edits/elements.ts";
import { identityOf, type World } from "../../tenant/identity.ts";
import { asText } from "./as-text.ts";
import { drawSource, type Dimension, type Source } from "./model-source.ts";

/** An analytic model of a made-up tenant. */
export interface Model {
  readonly space: string;
  readonly name: string;
  readonly label: string;
  readonly document: () => JsonObject;
}

/**
 * The analytic model of that number, over one of the tenant's tables and views, which have the numbers below `tables`. Its elements
 * have no types, as in a real tenant: those are the source's.
 */
export function analyticModel(world: World, tables: number, number: number): Model {
  const { space, name: identity, label } = identityOf(world, number);
  const name = `AM_${identity}`;
  return { space, name, label, document: () => modelDocument(name, label, drawSource(world, tables, number, space)) };
}

function modelDocument(name: string, label: string, source: Source): JsonObject {
  const hasMeasures = source.columns.some(([, element]) => element["@AnalyticsDetails.measureType"] !== undefined);
  const isMeasure = ([, element]: Element): boolean =>
    hasMeasures ? element["@AnalyticsDetails.measureType"] !== undefined : NUMERIC.has(asText(element["type"]));
  const attributes = source.columns.filter((column) => !isMeasure(column));
  const measures = source.columns.filter(isMeasure);
  return {
    definitions: { [name]: definition(label, source, attributes, measures) },
    businessLayerDefinitions: { [name]: businessLayer(name, label, source, attributes, measures) },
  };
}

const NUMERIC: ReadonlySet<string> = new Set(["cds.Double", "cds.Decimal", "cds.DecimalFloat", "cds.Integer", "cds.Integer64"]);

function definition(
  label: string,
  { identity, key, dimensions }: Source,
  attributes: readonly Element[],
  measures: readonly Element[],
): JsonObject {
  const elements: readonly (readonly [string, Json])[] = [
    ...attributes.map(([name, element]) => [name, { ...pickLabel(element, name), ...foreignKey(name, dimensions) }] as const),
    ...dimensions.map(({ association, element }) => [association, element] as const),
    ...dimensions.flatMap(({ association, affix, columns }) =>
      columns.map(
        ([name, element]) =>
          [name + affix, { ...pickLabel(element, name), "@Analytics.navigationAttributeRef": [association, name] }] as const,
      ),
    ),
    ...measures.map(
      ([name, element]) => [name, { ...pickLabel(element, name), "@AnalyticsDetails.measureType": { "#": "BASE" } }] as const,
    ),
  ];
  const fromFact = (name: string): JsonObject => ({ ref: [identity.name, name], as: name });
  return {
    kind: "entity",
    "@EndUserText.label": label,
    elements: Object.fromEntries(elements),
    "@ObjectModel.modelingPattern": { "#": "ANALYTICAL_CUBE" },
    "@ObjectModel.supportedCapabilities": [{ "#": "ANALYTICAL_PROVIDER" }],
    "@DataWarehouse.editorType": { "#": "DWCQueryModelEditor" },
    "@DataWarehouse.hanaCatalog.viewType": { "#": "CALCULATION_VIEW" },
    query: {
      SELECT: {
        from: { ref: [key], as: identity.name },
        columns: [
          ...attributes.map(([name]) => fromFact(name)),
          ...dimensions.map(({ association }) => ({ ref: [association] })),
          ...dimensions.flatMap(({ association, affix, columns }) =>
            columns.map(([name]) => ({ ref: [association, name], as: name + affix })),
          ),
          ...measures.map(([name]) => fromFact(name)),
        ],
        ...(dimensions.length > 0
          ? { mixin: Object.fromEntries(dimensions.map(({ association, element }) => [association, element])) }
          : {}),
      },
    },
  };
}

function businessLayer(
  name: string,
  text: string,
  source: Source,
  attributes: readonly Element[],
  measures: readonly Element[],
): JsonObject {
  const { identity, key, dimensions } = source;
  const mapping = (column: string): JsonObject => ({ [identity.name]: { key: column } });
  const factAttributes = attributes.map(([column, element]) => {
    const leading = dimensions.find(({ local }) => local === column);
    const usedFor = leading === undefined ? {} : { usedForDimensionSourceKey: leading.association };
    const attribute = { attributeType: "AnalyticModelAttributeType.FactSourceAttribute", attributeMapping: mapping(column) };
    return [column, { ...attribute, text: labelOf(element, column), duplicated: false, ...usedFor }] as const;
  });
  const dimensionAttributes = dimensions.flatMap(({ association, affix, columns }) =>
    columns.map(([column, element]) => {
      const attribute = { attributeType: "AnalyticModelAttributeType.DimensionSourceAttribute", sourceKey: association, key: column };
      return [column + affix, { ...attribute, text: labelOf(element, column), duplicated: false }] as const;
    }),
  );
  return {
    identifier: { key: name },
    text,
    sourceModel: {
      factSources: { [identity.name]: { text: identity.label, dataEntity: { key } } },
      dimensionSources: Object.fromEntries(
        dimensions.map((dimension) => [dimension.association, dimensionSource(identity.name, dimension)]),
      ),
    },
    exposedAssociations: {},
    attributes: Object.fromEntries([...factAttributes, ...dimensionAttributes]),
    measures: Object.fromEntries(
      measures.map(([column, element]) => [
        column,
        {
          measureType: "AnalyticModelMeasureType.FactSourceMeasure",
          measureMapping: mapping(column),
          text: labelOf(element, column),
          isAuxiliary: false,
        },
      ]),
    ),
    variables: {},
    crossCalculations: {},
    supportedCapabilities: {},
    version: "1.7.1",
  };
}

function dimensionSource(fact: string, { association, element, affix }: Dimension): JsonObject {
  return {
    text: labelOf(element, association),
    dataEntity: { key: element["target"] as Json },
    associationContexts: [{ sourceKey: fact, sourceType: "AnalyticModelSourceType.Fact", associationSteps: [association] }],
    technicalAffix: { text: affix, type: "AnalyticModelDimensionAffixType.SUFFIX" },
  };
}

function foreignKey(column: string, dimensions: readonly Dimension[]): JsonObject {
  const leading = dimensions.find(({ local }) => local === column);
  return leading === undefined ? {} : { "@ObjectModel.foreignKey.association": { "=": leading.association } };
}

function pickLabel(element: JsonObject, name: string): JsonObject {
  return { "@EndUserText.label": labelOf(element, name) };
}

function labelOf(element: JsonObject, name: string): string {
  const label = element["@EndUserText.label"];
  return typeof label === "string" ? label : name;
}
