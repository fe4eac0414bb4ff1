import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { describeShared } from "../../test/helpers/shared.ts";
import { sharedDefinitions } from "../../test/helpers/shared-csn.ts";
import { type Json, type JsonObject, rawNumber } from "../model/json.ts";
import { keysInOrder, objectInOrder } from "../model/key-order.ts";
import { parseJson, stringifyJson } from "../model/parse-json.ts";
import { canonicalText } from "./canonical-text.ts";
import { fromAsset } from "./from-asset.ts";
import { stripBusinessLayerNoise, stripNoise } from "./noise.ts";
import { isAsset } from "./object-type.ts";
import { NO_OVERLAY } from "./overlay.ts";
import { toAsset } from "./to-asset.ts";
import { propertyRuns } from "../../test/helpers/property-runs.ts";

const map = (definition: JsonObject, businessLayer?: Json) =>
  toAsset({ space: "SALES", name: "Orders", definition, ...(businessLayer === undefined ? {} : { businessLayer }), overlay: NO_OVERLAY });

/** The names of the columns in their order; associations have none. */
function columnOrder(definition: JsonObject): readonly string[] {
  const elements = (definition["elements"] ?? {}) as { readonly [name: string]: JsonObject };
  return keysInOrder(elements).filter((name) => !["cds.Association", "cds.Composition"].includes(elements[name]?.["type"] as string));
}

/** What a definition is, comparable: object keys in no order, columns in theirs. */
function comparable(definition: JsonObject, businessLayer: Json | undefined): unknown {
  return { text: canonicalText(definition), columns: columnOrder(definition), layer: businessLayer };
}

/** There and back, and there again. */
function roundTrip(definition: JsonObject, businessLayer?: Json) {
  const asset = map(definition, businessLayer);
  const back = fromAsset(asset);
  return { asset, back: comparable(back.definition, back.businessLayer), again: toAsset({ ...back, overlay: NO_OVERLAY }) };
}

function cleaned(definition: JsonObject, businessLayer?: Json): unknown {
  return comparable(stripNoise(definition), businessLayer === undefined ? undefined : stripBusinessLayerNoise(businessLayer));
}

describeShared("the real exports", () => {
  test("hold 21 assets, SALES 13 and HR 8", () => {
    const assets = sharedDefinitions().filter(({ definition }) => isAsset(definition));
    expect(Object.groupBy(assets, ({ space }) => space)).toMatchObject({ SALES: { length: 13 }, HR: { length: 8 } });
  });

  test("every definition comes back from its asset as it was, without its noise", () => {
    const definitions = sharedDefinitions().filter(({ definition }) => definition["kind"] === "entity");
    expect(definitions.length).toBeGreaterThan(21);
    for (const { definition } of definitions) {
      const { asset, back, again } = roundTrip(definition);
      expect(back).toEqual(cleaned(definition));
      expect(again).toEqual(asset);
    }
  });
});

// Few names, so that references meet what they name.
const name = fc.oneof(
  { weight: 9, arbitrary: fc.constantFrom("ID", "Name", "_to", "2019", "7", "__proto__", "Latitude (average)", "ß\u{1F600}") },
  { weight: 1, arbitrary: fc.string({ maxLength: 3 }) },
);
const reference = name.map((target) => ({ "=": target }));
const symbol = fc.constantFrom("DATA_STRUCTURE", "ANALYTICAL_FACT", "SUM").map((value) => ({ "#": value }));
const json: fc.Arbitrary<Json> = fc.oneof(
  fc.constantFrom<Json>(null, false, true, 0, "", "x", {}, [], [1], { a: rawNumber("1.5") }),
  reference,
  symbol,
);
const oddly = (usual: fc.Arbitrary<unknown>) =>
  fc.oneof({ weight: 5, arbitrary: usual as fc.Arbitrary<Json> }, { weight: 1, arbitrary: json });
const record = (shape: { [key: string]: fc.Arbitrary<unknown> }) =>
  fc.record(shape, { requiredKeys: [] }).map((object) => object as JsonObject);
const dictionary = (values: fc.Arbitrary<unknown>) =>
  fc
    .uniqueArray(fc.tuple(name, values), { selector: ([key]) => key, maxLength: 5 })
    .map((entries) => objectInOrder(entries as [string, Json][]));

