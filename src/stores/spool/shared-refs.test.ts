import { expect, test } from "vitest";
import { Columns } from "./listed-page.ts";
import { sharedRefs } from "./shared-refs.ts";

test("places that several ids take are found, however few are compared at a time", () => {
  const ids = Array.from({ length: 5_000 }, (_, i) => `A.T${String(i).padStart(5, "0")}`);
  const refs = ids.map((id, i) => (i % 1_000 === 7 ? "a.shared" : i === 4_000 || i === 0 ? "a.both" : id.toLowerCase()));
  const page = (from: number): Columns => {
    const of = ids.slice(from, from + 1_000);
    return new Columns(
      of,
      of.map(() => null),
      refs.slice(from, from + 1_000),
      "A",
      of.map(() => null),
    );
  };
  const pages = (): readonly Columns[] => [0, 1_000, 2_000, 3_000, 4_000].map(page);
  const expected = [
    { ref: "a.both", ids: ["A.T00000", "A.T04000"] },
    { ref: "a.shared", ids: ["A.T00007", "A.T01007", "A.T02007", "A.T03007", "A.T04007"] },
  ];
  for (const atATime of [1_000_000, 5_000, 999, 64]) expect(sharedRefs(pages, atATime)).toEqual(expected);
});
