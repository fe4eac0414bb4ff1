import { expect, test } from "vitest";
import { comment, describe, ownerName } from "./visible-texts.ts";

test("a description is the business name, a blank line and the description, as far as there are any", () => {
  const text = (business_name: string | null, description: string | null) => describe({ business_name, description }).text;
  expect(text("Orders", "All\nof them")).toBe("Orders\n\nAll\nof them");
  expect(text("Orders", null)).toBe("Orders");
  expect(text("", "All")).toBe("All");
  expect(text(null, "")).toBeUndefined();
});

test("a comment is one line", () => {
  expect(comment("two \r\n lines\tand\u0007 more\n").text).toBe("two lines\tand  more");
  expect(comment(" \n ").text).toBeUndefined();
  expect(comment(null)).toEqual({ text: undefined, cut: false });
});

test("what does not fit is cut with an ellipsis, in bytes, and never inside a character", () => {
  expect(comment("x".repeat(255))).toEqual({ text: "x".repeat(255), cut: false });
  expect(comment("x".repeat(256))).toEqual({ text: `${"x".repeat(252)}…`, cut: true });
  const wide = ownerName("😀".repeat(100));
  expect(wide).toEqual({ text: `${"😀".repeat(63)}…`, cut: true });
  expect(Buffer.byteLength(describe({ business_name: "ä".repeat(5_000), description: null }).text ?? "")).toBeLessThanOrEqual(2_048);
});

test("what Glue's patterns leave out becomes a blank, and half a surrogate pair a replacement character", () => {
  expect(describe({ business_name: "a\u0000b\ud800c\uffff", description: null }).text).toBe("a b\ufffdc ");
});
