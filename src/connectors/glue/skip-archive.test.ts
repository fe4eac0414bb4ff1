import { expect, test } from "vitest";
import { skipArchive } from "./skip-archive.ts";

const table = (columns: readonly (readonly [name: string, type: string, comment?: string])[], rest = {}) => ({
  Name: "t",
  StorageDescriptor: { Columns: columns.map(([Name, Type, Comment]) => ({ Name, Type, ...(Comment !== undefined && { Comment }) })) },
  ...rest,
});
const before = table([
  ["a", "int"],
  ["b", "date"],
]);

test.each([
  [
    "a comment",
    table([
      ["a", "int", "key"],
      ["b", "date"],
    ]),
    true,
  ],
  ["a parameter", { ...before, Parameters: { a: "b" } }, true],
  [
    "a type",
    table([
      ["a", "bigint"],
      ["b", "date"],
    ]),
    false,
  ],
  ["a column", table([["a", "int"]]), false],
  [
    "the order",
    table([
      ["b", "date"],
      ["a", "int"],
    ]),
    false,
  ],
  ["a partition key", { ...before, PartitionKeys: [{ Name: "p", Type: "int" }] }, false],
])("on request a version is archived only where structure changes: %s", (_what, after, skips) => {
  expect(skipArchive("unless_schema")(before, after)).toBe(skips);
  expect([skipArchive(true)(before, after), skipArchive(false)(before, after)]).toEqual([true, false]);
});
