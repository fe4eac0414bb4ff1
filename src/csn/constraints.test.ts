import { describe, expect, test } from "vitest";
import type { Json, JsonObject } from "../model/json.ts";
import { fromAsset } from "./from-asset.ts";
import { NO_OVERLAY } from "./overlay.ts";
import { toAsset } from "./to-asset.ts";

const map = (fields: JsonObject) =>
  toAsset({ space: "SALES", name: "Orders", definition: { kind: "entity", ...fields }, overlay: NO_OVERLAY });
const constraintsOf = (elements: JsonObject, fields: JsonObject = {}) => map({ elements, ...fields }).schema.constraints;
const customOf = (fields: JsonObject) => map(fields).metadata.custom_properties;
/** The definition that the asset of these fields gives back. */
const backOf = (fields: JsonObject) => fromAsset(map(fields)).definition;

describe("the primary key", () => {
  const elements = { A: { key: true }, B: {}, C: { key: true } };

  test("has the order of the columns", () => {
    expect(constraintsOf(elements)).toEqual([{ type: "primary_key", columns: ["A", "C"] }]);
    expect(constraintsOf({ B: {} })).toEqual([]);
  });

  test("has the order that the definition states, which then stands nowhere else", () => {
    const sequence = { "@DataWarehouse.compoundKeySequence": [{ "=": "C" }, { "=": "A" }] };
    expect(constraintsOf(elements, sequence)).toEqual([{ type: "primary_key", columns: ["C", "A"] }]);
    expect(customOf({ elements, ...sequence })).toEqual({ object_type: "local_table" });
    expect(backOf({ elements, ...sequence })).toEqual({ kind: "entity", elements, ...sequence });
  });

  test("takes no order that is none of its columns", () => {
    const sequence = { "@DataWarehouse.compoundKeySequence": [{ "=": "C" }, { "=": "B" }] };
    expect(constraintsOf(elements, sequence)).toEqual([{ type: "primary_key", columns: ["A", "C"] }]);
    expect(customOf({ elements, ...sequence })["annotations"]).toEqual(sequence);
  });

  test("holds no association", () => {
    expect(constraintsOf({ _to: { type: "cds.Association", key: true } })).toEqual([
      { type: "association", name: "_to", target: "", columns: [] },
    ]);
  });
});

