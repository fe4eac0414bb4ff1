import { expect, test } from "vitest";
import { CONTENT_EDITS } from "./edits/content.ts";
import { EDITS } from "./edits.ts";
import { columnsOf } from "./edits/elements.ts";
import { tenant, tenantAsset } from "./tenant.ts";

const sample = { assets: 4000, seed: 1 };

test("the same seed gives the same tenant, another seed another one", () => {
  const made = (seed: number): string => JSON.stringify([...tenant({ assets: 20, seed })]);
  expect(made(5)).toBe(made(5));
  expect(made(5)).not.toBe(made(6));
});

test("an asset is made of the seed and its number alone, whatever the size of the tenant", () => {
  const [small] = [...tenant({ assets: 8, seed: 2 })].slice(7);
  expect(small).toEqual(tenantAsset({ assets: 1_000_000, seed: 2 }, 7));
});

test("names are unique in the whole tenant, and columns in their asset, even where case and punctuation fold away", () => {
  const names = new Set<string>();
  for (const { name, definition } of tenant(sample)) {
    names.add(name.toLowerCase());
    const columns = columnsOf(definition).map(([column]) => column.toLowerCase().replaceAll(/[^a-z0-9]/g, "_"));
    expect(new Set(columns).size).toBe(columns.length);
  }
  expect(names.size).toBe(sample.assets);
});

test("sizes and column counts are distributed as in real exports", async ({ annotate }) => {
  const sizes: number[] = [];
  const columns: number[] = [];
  for (const { definition } of tenant(sample)) {
    sizes.push(Buffer.byteLength(JSON.stringify(definition)));
    columns.push(columnsOf(definition).length);
  }
  // Of 235 entities in real exports, minified, without the editor's settings.
  const real = {
    bytes: { 0: 431, 10: 562, 25: 996, 50: 1740, 75: 2809, 90: 5724, 95: 9201, 99: 19_403, mean: 2952 },
    columns: { 0: 2, 50: 8, 90: 58, 100: 123 },
  };
  const ours = { bytes: quantiles(sizes), columns: quantiles(columns) };
  await annotate(JSON.stringify({ real, ours: { bytes: Object.fromEntries(ours.bytes), columns: Object.fromEntries(ours.columns) } }));
  for (const [at, value] of Object.entries(real.bytes)) expect.soft(ours.bytes.get(at), `bytes at ${at} %`).toSatisfy(within(value, 0.35));
  for (const [at, value] of Object.entries(real.columns))
    expect.soft(ours.columns.get(at), `columns at ${at} %`).toSatisfy(within(value, 0.25));
});

test("every shape of real exports occurs: kinds of objects, hierarchies, measures with units, texts, blanks in names", () => {
  const all = [...tenant(sample)].map(({ definition }) => definition);
  const holds = (...keys: readonly string[]): number => all.filter((definition) => keys.every((key) => key in definition)).length;
  const columns = all.flatMap(columnsOf);
  const withColumn = (key: string): number => columns.filter(([, element]) => key in element).length;
  const counts = {
    tables: all.length - holds("query") - holds("@DataWarehouse.remote.entity") - holds("@DataWarehouse.dataSource.entity"),
    views: holds("query"),
    sql: holds("query", "@DataWarehouse.sqlEditor.query"),
    remote: holds("@DataWarehouse.remote.entity"),
    datasets: holds("@DataWarehouse.dataSource.entity"),
    levels: holds("@Hierarchy.leveled"),
    parents: holds("@Hierarchy.parentChild"),
    diagrams: holds("@DataWarehouse.querybuilder.model"),
    folders: holds("_meta"),
    measures: withColumn("@AnalyticsDetails.measureType"),
    currencies: withColumn("@Semantics.amount.currencyCode"),
    units: withColumn("@Semantics.quantity.unitOfMeasure"),
    texts: withColumn("@ObjectModel.text.element"),
    dimensions: withColumn("@Analytics.dimension"),
    foreignKeys: withColumn("@ObjectModel.foreignKey.association"),
    flags: columns.filter(([, element]) => element["key"] === false).length,
    awkward: columns.filter(([name]) => /[ -]/.test(name)).length,
  };
  for (const [shape, count] of Object.entries(counts)) expect.soft(count, shape).toBeGreaterThan(10);
});

test("spaces are filled unevenly, and given names are taken instead of the usual ones", () => {
  const counts = new Map<string, number>();
  for (const { space } of tenant({ ...sample, spaces: ["A", "B", "C"] })) counts.set(space, (counts.get(space) ?? 0) + 1);
  expect([...counts.keys()].toSorted()).toEqual(["A", "B", "C"]);
  expect(counts.get("A")).toBeGreaterThan(1.5 * (counts.get("C") ?? 0));
});

test("a round changes exactly its share of the assets and leaves the others as they were", () => {
  const options = { assets: 300, seed: 9 };
  const before = [...tenant(options)];
  const after = [...tenant({ ...options, rounds: [{ share: 0.1, edits: EDITS }] })];
  const changed = after.filter((asset, index) => JSON.stringify(asset.definition) !== JSON.stringify(before[index]?.definition));
  expect(changed.length).toBe(30);
  expect(changed.every(({ round }) => round === 1)).toBe(true);
});

test("rounds follow one another: what the first changed stays changed in the second", () => {
  const options = { assets: 100, seed: 9 };
  const first = { share: 1, edits: CONTENT_EDITS };
  const labels = (rounds: readonly (typeof first)[]): readonly string[] =>
    [...tenant({ ...options, rounds })].map(({ definition }) =>
      JSON.stringify([definition["@EndUserText.label"], definition["@EndUserText.quickInfo"]]),
    );
  const [once, twice] = [labels([first]), labels([first, { share: 0.05, edits: CONTENT_EDITS }])];
  expect(twice.filter((label, index) => label !== once[index]).length).toBe(5);
});

function quantiles(values: readonly number[]): ReadonlyMap<string, number> {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (percent: number): number => sorted[Math.min(sorted.length - 1, Math.floor((percent / 100) * sorted.length))] ?? Number.NaN;
  const mean = Math.round(values.reduce((sum, value) => sum + value, 0) / values.length);
  return new Map([
    ...[0, 10, 25, 50, 75, 90, 95, 99, 100].map((percent) => [String(percent), at(percent)] as const),
    ["mean", mean] as const,
  ]);
}

function within(expected: number, tolerance: number): (value: number | undefined) => boolean {
  return (value) => value !== undefined && value >= expected * (1 - tolerance) && value <= expected * (1 + tolerance);
}
