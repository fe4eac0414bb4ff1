import fc from "fast-check";
import { expect, test } from "vitest";
import { exportFile } from "./export-file.ts";

test.each([
  ["SALES.Orders", "SALES/Orders.json"],
  ["SALES.SAP.TIME.M_TIME", "SALES/SAP.TIME.M_TIME.json"],
  ["HR.Alpha-2 code", "HR/Alpha-2%20code.json"],
  ["HR.a/b", "HR/a%2Fb.json"],
  ["HR...", "HR/%2E..json"],
  ["HR.Größe", "HR/Gr%C3%B6%C3%9Fe.json"],
  ["lake%2Deu.visits", "lake%2Deu/visits.json"],
])("%s lies in %s", (id, key) => {
  expect(exportFile(id)).toEqual({ key, warnings: [] });
});

test("a name too long for a file is cut with a hash, and a warning says so", () => {
  const [one, other] = [exportFile(`HR.${"N".repeat(300)}1`), exportFile(`HR.${"N".repeat(300)}2`)];
  expect(one.key).toMatch(/^HR\/N{183}~[0-9a-f]{16}\.json$/);
  expect(other.key).not.toBe(one.key);
  expect(one.warnings).toMatchObject([{ code: "name_shortened" }]);
});

test("no two names share a file, and none leads out of its folder", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.string({ unit: "grapheme", minLength: 1 }), { minLength: 2, maxLength: 2 }), ([a, b]) => {
      const [one, other] = [exportFile(`S.${a}`).key, exportFile(`S.${b}`).key];
      expect(one).not.toBe(other);
      expect(one).toMatch(/^S\/[A-Za-z0-9_%-][A-Za-z0-9_.%~-]*\.json$/);
    }),
    { seed: 4, numRuns: 500 },
  );
});
