import { expect, test } from "vitest";
import { describeShared } from "../../test/helpers/shared.ts";
import { sharedDefinitions } from "../../test/helpers/shared-csn.ts";
import { type Facet, FACETS } from "../model/asset.ts";
import type { Json, JsonObject } from "../model/json.ts";
import { canonicalText } from "./canonical-text.ts";
import { isAsset } from "./object-type.ts";
import { NO_OVERLAY } from "./overlay.ts";
import { toAsset } from "./to-asset.ts";

type Elements = { readonly [name: string]: JsonObject };

const withElements = (definition: JsonObject, change: (elements: Elements) => JsonObject): JsonObject => ({
  ...definition,
  elements: change(definition["elements"] as Elements),
});
const withEach = (definition: JsonObject, change: (element: JsonObject) => JsonObject): JsonObject =>
  withElements(definition, (elements) => Object.fromEntries(Object.entries(elements).map(([name, element]) => [name, change(element)])));
const withFirst = (definition: JsonObject, change: (element: JsonObject) => JsonObject): JsonObject =>
  withElements(definition, (elements) => {
    const [first = ""] = Object.keys(elements);
    return { ...elements, [first]: change(elements[first] as JsonObject) };
  });
const association = { type: "cds.Association", target: "New", on: [{ ref: ["x"] }, "=", { ref: ["_new", "y"] }] };

/** What people do in Datasphere's editors, and the facets in which it must show. */
const EDITS: readonly (readonly [string, readonly Facet[], (definition: JsonObject) => JsonObject])[] = [
  ["nothing", [], (definition) => definition],
  ["a new label", ["content"], (definition) => ({ ...definition, "@EndUserText.label": "another" })],
  ["a quick info", ["content"], (definition) => ({ ...definition, "@EndUserText.quickInfo": "why" })],
  ["a column added", ["schema"], (definition) => withElements(definition, (elements) => ({ ...elements, NEW: { type: "cds.Date" } }))],
  ["a column retyped", ["schema"], (definition) => withFirst(definition, (element) => ({ ...element, type: "cds.LargeString" }))],
  ["a column longer", ["schema"], (definition) => withFirst(definition, (element) => ({ ...element, length: 77 }))],
  [
    "the columns reversed",
    ["schema"],
    (definition) => withElements(definition, (elements) => Object.fromEntries(Object.entries(elements).toReversed())),
  ],
  ["an association added", ["schema"], (definition) => withElements(definition, (elements) => ({ ...elements, _new: association }))],
  [
    "a foreign key added",
    ["schema"],
    (definition) => withFirst(definition, (element) => ({ ...element, "@ObjectModel.foreignKey.association": { "=": "_none" } })),
  ],
  ["a column label", ["metadata"], (definition) => withFirst(definition, (element) => ({ ...element, "@EndUserText.label": "another" }))],
  [
    "a unit",
    ["metadata"],
    (definition) => withFirst(definition, (element) => ({ ...element, "@Semantics.quantity.unitOfMeasure": { "=": "UNIT" } })),
  ],
  ["a measure", ["metadata"], (definition) => withFirst(definition, (element) => ({ ...element, "@Aggregation.default": { "#": "MAX" } }))],
  [
    "exposure",
    ["metadata"],
    (definition) => ({ ...definition, "@DataWarehouse.consumption.external": !definition["@DataWarehouse.consumption.external"] }),
  ],
  ["another query", ["metadata"], (definition) => ({ ...definition, query: { SELECT: { from: { ref: ["OTHER"] } } } })],
  ["another SQL", ["metadata"], (definition) => ({ ...definition, "@DataWarehouse.sqlEditor.query": "SELECT 2" })],
  ["an unknown annotation", ["metadata"], (definition) => ({ ...definition, "@new.thing": true })],
  [
    "a label and a column",
    ["content", "schema"],
    (definition) => withElements({ ...definition, "@EndUserText.label": "x" }, (elements) => ({ ...elements, NEW: {} })),
  ],
  ["another folder", [], (definition) => ({ ...definition, _meta: { dependencies: { folderAssignment: "Folder_2" } } })],
  ["a moved diagram", [], (definition) => ({ ...definition, "@DataWarehouse.querybuilder.model": "{}" })],
  ["the default flags written out", [], (definition) => withEach(definition, (element) => ({ key: false, notNull: false, ...element }))],
  [
    "keys in another order",
    [],
    (definition) =>
      withEach(Object.fromEntries(Object.entries(definition).toReversed()), (element) =>
        Object.fromEntries(Object.entries(element).toReversed()),
      ),
  ],
  [
    "associations in front",
    [],
    (definition) =>
      withElements(definition, (elements) => Object.fromEntries(Object.entries(elements).toSorted(([, a], [, b]) => rank(a) - rank(b)))),
  ],
  ["line ends of another system", [], (definition) => withSql(definition, (sql) => sql.replaceAll("\n", " \r\n"))],
];

function rank(element: JsonObject): number {
  return element["type"] === "cds.Association" ? 0 : 1;
}

function withSql(definition: JsonObject, change: (sql: string) => string): JsonObject {
  const sql = definition["@DataWarehouse.sqlEditor.query"];
  return typeof sql === "string" ? { ...definition, "@DataWarehouse.sqlEditor.query": change(sql) } : definition;
}

function facetsThatDiffer(before: JsonObject, after: JsonObject): readonly Facet[] {
  const [a, b] = [before, after].map((definition) => toAsset({ space: "SALES", name: "x", definition, overlay: NO_OVERLAY }));
  const text = (value: unknown): string => canonicalText(value as Json);
  return FACETS.filter((facet) => text(a?.[facet]) !== text(b?.[facet]));
}

describeShared("an edit of a real asset", () => {
  test.each(EDITS)("%s shows in %j, and nowhere else", (_edit, facets, edit) => {
    const assets = sharedDefinitions().filter(({ definition }) => isAsset(definition));
    expect(assets).toHaveLength(21);
    for (const { name, definition } of assets)
      expect({ name, facets: facetsThatDiffer(definition, edit(definition)) }).toEqual({ name, facets });
  });
});
