import fc from "fast-check";
import { expect, test } from "vitest";
import { databasePrefix, foldName, placeAt, placeOf, PLAIN_NAMES } from "./naming.ts";

const DSP = { database: "dsp_{space}", table: "{name}" };

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
  const place = placeOf("SALES.SAP.TIME.Day", DSP);
  expect(place).toEqual({ database: "dsp_sales", table: "sap_time_day", key: "dsp_sales.sap_time_day", warnings: [] });
  expect(placeAt(place.key)).toEqual({ database: "dsp_sales", table: "sap_time_day" });
});

test.each([
  [{ database: "lake", table: "{space}_{name}" }, "lake.sales_sap_time_day"],
  [{ database: "{space}_raw", table: "dsp_{name}" }, "sales_raw.dsp_sap_time_day"],
  [{ database: "Ä{space}", table: "{name}" }, "asales.sap_time_day"],
])("by the templates %j it stands at %s", (naming, key) => {
  expect(placeOf("SALES.SAP.TIME.Day", naming).key).toBe(key);
});

test("what a template puts before its first placeholder is what a scan goes by", () => {
  expect(["DSP_{space}_x", "lake", "{space}"].map((database) => databasePrefix({ database, table: "{name}" }))).toEqual([
    "dsp_",
    "lake",
    "",
  ]);
});

test("a database's name that had to be cut says so too", () => {
  const place = placeOf(`${"S".repeat(300)}.T`, DSP);
  expect(place.database).toHaveLength(252);
  expect(place.warnings).toMatchObject([{ code: "name_shortened", message: expect.stringContaining("the database of") as string }]);
});

test("a name beyond 255 is cut with a hash of the whole of it, and says so", () => {
  const long = `SALES.${"N".repeat(300)}`;
  const [one, other] = [placeOf(`${long}1`, PLAIN_NAMES), placeOf(`${long}2`, PLAIN_NAMES)];
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
