import { expect, test } from "vitest";
import { addChange, addWithheld, changesIn, emptySummary } from "./summary.ts";

const NOTHING = { assets: 0, unchanged: 0, created: 0, modified: 0, schema_changed: 0, metadata_changed: 0, deleted: 0, withheld: 0 };

test("an empty plan counts nothing", () => {
  expect(emptySummary()).toEqual(NOTHING);
});

test("each change counts under its type, on top of what was counted", () => {
  const types = ["created", "modified", "modified", "schema_changed", "metadata_changed", "deleted", "deleted", "deleted"] as const;
  const summary = types.reduce((sum, change_type) => addChange(sum, { change_type }), { ...NOTHING, assets: 9, unchanged: 4 });
  expect(summary).toEqual({
    assets: 9,
    unchanged: 4,
    created: 1,
    modified: 2,
    schema_changed: 1,
    metadata_changed: 1,
    deleted: 3,
    withheld: 0,
  });
});

test("what is withheld counts apart from the changes", () => {
  expect(addWithheld(addWithheld(NOTHING))).toEqual({ ...NOTHING, withheld: 2 });
});

test("every type of change counts among the changes, and nothing else does", () => {
  const summary = {
    assets: 100,
    unchanged: 50,
    created: 1,
    modified: 2,
    schema_changed: 4,
    metadata_changed: 8,
    deleted: 16,
    withheld: 32,
  };
  expect(changesIn(summary)).toBe(31);
});
