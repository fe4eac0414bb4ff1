import { expect, test } from "vitest";
import { enumValue, referenceName, referenceNames } from "./annotation-value.ts";

test("a symbol and a reference are told by their sole key", () => {
  expect([enumValue({ "#": "FACT" }), referenceName({ "=": "ID" })]).toEqual(["FACT", "ID"]);
  for (const other of [undefined, null, "FACT", ["FACT"], {}, { "#": 1 }, { "=": 1 }, { "#": "A", "=": "B" }])
    expect([enumValue(other), referenceName(other)]).toEqual([null, null]);
  expect([enumValue({ "=": "ID" }), referenceName({ "#": "FACT" })]).toEqual([null, null]);
});

test("a list is one of references only where each of them is one", () => {
  expect(referenceNames([{ "=": "A" }, { "=": "B" }])).toEqual(["A", "B"]);
  expect(referenceNames([])).toEqual([]);
  for (const other of [undefined, { "=": "A" }, [{ "=": "A" }, "B"], ["A", { "=": "B" }]]) expect(referenceNames(other)).toBeNull();
});
