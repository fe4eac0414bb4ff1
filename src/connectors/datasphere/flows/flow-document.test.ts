import { expect, test } from "vitest";
import type { Json, JsonObject } from "../../../model/json.ts";
import { fillsOf } from "./flow-document.ts";

// The shapes that public clients and SAP's exports show. Names are our own.

const dataFlow = (processes: JsonObject, more: JsonObject = {}): Json => ({
  dataflows: { LOAD: { kind: "sap.dis.dataflow", contents: { processes }, ...more } },
});
const table = (role: "consumer" | "producer", dwcEntity: string, config: JsonObject = {}): JsonObject => ({
  component: `com.sap.database.table.${role}`,
  metadata: { config: { dwcEntity, hanaConnection: { connectionID: "$DWC" }, ...config } },
});
const replication = (contents: JsonObject): Json => ({ replicationflows: { COPY: { kind: "sap.dis.replicationflow", contents } } });
const transformation = (processes: JsonObject): Json => ({ transformationflows: { SHAPE: { contents: { processes } } } });

test("a data flow fills its producers from its consumers, column by column as far as it says so", () => {
  const mapped = {
    attributeMappings: [{ target: "ID", expression: '"ID"' }, { target: "SUM", expression: '"A" + "B"' }, { target: "NONE" }],
  };
  const flow = dataFlow({
    p1: table("consumer", "RAW"),
    p2: { component: "com.sap.util.join", metadata: { config: {} } },
    p3: table("producer", "CLEAN", mapped),
  });
  expect(fillsOf(flow, "data_flows", "LOAD")).toEqual([
    { table: "CLEAN", sources: [{ object: "RAW" }], columns: { ID: '"ID"', SUM: '"A" + "B"' } },
  ]);
});

test("what a data flow reads over a connection is told with it, and a producer elsewhere is no table of ours", () => {
  const remote = {
    component: "com.sap.database.table.consumer",
    metadata: { config: { qualifiedName: "/X/Y", hanaConnection: { connectionID: "S4" } } },
  };
  const away = table("producer", "FAR", { hanaConnection: { connectionID: "LAKE" } });
  expect(fillsOf(dataFlow({ remote, near: table("producer", "NEAR"), away }), "data_flows", "LOAD")).toEqual([
    { table: "NEAR", sources: [{ connection: "S4", object: "/X/Y" }], columns: {} },
  ]);
  expect(fillsOf(dataFlow({ remote, away }), "data_flows", "LOAD")).toEqual([]);
});

test("a data flow that names sources and targets beside its processes alone is understood too", () => {
  const flow = dataFlow({}, { sources: { RAW: { elements: {} } }, targets: { CLEAN: { elements: {} } } });
  expect(fillsOf(flow, "data_flows", "LOAD")).toEqual([{ table: "CLEAN", sources: [{ object: "RAW" }], columns: {} }]);
});

test("a replication flow fills each table from its own source", () => {
  const flow = replication({
    sourceSystem: [{ connectionId: "S4", container: "/CDS" }],
    targetSystem: [{ connectionId: "$DWC" }],
    replicationTasks: [
      { sourceObject: { name: "I_B" }, targetObject: { name: "B" } },
      {
        sourceObject: { name: "I_A" },
        targetObject: { name: "A" },
        transform: { attributeMappings: [{ target: "ID", expression: '"KEY"' }] },
      },
      { sourceObject: { name: "I_C" } },
    ],
  });
  expect(fillsOf(flow, "replication_flows", "COPY")).toEqual([
    { table: "A", sources: [{ connection: "S4", object: "/CDS/I_A" }], columns: { ID: '"KEY"' } },
    { table: "B", sources: [{ connection: "S4", object: "/CDS/I_B" }], columns: {} },
  ]);
  const away = replication({
    targetSystem: [{ connectionId: "BQ" }],
    replicationTasks: [{ sourceObject: { name: "A" }, targetObject: { name: "A" } }],
  });
  expect(fillsOf(away, "replication_flows", "COPY")).toEqual([]);
});

test("a transformation flow is filled from all that its query selects from: joins, unions, parameters", () => {
  const from = {
    join: "left",
    args: [
      { ref: ["A"] },
      { SET: { args: [{ SELECT: { from: { ref: [{ id: "OTHER.B", args: {} }] } } }, { SELECT: { from: { ref: ["A"] } } }] } },
    ],
  };
  const flow = transformation({
    view: { component: "com.sap.dwc.viewtransform", metadata: { config: { definition: { query: { SELECT: { from } } } } } },
    target: { component: "com.sap.dwc.target", metadata: { config: { name: "T", attributeMappings: [{ target: "ID", source: "KEY" }] } } },
  });
  expect(fillsOf(flow, "transformation_flows", "SHAPE")).toEqual([
    { table: "T", sources: [{ object: "A" }, { object: "OTHER.B" }], columns: { ID: "KEY" } },
  ]);
});

test("two targets that are one table are one entry", () => {
  const flow = dataFlow({
    a: table("consumer", "RAW"),
    b: table("producer", "T"),
    c: table("producer", "T", { attributeMappings: [{ target: "ID", expression: '"ID"' }] }),
  });
  expect(fillsOf(flow, "data_flows", "LOAD")).toEqual([{ table: "T", sources: [{ object: "RAW" }], columns: { ID: '"ID"' } }]);
});

test("a column named __proto__ is a column", () => {
  const flow = dataFlow({ b: table("producer", "__proto__", { attributeMappings: [{ target: "__proto__", expression: "1" }] }) });
  const [fill] = fillsOf(flow, "data_flows", "LOAD") ?? [];
  expect(fill?.table).toBe("__proto__");
  expect(Object.entries(fill?.columns ?? {})).toEqual([["__proto__", "1"]]);
});

test.each<readonly [string, Json]>([
  ["an answer of another type", { views: { LOAD: {} } }],
  ["another object", { dataflows: { OTHER: { contents: { processes: { p: table("producer", "T") } } } } }],
  ["no object", { dataflows: { LOAD: [] } }],
  ["no processes", { dataflows: { LOAD: { contents: { processes: [] } } } }],
  [
    "processes of another form",
    {
      dataflows: {
        LOAD: { contents: { processes: { p: 1, q: { component: 2 }, r: { component: "x.producer", metadata: { config: {} } } } } },
      },
    },
  ],
  ["an inherited name", { dataflows: {} }],
  ["a list", []],
])("what does not tell what it fills is not understood: %s", (_what, document) => {
  expect(fillsOf(document, "data_flows", "LOAD")).toBeNull();
});

test("a query that is nested without end is followed to a depth only", () => {
  let from: Json = { ref: ["DEEP"] };
  for (let level = 0; level < 100; level++) from = { args: [from] };
  const flow = transformation({
    view: { component: "com.sap.dwc.viewtransform", metadata: { config: { definition: { query: { SELECT: { from } } } } } },
    target: { component: "com.sap.dwc.target", metadata: { config: { name: "T" } } },
  });
  expect(fillsOf(flow, "transformation_flows", "SHAPE")).toEqual([{ table: "T", sources: [], columns: {} }]);
});
