import { describe, expect, test } from "vitest";
import { parseSelection } from "./selection.ts";

describe("a selection", () => {
  test("takes alternatives of one kind, and wants each kind to hold", () => {
    const selection = parseSelection("space:SALES, space:H?,name:MCT_*,type:view,type:table");
    expect(
      ["SALES.MCT_A", "HR.MCT_B", "SALES.B", "HRX.MCT_A", "sales.MCT_A", "SALES.MCT_.x", "SALES.xMCT_"].map((id) => selection.id(id)),
    ).toEqual([true, true, false, false, false, true, false]);
    expect(["SALES", "HR", "HRX"].map((name) => selection.space(name))).toEqual([true, true, false]);
    expect(selection.types).toEqual(new Set(["view", "table"]));
    expect(selection.named).toEqual(["SALES"]);
    expect(selection.text).toBe("space:SALES, space:H?,name:MCT_*,type:view,type:table");
  });

  test("without a kind takes all of it", () => {
    const selection = parseSelection("changed");
    expect([selection.space("ANY"), selection.id("ANY.thing"), selection.types, selection.named]).toEqual([true, true, null, []]);
  });

  test.each([
    ["changed", [false, true, false]],
    ["created,deleted", [true, false, true]],
    ["name:*", [true, true, true]],
  ] as const)("%s takes what a run finds created, changed, deleted: %j", (text, expected) => {
    const selection = parseSelection(text);
    expect((["created", "changed", "deleted"] as const).map((finding) => selection.finding(finding))).toEqual(expected);
  });

  test("takes a colon in a name for part of it", () => {
    expect(["S.a:b", "S.a", "S.b"].map((id) => parseSelection("name:a:b").id(id))).toEqual([true, false, false]);
  });

  test("with * in a space names none exactly", () => {
    expect(parseSelection("space:S*,space:T?,space:U").named).toEqual(["U"]);
  });

  test.each([
    ["", "A term is empty"],
    ["changed,", "A term is empty"],
    ["spce:SALES", '"spce:SALES" is no term'],
    ["space:", '"space:" is no term'],
    ["name:", '"name:" is no term'],
    ["changed:x", '"changed:x" is no term'],
    ["space", '"space" is no term'],
    ["a space:SALES", '"a space:SALES" is no term'],
    ["a name:MCT", '"a name:MCT" is no term'],
    ["a type:view", '"a type:view" is no term'],
    ["type:views", '"views" is no type of asset (table, remote_table, view, analytic_model, external)'],
  ])("refuses %j with what it knows", (text, why) => {
    expect(() => parseSelection(text)).toThrow(
      expect.objectContaining({
        code: "usage",
        message: `The selection is not understood: ${why}.`,
        remedy: "Terms are space:NAME, name:PATTERN, type:TYPE, created, changed and deleted, with commas between them.",
      }),
    );
  });
});
