import { expect, test } from "vitest";
import type { Present } from "./observed-table.ts";
import { Revisions } from "./revisions.ts";

const document = { Name: "orders" };
const table = (revision: string): Present => ({
  state: "present",
  ref: "d.orders",
  revision,
  document: { Name: "read" },
  mark: null,
  fingerprint: "",
});

/** Answers with these revisions, one after the other; null for a read that fails. */
function reads(...revisions: readonly (string | null)[]) {
  const left = [...revisions];
  const read = async (): Promise<Present | null> => {
    const revision = left.shift();
    if (revision === undefined) throw new Error("read once too often");
    return revision === null ? null : table(revision);
  };
  return { read, left };
}

test("where versions are counted as documented, the first creation and the first update are read back and no other", async () => {
  const revisions = new Revisions(true);
  const { read, left } = reads("0", "1");
  expect((await revisions.afterCreate(document, read)).revision).toBe("0");
  expect(await revisions.afterCreate(document, read)).toEqual({ revision: "0", document });
  expect((await revisions.afterUpdate("0", document, read)).revision).toBe("1");
  expect(await revisions.afterUpdate("9007199254740993", document, read)).toEqual({ revision: "9007199254740994", document });
  expect(left).toEqual([]);
});

test("where they are counted otherwise, every write is read back", async () => {
  const revisions = new Revisions(false);
  const { read } = reads("1", "1", "1");
  const written = await Promise.all([1, 2, 3].map(() => revisions.afterCreate(document, read)));
  expect(written).toEqual(Array.from({ length: 3 }, () => ({ revision: "1", document: { Name: "read" } })));
});

test("a read that fails leaves it to the next write to learn", async () => {
  const revisions = new Revisions(true);
  const { read } = reads(null, "1", "1");
  expect(await revisions.afterCreate(document, read)).toEqual({ revision: "0", document });
  expect((await revisions.afterCreate(document, read)).revision).toBe("1");
  expect((await revisions.afterCreate(document, read)).revision).toBe("1");
});

test("an endpoint that is not AWS's is believed to compare once it is seen to count from 0", () => {
  const revisions = new Revisions(false);
  expect(revisions.compares("3")).toBe(false);
  expect(revisions.compares("0")).toBe(true);
  expect(revisions.compares("3")).toBe(true);
  expect(revisions.compares("")).toBe(false);
  expect(new Revisions(true).compares("3")).toBe(true);
});

test("a revision that is no number is not predicted", async () => {
  const revisions = new Revisions(true);
  const { read } = reads("b", null);
  expect((await revisions.afterUpdate("a", document, read)).revision).toBe("b");
  expect((await revisions.afterUpdate("b", document, read)).revision).toBe("");
});
