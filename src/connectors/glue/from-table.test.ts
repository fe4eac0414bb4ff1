import fc from "fast-check";
import { expect, test } from "vitest";
import type { Asset } from "../../model/asset.ts";
import { aColumn, anAsset } from "../../testing/builders.ts";
import { arbitraryAsset } from "../../../test/helpers/arbitrary-assets.ts";
import { fingerprintOf } from "./fingerprint.ts";
import { fromTable } from "./from-table.ts";
import { type TableDocument } from "./table-document.ts";
import { toTable } from "./to-table.ts";
import { typeRules } from "./type-rules.ts";

const mark = { lineage: "one", pipeline: "sales" };
const options = { naming: { database: "dsp_{space}", table: "{name}" }, types: typeRules("varchar", { "cds.String": "string" }) };

function tableOf(asset: Asset): TableDocument {
  const projection = toTable(asset, mark, options);
  if (!projection.ok) throw new Error(projection.problem.message);
  return projection.table;
}

test("any asset stands whole in its table: asset to table to asset is the same asset, and to table again the same table", () => {
  fc.assert(
    fc.property(arbitraryAsset(), (asset) => {
      const projection = toTable(asset, mark, options);
      fc.pre(projection.ok);
      if (!projection.ok) return;
      // Over the wire and back.
      const table = JSON.parse(JSON.stringify(projection.table)) as TableDocument;
      const back = fromTable(table);
      expect(back).toEqual(asset);
      expect(fingerprintOf(table)).toBe(projection.fingerprint);
      expect(tableOf(back ?? anAsset())).toEqual(table);
    }),
    { seed: 7, numRuns: 300 },
  );
});

test("every value that is written is within Glue's limits", () => {
  const oneLine = /^[\t\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]*$/u;
  const lines = /^[\t\r\n\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]*$/u;
  fc.assert(
    fc.property(arbitraryAsset(), (asset) => {
      const projection = toTable(asset, mark, options);
      fc.pre(projection.ok);
      if (!projection.ok) return;
      const { Name, Description = "", Owner = "", StorageDescriptor, Parameters = {} } = projection.table;
      expect(Name).toMatch(/^[a-z0-9_]{1,255}$/);
      expect(Buffer.byteLength(Description)).toBeLessThanOrEqual(2_048);
      expect(Description).toMatch(lines);
      for (const text of [Owner, ...(StorageDescriptor?.Columns ?? []).map((column) => column.Comment ?? "")]) {
        expect(Buffer.byteLength(text)).toBeLessThanOrEqual(255);
        expect(text).toMatch(oneLine);
      }
      for (const value of Object.values(Parameters)) expect(value).not.toBe("");
    }),
    { seed: 8, numRuns: 200 },
  );
});

test("what people type over Glue's own fields does not change what our parameters tell", () => {
  const asset = anAsset({
    business_name: "Orders",
    description: "All of them",
    owner: "Ann",
    columns: [aColumn("ID")],
    custom_properties: { columns: { ID: { label: "Number" } } },
  });
  const table = tableOf(asset);
  const edited: TableDocument = {
    ...table,
    Description: "typed",
    Owner: "Bob",
    Parameters: { ...table.Parameters, crawler: "yes" },
    StorageDescriptor: {
      Columns: [
        { Name: "extra", Type: "int" },
        ...(table.StorageDescriptor?.Columns ?? []).map((column) => ({ ...column, Comment: "typed" })),
      ],
    },
  };
  expect(fromTable(edited)).toEqual(asset);
  expect(fingerprintOf(edited)).toBe(fingerprintOf(table));
});

test("a table without our parameters, or with one that was broken, tells no asset", () => {
  const table = tableOf(anAsset({ tags: ["a"] }));
  expect(fromTable({ Name: "t" })).toBeNull();
  expect(fromTable({ ...table, Parameters: { ...table.Parameters, "tidemark.tags": "not json" } })).toBeNull();
  expect(fromTable({ ...table, StorageDescriptor: { Columns: [{ Name: "id", Parameters: { "tidemark.name": "ID" } }] } })).toBeNull();
});

test("an edit of a type, a column or a parameter of ours moves the fingerprint; other people's columns and order among them do not", () => {
  const table = tableOf(anAsset({ columns: [aColumn("A"), aColumn("B")] }));
  const before = fingerprintOf(table);
  const [a, b] = table.StorageDescriptor?.Columns ?? [];
  const withColumns = (...Columns: object[]): TableDocument => ({ ...table, StorageDescriptor: { Columns: Columns as never } });
  expect(fingerprintOf(withColumns({ ...a, Type: "bigint" }, b ?? {}))).not.toBe(before);
  expect(fingerprintOf(withColumns(a ?? {}))).not.toBe(before);
  expect(fingerprintOf(withColumns(b ?? {}, a ?? {}))).not.toBe(before);
  expect(fingerprintOf({ ...table, Parameters: { ...table.Parameters, "tidemark.kind": "view" } })).not.toBe(before);
  expect(fingerprintOf(withColumns(a ?? {}, { Name: "theirs", Type: "int" }, b ?? {}))).toBe(before);
  expect(fingerprintOf({ ...table, Parameters: { ...table.Parameters, "tidemark.owner": "another", classification: "csv" } })).toBe(before);
});