const annotations = {
  "@EndUserText.label": oddly(fc.string()),
  "@Analytics.dimension": oddly(fc.boolean()),
  "@AnalyticsDetails.measureType": oddly(symbol),
  "@ObjectModel.foreignKey.association": oddly(reference),
  "@Semantics.text": json,
};
const scalarElement = {
  ...annotations,
  type: oddly(fc.constantFrom("cds.String", "cds.Decimal", "cds.hana.ST_POINT", "array", "untyped", "true", "1", "my type", "")),
  length: oddly(fc.nat()),
  precision: oddly(fc.nat()),
  scale: oddly(fc.nat()),
  srid: oddly(fc.nat()),
  default: json,
  key: oddly(fc.boolean()),
  notNull: oddly(fc.boolean()),
  enum: json,
  doc: json,
  unknown: json,
  label: json,
};
const field = record({ type: name, notNull: oddly(fc.boolean()), key: oddly(fc.boolean()) });
const element = record({ ...scalarElement, items: fc.oneof(json, field), elements: fc.oneof(json, dictionary(field)) });
const pair = fc.tuple(name, name).map(([local, remote]) => [{ ref: [local] }, "=", { ref: ["_to", remote] }]);
const condition = fc
  .array(pair, { minLength: 1, maxLength: 3 })
  .map((pairs) => pairs.flatMap((one, i) => (i === 0 ? one : ["and", ...one])));
const association = record({ ...annotations, target: oddly(name), on: oddly(condition), cardinality: json, key: json }).chain((fields) =>
  fc.constantFrom("cds.Association", "cds.Composition").map((type): JsonObject => ({ ...fields, type })),
);
const hierarchies = fc.array(record({ name: oddly(name), levels: json }), { maxLength: 3 });
const definitionArbitrary = record({
  "@EndUserText.label": oddly(fc.string()),
  "@EndUserText.quickInfo": oddly(fc.string()),
  doc: oddly(fc.string()),
  "@ObjectModel.modelingPattern": oddly(symbol),
  "@ObjectModel.supportedCapabilities": oddly(fc.array(symbol)),
  "@DataWarehouse.consumption.external": oddly(fc.boolean()),
  "@DataWarehouse.compoundKeySequence": oddly(
    fc.shuffledSubarray(["ID", "Name", "2019"]).map((names) => names.map((one) => ({ "=": one }))),
  ),
  "@DataWarehouse.sqlEditor.query": oddly(fc.constantFrom("SELECT 1", "SELECT 1  \r\n  FROM x\r\n")),
  "@DataWarehouse.tableFunction.script": oddly(fc.string()),
  "@DataWarehouse.remote.connection": oddly(fc.string()),
  "@DataWarehouse.remote.entity": oddly(
    fc.constantFrom("<NULL>\u007fA\u007fB", "A\u007fB", "A.B", "<NULL>\u007fA", "<NULL>\u007fA\u007fB\u007fC"),
  ),
  "@DataWarehouse.editorType": oddly(fc.constant({ "#": "DWCQueryModelEditor" })),
  "@DataWarehouse.querybuilder.model": json,
  "@Hierarchy.leveled": oddly(hierarchies),
  "@Hierarchy.parentChild": oddly(hierarchies),
  "@release.State": oddly(symbol),
  _meta: json,
  query: oddly(fc.constant({ SELECT: { distinct: false, columns: [{ ref: ["a"], key: false }] } })),
  params: oddly(dictionary(element)),
  includes: json,
  elements: dictionary(fc.oneof({ weight: 3, arbitrary: element }, { weight: 1, arbitrary: association })),
}).map((fields): JsonObject => ({ kind: "entity", ...fields }));

describe("any definition", () => {
  test("comes back from its asset as it was, without its noise", () => {
    fc.assert(
      fc.property(definitionArbitrary, fc.option(json, { nil: undefined }), (definition, layer) => {
        const { asset, back, again } = roundTrip(definition, layer);
        expect(back).toEqual(cleaned(definition, layer));
        expect(again).toEqual(asset);
      }),
      { seed: 1, numRuns: propertyRuns(500) },
    );
  });

  test("makes the same asset without its noise as with it, and nothing is left to strip", () => {
    fc.assert(
      fc.property(definitionArbitrary, (definition) => {
        const clean = stripNoise(definition);
        expect(map(clean)).toEqual(map(definition));
        expect(stripNoise(clean)).toEqual(clean);
      }),
      { seed: 2, numRuns: propertyRuns(200) },
    );
  });

  test("makes the same asset whichever way its keys are ordered, except those of its elements", () => {
    fc.assert(
      fc.property(definitionArbitrary, (definition) => {
        const reversed = Object.fromEntries(Object.entries(definition).toReversed());
        expect(canonicalText(map(reversed) as unknown as Json)).toBe(canonicalText(map(definition) as unknown as Json));
      }),
      { seed: 3, numRuns: propertyRuns(200) },
    );
  });

  test("survives being written and read", () => {
    fc.assert(
      fc.property(definitionArbitrary, (definition) => {
        const asset = map(definition) as unknown as Json;
        expect(canonicalText(parseJson(stringifyJson(asset)))).toBe(canonicalText(asset));
      }),
      { seed: 4, numRuns: propertyRuns(200) },
    );
  });
});
