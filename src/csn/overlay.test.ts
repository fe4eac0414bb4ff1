import { describe, expect, test } from "vitest";
import { NO_OVERLAY, type Overlay, ownerOf, stewardOf, tagsOf } from "./overlay.ts";

const overlay = (fields: Partial<Overlay>): Overlay => ({ ...NO_OVERLAY, ...fields });

describe("owners and stewards", () => {
  const names = { SALES: "sales@x", "SALES.Orders": "orders@x", "HR.": "nobody" };

  test("are those of the asset, else those of its space, else none", () => {
    for (const of of [
      (name: string, space = "SALES") => ownerOf(overlay({ owners: names }), space, name),
      (name: string, space = "SALES") => stewardOf(overlay({ stewards: names }), space, name),
    ]) {
      expect([of("Orders"), of("Items"), of("Orders", "HR")]).toEqual(["orders@x", "sales@x", null]);
    }
  });

  test("are apart", () => {
    expect(ownerOf(overlay({ stewards: names }), "SALES", "Orders")).toBeNull();
    expect(stewardOf(overlay({ owners: names }), "SALES", "Orders")).toBeNull();
  });

  test("of a space that is named like something every object has are none", () => {
    expect(ownerOf(NO_OVERLAY, "constructor", "x")).toBeNull();
    expect(ownerOf(NO_OVERLAY, "__proto__", "x")).toBeNull();
  });
});

describe("tags", () => {
  const tagged = (tags: Overlay["tags"], name = "Orders") => tagsOf(overlay({ tags }), "SALES", name);

  test("add up, each once, in code-point order", () => {
    expect(tagged({ SALES: ["z", "\u{1F600}"], "SALES.Orders": ["\uFFFD", "z"], "*": ["a"] })).toEqual(["a", "z", "\uFFFD", "\u{1F600}"]);
  });

  test.each([
    ["SALES", true],
    ["SALES.Orders", true],
    ["Orders", false],
    ["SALES.Order", false],
    ["SALES.Orders2", false],
    ["sales", false],
    ["SAL*", true],
    ["SALES.Ord*", true],
    ["*.Orders", true],
    ["*Ord*rs", true],
    ["**", true],
    ["SALE?", true],
    ["SALES.Order?", true],
    ["SALES?Orders", true],
    ["SALES.Orders?", false],
    ["HR*", false],
    ["S.*", false],
    ["SALES.[A-Z]rders*", false],
  ])("the pattern %s matches SALES.Orders: %s", (pattern, matches) => {
    expect(tagged({ [pattern]: ["t"] })).toEqual(matches ? ["t"] : []);
  });

  test("patterns match characters, whatever they are made of", () => {
    expect(tagged({ "SALES.a?b": ["t"] }, "a\u{1F600}b")).toEqual(["t"]);
    expect(tagged({ "SALES.\u{1F600}*": ["t"] }, "\u{1F600}\nb")).toEqual(["t"]);
    expect(tagged({ "SALES.(a+)*$": ["t"] }, "(a+)|$")).toEqual(["t"]);
  });

  test("patterns of one overlay are not those of another", () => {
    const one = overlay({ tags: { "S*": ["one"] } });
    const other = overlay({ tags: { "S*": ["other"] } });
    expect([tagsOf(one, "SALES", "x"), tagsOf(other, "SALES", "x"), tagsOf(one, "SALES", "y")]).toEqual([["one"], ["other"], ["one"]]);
  });
});
