import fc from "fast-check";
import { expect, test } from "vitest";
import { DatabasePatterns, databaseOfSpace, spaceOfDatabase } from "./source-spaces.ts";

test.each([
  ["sales", "sales"],
  ["Sales_2024", "Sales_2024"],
  ["sales-eu.v2", "sales%2Deu%2Ev2"],
  ["größe", "gr%C3%B6%C3%9Fe"],
  ["100%", "100%25"],
  ["数 😀", "%E6%95%B0%20%F0%9F%98%80"],
])("the database %s is the space %s", (database, space) => {
  expect(spaceOfDatabase(database)).toBe(space);
  expect(databaseOfSpace(space)).toBe(database);
});

test("every database has a space of its own, without a dot", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", minLength: 1 }), (database) => {
      expect(spaceOfDatabase(database)).toMatch(/^[A-Za-z0-9_%]+$/);
      expect(databaseOfSpace(spaceOfDatabase(database))).toBe(database);
    }),
    { seed: 3, numRuns: 500 },
  );
});

test.each(["%", "%ZZ", "%2d", "%41", "%FF", "a.b", "a b"])("no database gives the space %s", (space) => {
  expect(databaseOfSpace(space)).toBeNull();
});

test("patterns match whole names in any case; names alone are told apart from them", () => {
  const patterns = new DatabasePatterns(["Sales_*", "hr", "x?"]);
  expect(["sales_", "SALES_EU", "hr", "xy"].every((name) => patterns.match(name))).toBe(true);
  expect(["my_sales_eu", "sales", "hr2", "x", "xyz"].some((name) => patterns.match(name))).toBe(false);
  expect([patterns.names, patterns.isOpen]).toEqual([["hr"], true]);
  expect(new DatabasePatterns(["a.b"]).match("axb")).toBe(false);
  expect(new DatabasePatterns(["hr"]).isOpen).toBe(false);
});