describe("associations", () => {
  const equal = (local: string, remote: string, name = "_to") => [{ ref: [local] }, "=", { ref: [name, remote] }];
  const association = (fields: JsonObject) => constraintsOf({ _to: { type: "cds.Association", ...fields } })[0];

  test("are pairs of columns", () => {
    expect(association({ target: "T", on: equal("a", "b") })).toEqual({
      type: "association",
      name: "_to",
      target: "T",
      columns: [{ local: "a", remote: "b" }],
    });
    expect(association({ target: "T", on: [...equal("a", "b"), "and", ...equal("c", "d"), "and", ...equal("e", "f")] })).toMatchObject({
      columns: [
        { local: "a", remote: "b" },
        { local: "c", remote: "d" },
        { local: "e", remote: "f" },
      ],
    });
  });

  test.each<[string, JsonObject]>([
    ["one pair", { target: "T", on: equal("a", "b") }],
    ["two pairs", { target: "T", on: [...equal("a", "b"), "and", ...equal("c", "d")] }],
    ["no condition", { target: "T" }],
    ["another condition", { target: "T", on: [{ ref: ["a"] }, "<>", { ref: ["_to", "b"] }] }],
  ])("of %s come back as they were", (_what, fields) => {
    const elements = { A: {}, _to: { type: "cds.Association", ...fields } };
    expect(backOf({ elements })).toStrictEqual({ kind: "entity", elements });
  });

  test.each<[string, Json]>([
    ["another operator", [{ ref: ["a"] }, "<>", { ref: ["_to", "b"] }]],
    ["an or", [...equal("a", "b"), "or", ...equal("c", "d")]],
    ["the sides swapped", [{ ref: ["_to", "b"] }, "=", { ref: ["a"] }]],
    ["another association", equal("a", "b", "_other")],
    ["a longer path on the left", [{ ref: ["a", "x"] }, "=", { ref: ["_to", "b"] }]],
    ["a longer path on the right", [{ ref: ["a"] }, "=", { ref: ["_to", "b", "c"] }]],
    ["a value", [{ val: 1 }, "=", { ref: ["_to", "b"] }]],
    ["a value on the right", [{ ref: ["a"] }, "=", { val: 1 }]],
    ["a step with arguments on the right", [{ ref: ["a"] }, "=", { ref: ["_to", { id: "b" }] }]],
    ["more than a reference", [{ ref: ["a"], cast: {} }, "=", { ref: ["_to", "b"] }]],
    ["a step with arguments", [{ ref: [{ id: "a" }] }, "=", { ref: ["_to", "b"] }]],
    ["a reference that is no path", [{ ref: "a" }, "=", { ref: ["_to", "b"] }]],
    ["no reference", ["a", "=", { ref: ["_to", "b"] }]],
    ["half a condition", equal("a", "b").slice(0, 2)],
    ["a dangling and", [...equal("a", "b"), "and"]],
    ["no condition", []],
    ["null", null],
    ["no list", "a = b"],
  ])("keep a condition with %s as it is", (_case, on) => {
    expect(association({ target: "T", on })).toEqual({ type: "association", name: "_to", target: "T", columns: [], on });
    expect(backOf({ elements: { _to: { type: "cds.Association", on } } })["elements"]).toEqual({ _to: { type: "cds.Association", on } });
  });

  test("may lack target and condition, or have a target that is no name", () => {
    expect(association({})).toEqual({ type: "association", name: "_to", target: "", columns: [] });
    expect(association({ target: { elements: {} } })).toMatchObject({ target: '{"elements":{}}' });
    expect(association({ target: "3VF_SALARY" })).toMatchObject({ target: "3VF_SALARY" });
  });

  test("come by name whatever their order, the primary key before them, and are no columns", () => {
    const one = { type: "cds.Association", target: "T" };
    const asset = map({ elements: { _b: one, A: { key: true }, _a: { ...one, type: "cds.Composition" } } });
    expect(asset.schema.columns).toHaveLength(1);
    expect(asset.schema.constraints.map((constraint) => ("name" in constraint ? constraint.name : constraint.type))).toEqual([
      "primary_key",
      "_a",
      "_b",
    ]);
    expect(asset.metadata.custom_properties["associations"]).toEqual({ _a: { unknown: { type: "cds.Composition" } } });
  });

  test("leave their label and whatever else they say to the custom properties", () => {
    expect(
      customOf({
        elements: {
          _to: { type: "cds.Association", "@EndUserText.label": "to", "@x": 1, cardinality: { max: "*" }, key: true, notNull: true },
        },
      })["associations"],
    ).toEqual({
      _to: { label: "to", "@x": 1, unknown: { cardinality: { max: "*" }, key: true, notNull: true } },
    });
  });
});

describe("foreign keys", () => {
  const follows = (name: Json) => ({ "@ObjectModel.foreignKey.association": name });
  const foreignKeysOf = (elements: JsonObject) => constraintsOf(elements).filter(({ type }) => type === "foreign_key");

  test("come by their column's name, and stand nowhere else", () => {
    const elements = {
      _other: { type: "cds.Association", target: "Other" },
      b: follows({ "=": "_to" }),
      a: follows({ "=": "_to" }),
      _to: { type: "cds.Association", target: "T" },
    };
    expect(foreignKeysOf(elements)).toEqual([
      { type: "foreign_key", name: "a", association: "_to", target: "T", columns: [] },
      { type: "foreign_key", name: "b", association: "_to", target: "T", columns: [] },
    ]);
    expect(customOf({ elements })).toEqual({ object_type: "local_table" });
  });

  test("may follow an association that is not there", () => {
    expect(foreignKeysOf({ a: follows({ "=": "_gone" }) })).toEqual([
      { type: "foreign_key", name: "a", association: "_gone", target: "", columns: [] },
    ]);
  });

  test.each<[Json]>([["_to"], [null], [{ "=": 1 }], [{ "=": "_to", x: 1 }], [[]]])("are none where the annotation is %j", (value) => {
    expect(foreignKeysOf({ a: follows(value) })).toEqual([]);
    expect(customOf({ elements: { a: follows(value) } })["columns"]).toEqual({ a: follows(value) });
  });
});
