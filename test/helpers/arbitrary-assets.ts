import fc from "fast-check";
import type { Asset, AssetType, Column, Constraint } from "../../src/model/asset.ts";
import { assetId } from "../../src/model/asset.ts";
import { dataType } from "../../src/csn/data-type.ts";
import { toColumn } from "../../src/csn/columns.ts";
import { type Json, type JsonObject, rawNumber } from "../../src/model/json.ts";
import { objectInOrder } from "../../src/model/key-order.ts";

/** Assets of every shape that the model allows, hostile names and texts among them. Column names are unique as Glue folds them. */
export function arbitraryAsset(): fc.Arbitrary<Asset> {
  const names = fc.uniqueArray(name, { maxLength: 8, selector: (text) => text.toLowerCase().replaceAll(/[^a-z0-9]/g, "_") });
  return names.chain((columnNames) =>
    fc
      .record({
        space: fc.constantFrom("SALES", "HR", "S_1"),
        technical_name: name,
        asset_type: fc.constantFrom<AssetType[]>("table", "remote_table", "view", "analytic_model", "external"),
        business_name: nullable(text),
        description: nullable(
          fc.oneof(
            text,
            text.map((start) => start.repeat(50).padEnd(5_000, "äö")),
          ),
        ),
        owner: nullable(text),
        elements: fc.tuple(...columnNames.map(() => element(2))),
        constraints: fc.array(constraint, { maxLength: 3 }),
        tags: names,
        dimensions: fc.constant(columnNames.slice(0, 2)),
        measures: fc.constant(columnNames.slice(2, 3)),
        hierarchies: names,
        certification_status: nullable(text),
        custom_properties: object,
        labels: fc.tuple(...columnNames.map(() => nullable(text))),
      })
      .map(
        ({
          space,
          technical_name,
          asset_type,
          business_name,
          description,
          owner,
          elements,
          constraints,
          labels,
          custom_properties,
          ...sets
        }) => ({
          id: assetId(space, technical_name),
          space,
          asset_type,
          content: { technical_name, business_name, description, owner },
          schema: {
            columns: columnNames.map((column, i): Column => toColumn(column, elements[i] as JsonObject)),
            data_types: Object.fromEntries(columnNames.map((column, i) => [column, dataType(elements[i] as JsonObject)])),
            constraints,
          },
          metadata: {
            ...sets,
            custom_properties: {
              ...custom_properties,
              columns: Object.fromEntries(
                columnNames.flatMap((column, i) => (labels[i] === null ? [] : [[column, { label: labels[i] as string }]])),
              ),
            },
          },
        }),
      ),
  );
}

const unit = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...'abcXYZ019_-. äß/~"\\{}$') },
  { weight: 1, arbitrary: fc.constantFrom("😀", "数", "\u{10000}", "\uffff", "\n", "\t", "\r\n") },
);
const text = fc.array(unit, { maxLength: 30 }).map((units) => units.join(""));
const name = fc.oneof(
  { weight: 8, arbitrary: fc.array(unit, { minLength: 1, maxLength: 12 }).map((units) => units.join("")) },
  { weight: 1, arbitrary: fc.constantFrom("__proto__", "constructor", "2024", "N".repeat(300), "toString") },
);
const size = fc.oneof(
  fc.integer({ min: 1, max: 5_000 }),
  fc.constantFrom<Json[]>(rawNumber("10.0"), "floating", rawNumber("12345678901234567890")),
);
const nullable = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(arbitrary, { nil: null });

const json: fc.Arbitrary<Json> = fc.oneof(
  text,
  fc.boolean(),
  fc.constant(null),
  fc.integer(),
  fc.constant(rawNumber("1.5")),
  fc.array(text, { maxLength: 2 }),
);
const object: fc.Arbitrary<JsonObject> = fc
  .array(fc.tuple(name, fc.oneof(json, fc.dictionary(text, json, { maxKeys: 3 }))), { maxLength: 4 })
  .map((entries) => Object.fromEntries(entries));

/** A CSN element of a column: every type that the type map knows, strange ones, and nested ones. */
function element(depth: number): fc.Arbitrary<JsonObject> {
  const simple = fc.oneof(
    fc.constantFrom<JsonObject[]>(
      ..."Boolean UInt8 Int16 Integer Integer64 DecimalFloat Double Date Time DateTime Timestamp LargeString UUID LargeBinary"
        .split(" ")
        .map((type) => ({ type: `cds.${type}` })),
      ..."TINYINT SMALLINT SMALLDECIMAL REAL CLOB".split(" ").map((type) => ({ type: `cds.hana.${type}` })),
      ..."Guid Int32 DateTimeOffset Duration Stream GeographyPoint".split(" ").map((type) => ({ type: `Edm.${type}` })),
      { type: "cds.Decimal", precision: 15, scale: 2 },
      { type: "cds.Decimal" },
      { type: "cds.hana.ST_GEOMETRY", srid: 4326 },
      { type: "my.Type(with brackets)" },
      { type: { ref: ["Other", "column"] } },
      {},
    ),
    size.map((length): JsonObject => ({ type: "cds.String", length })),
    fc.tuple(size, size).map(([precision, scale]): JsonObject => ({ type: "cds.Decimal", precision, scale })),
    fc.tuple(size, size).map(([length, srid]): JsonObject => ({ type: "odd", length, srid })),
  );
  const flags = fc.constantFrom<JsonObject[]>(
    {},
    {},
    { key: true, notNull: true },
    { notNull: true },
    { default: { val: "x" } },
    { default: null },
  );
  const nested =
    depth === 0
      ? simple
      : fc.oneof(
          { weight: 6, arbitrary: simple },
          { weight: 1, arbitrary: element(depth - 1).map((items): JsonObject => ({ items })) },
          {
            weight: 1,
            arbitrary: fc
              .uniqueArray(fc.tuple(name, element(depth - 1)), { maxLength: 4, selector: ([key]) => key })
              .map((fields): JsonObject => ({ elements: objectInOrder(fields) })),
          },
        );
  return fc.tuple(nested, flags).map(([type, extra]) => ({ ...type, ...extra }));
}

const constraint: fc.Arbitrary<Constraint> = fc.oneof(
  fc.record({ type: fc.constant("primary_key" as const), columns: fc.array(name, { maxLength: 2 }) }),
  fc.record(
    {
      type: fc.constantFrom("association" as const, "foreign_key" as const),
      name,
      target: name,
      columns: fc.array(fc.record({ local: name, remote: name }), { maxLength: 2 }),
      on: fc.constant<Json>([{ ref: ["a"] }, "=", { ref: ["b", "c"] }]),
    },
    { requiredKeys: ["type", "name", "target", "columns"] },
  ),
);
