import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../model/json.ts";
import { keysInOrder } from "../../model/key-order.ts";
import { parseJson } from "../../model/parse-json.ts";
import { columnTypes, originsOf, withTypes } from "./analytic-model.ts";

const definition: JsonObject = {
  kind: "entity",
  elements: {
    AMOUNT: {},
    REGION: { "@EndUserText.label": "Region" },
    _CUSTOMER: { type: "cds.Association", target: "MASTER.Customer" },
    NAME_D0: {},
    GIVEN: { type: "cds.Date" },
  },
};

describe("the columns of an analytic model come from", () => {
  test("its facts and dimensions, by a business layer of today", () => {
    const businessLayer = {
      sourceModel: {
        factSources: { F: { dataEntity: { key: "Sales" } } },
        dimensionSources: { _CUSTOMER: { dataEntity: { key: "MASTER.Customer" } } },
      },
      attributes: {
        REGION: { attributeMapping: { F: { key: "REGION_ID" } } },
        NAME_D0: { sourceKey: "_CUSTOMER", key: "NAME" },
        GIVEN: { attributeMapping: { F: { key: "GIVEN" } } },
      },
      measures: { AMOUNT: { measureMapping: { F: { key: "NETWR" } } } },
    };
    expect(originsOf({ definition, businessLayer })).toEqual([
      { element: "AMOUNT", source: "Sales", column: "NETWR" },
      { element: "REGION", source: "Sales", column: "REGION_ID" },
      { element: "NAME_D0", source: "MASTER.Customer", column: "NAME" },
    ]);
  });

  test("its facts, by an older one that names source and column flat", () => {
    const businessLayer = {
      sourceModel: { factSources: { "0": { dataEntity: { key: "Sales" } } } },
      measures: { AMOUNT: { sourceKey: "0", key: "NETWR" } },
    };
    expect(originsOf({ definition, businessLayer })).toEqual([{ element: "AMOUNT", source: "Sales", column: "NETWR" }]);
  });

  test("what its query says, where no layer tells", () => {
    const query = {
      SELECT: {
        from: { ref: ["MASTER.Sales"], as: "S" },
        columns: [
          { ref: ["S", "NETWR"], as: "AMOUNT" },
          { ref: ["S", "REGION"] },
          { ref: ["_CUSTOMER"] },
          { ref: ["_CUSTOMER", "NAME"], as: "NAME_D0" },
        ],
      },
    };
    expect(originsOf({ definition: { ...definition, query } })).toEqual([
      { element: "AMOUNT", source: "MASTER.Sales", column: "NETWR" },
      { element: "REGION", source: "MASTER.Sales", column: "REGION" },
      { element: "NAME_D0", source: "MASTER.Customer", column: "NAME" },
    ]);
  });

  test.each<[string, unknown]>([
    ["nothing", undefined],
    ["a list", []],
    ["shapes nobody knows", { sourceModel: 1, attributes: { AMOUNT: "x", REGION: { attributeMapping: [] } }, measures: null }],
    [
      "names of objects' own making",
      { sourceModel: { factSources: {} }, attributes: { AMOUNT: { sourceKey: "__proto__", key: "constructor" } } },
    ],
  ])("nowhere, where its layer is %s", (_case, businessLayer) => {
    expect(originsOf({ definition, businessLayer: businessLayer as JsonObject })).toEqual([]);
  });
});

test("types are put in, what a column says itself stays, and the order of columns too", () => {
  const model = parseJson('{"kind":"entity","elements":{"B":{},"2019":{"length":5},"A":{"type":"cds.Date"}}}') as JsonObject;
  const types = columnTypes({ elements: { X: { type: "cds.String", length: 10, "@x": 1 }, Y: { type: "cds.Integer" } } });
  const typed = withTypes(
    model,
    new Map([
      ["B", types.get("X") as JsonObject],
      ["2019", types.get("X") as JsonObject],
      ["A", types.get("Y") as JsonObject],
    ]),
  );
  expect(typed["elements"]).toEqual({
    B: { type: "cds.String", length: 10 },
    "2019": { type: "cds.String", length: 5 },
    A: { type: "cds.Date" },
  });
  expect(keysInOrder(typed["elements"] as JsonObject)).toEqual(["B", "2019", "A"]);
});
