import fc from "fast-check";
import { expect, test } from "vitest";
import { foldName, placeAt, placeOf } from "./naming.ts";

test.each([
  ["MCT_Products", "mct_products"],
  ["SAP.TIME.VIEW_DIMENSION_DAY", "sap_time_view_dimension_day"],
  ["Alpha-2 code", "alpha_2_code"],
  ["Latitude (average)", "latitude__average_"],
  ["3VF_SALARY", "3vf_salary"],
  ["__proto__", "__proto__"],
  ["Größe", "grosse"],
  ["GRÖSSE", "grosse"],
  ["Crème brûlée", "creme_brulee"],
  ["", "_"],
])("%j folds to %j", (name, folded) => {
  expect(foldName(name).name).toBe(folded);
});

test("names in other scripts stay apart although every letter becomes an underscore", () => {
  expect(foldName("数量").name).toMatch(/^___[0-9a-f]{8}$/);
  expect(foldName("数量").name).not.toBe(foldName("金额").name);
});

test("an asset stands in its space's database under its folded name, and the place can be read from its key", () => {
  const place = placeOf("SALES.SAP.TIME.Day", "dsp_");
  expect(place).toEqual({ database: "dsp_sales", table: "sap_time_day", key: "dsp_sales.sap_time_day", warnings: [] });
  expect(placeAt(place.key)).toEqual({ database: "dsp_sales", table: "sap_time_day" });
});

test("a name beyond 255 is cut with a hash of the whole of it, and says so", () => {
  const long = `SALES.${"N".repeat(300)}`;
  const [one, other] = [placeOf(`${long}1`, ""), placeOf(`${long}2`, "")];
  expect(one.table).toHaveLength(255);
  expect(one.table).not.toBe(other.table);
  expect(one.warnings.map((warning) => warning.code)).toEqual(["name_shortened"]);
  expect(foldName("N".repeat(255))).toEqual({ name: "n".repeat(255), cut: false });
});

test("every name folds, always alike, to one that Glue and its engines take", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 400, size: "max" }).map((units) => String.fromCharCode(...units)),
      (name) => {
        const folded = foldName(name);
        expect(folded.name).toMatch(/^[a-z0-9_]{1,255}$/);
        expect(foldName(name)).toEqual(folded);
      },
    ),
    { seed: 1, numRuns: 100 },
  );
});
