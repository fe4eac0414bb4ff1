import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Json, type JsonObject, rawNumber } from "../model/json.ts";
import { keysInOrder, objectInOrder } from "../model/key-order.ts";
import { canonicalText } from "./canonical-text.ts";
import { dataType, parseDataType, TYPE_KEYS } from "./data-type.ts";
import { propertyRuns } from "../../test/helpers/property-runs.ts";

test.each<[JsonObject, string]>([
  [{ type: "cds.Date" }, "cds.Date"],
  [{ type: "cds.String", length: 10 }, "cds.String(10)"],
  [{ type: "cds.Decimal", precision: 15, scale: 2 }, "cds.Decimal(15,2)"],
  [{ type: "cds.Decimal", precision: 15 }, "cds.Decimal(15)"],
  [{ type: "cds.Decimal", precision: 34, scale: "floating" }, 'cds.Decimal(34,"floating")'],
  [{ type: "cds.hana.SMALLDECIMAL", precision: 16, scale: 0 }, "cds.hana.SMALLDECIMAL(16,0)"],
  [{ type: "cds.hana.ST_GEOMETRY", srid: 4326 }, "cds.hana.ST_GEOMETRY(4326)"],
  [{ type: "cds.String", length: rawNumber("10.0") }, "cds.String(10.0)"],
  [{ type: "cds.String", length: null }, "cds.String(null)"],
  [{}, "untyped"],
  [{ length: 5 }, "untyped(5)"],
  [{ items: { type: "cds.String", length: 10 } }, "array of cds.String(10)"],
  [{ items: {} }, "array of untyped"],
  [{ items: { items: { type: "cds.Date" } } }, "array of array of cds.Date"],
  [{ items: { type: "cds.String", enum: { a: {} } } }, 'array of json {"enum":{"a":{}},"type":"cds.String"}'],
  [{ items: "cds.String" }, 'array of json "cds.String"'],
  [{ items: [] }, "array of json []"],
  [{ elements: { ZIP: { type: "cds.String", length: 5 } } }, 'struct {"ZIP":{"length":5,"type":"cds.String"}}'],
  [{ elements: {} }, "struct {}"],
  [{ items: { elements: { a: {} } } }, 'array of struct {"a":{}}'],
  [{ elements: [1] }, 'json {"elements":[1]}'],
  [{ type: "my.Type", elements: { a: {} } }, 'json {"elements":{"a":{}},"type":"my.Type"}'],
  [{ type: "my.Type", items: { type: "cds.Date" } }, 'json {"items":{"type":"cds.Date"},"type":"my.Type"}'],
  [{ items: {}, elements: {} }, 'json {"elements":{},"items":{}}'],
  [{ type: "cds.String", length: 5, scale: 2 }, 'json {"length":5,"scale":2,"type":"cds.String"}'],
  [{ type: "cds.String", precision: 5 }, 'json {"precision":5,"type":"cds.String"}'],
  [{ type: "cds.Decimal", scale: 2 }, 'json {"scale":2,"type":"cds.Decimal"}'],
  [{ type: "cds.Decimal", length: 2 }, 'json {"length":2,"type":"cds.Decimal"}'],
  [{ type: "cds.hana.ST_POINT", length: 2 }, 'json {"length":2,"type":"cds.hana.ST_POINT"}'],
  [{ type: { ref: ["Orders", "ID"] } }, 'json {"type":{"ref":["Orders","ID"]}}'],
  [{ type: null }, 'json {"type":null}'],
  [{ type: "untyped" }, 'json {"type":"untyped"}'],
  [{ type: "with blanks(3)" }, 'json {"type":"with blanks(3)"}'],
  [{ type: "a(b" }, 'json {"type":"a(b"}'],
  [{ type: "cds.String", length: 1, precision: 2 }, 'json {"length":1,"precision":2,"type":"cds.String"}'],
  [{ type: "sap.common:Currency" }, "sap.common:Currency"],
])("the type of %j is %s, and is read back from that", (element, text) => {
  expect(dataType(element)).toBe(text);
  expect(canonicalText(parseDataType(text))).toBe(canonicalText(element));
});

test("only what makes up the type is in it", () => {
  expect(dataType({ type: "cds.String", length: 10, key: true, "@EndUserText.label": "x", default: { val: 1 } })).toBe("cds.String(10)");
});

describe("the fields of a structure", () => {
  const fields = (...names: readonly string[]): JsonObject => ({
    elements: objectInOrder(names.map((name) => [name, { type: "cds.Date" }])),
  });

  test("stand in their order, so that a reorder is a difference", () => {
    expect(dataType(fields("b", "a"))).toBe('struct {"b":{"type":"cds.Date"},"a":{"type":"cds.Date"}}');
    expect(dataType(fields("b", "2019", "1"))).not.toBe(dataType(fields("b", "1", "2019")));
    expect(keysInOrder(parseDataType(dataType(fields("b", "2019", "1")))["elements"] as JsonObject)).toEqual(["b", "2019", "1"]);
  });
});

test("different types have different texts", () => {
  const value = fc.constantFrom<Json>(1, 2, "1", "a)b", "(", null, { a: 1 }, []);
  const types = fc.constantFrom<Json>(
    "cds.String",
    "cds.Decimal",
    "ST_X",
    "array",
    "json ",
    "json {}",
    "struct {}",
    "array of cds.String",
    "untyped",
    "x(1)",
    "",
    null,
    { ref: [] },
  );
  const element = fc.record(
    { type: types, length: value, precision: value, scale: value, srid: value, items: value, elements: value },
    { requiredKeys: [] },
  ) as unknown as fc.Arbitrary<JsonObject>;
  const nested = fc.oneof(
    element,
    element.map((items): JsonObject => ({ items })),
  );
  fc.assert(
    fc.property(nested, (one) => {
      const text = dataType(one);
      expect(canonicalText(parseDataType(text))).toBe(canonicalText(one));
      expect(Object.keys(parseDataType(text)).every((key) => (TYPE_KEYS as readonly string[]).includes(key))).toBe(true);
    }),
    { seed: 1, numRuns: propertyRuns(2_000) },
  );
});
