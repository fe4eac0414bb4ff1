import { expect, test } from "vitest";
import type { Asset } from "../../model/asset.ts";
import type { Change } from "../../model/change.ts";
import type { Decision, MergePolicy } from "../../model/checkpoint.ts";
import { aColumn, anAsset, type AssetTraits } from "../../testing/builders.ts";
import { mergeTable, type MergedTable } from "./merge-table.ts";
import { mergePolicies, type PolicyFor } from "../../model/merge-policy.ts";
import { PLAIN_NAMES } from "./naming.ts";
import { type ColumnDocument, documentOf, sameTable, type TableDocument } from "./table-document.ts";
import { toTable } from "./to-table.ts";
import { typeRules } from "./type-rules.ts";

const mark = { lineage: "one", pipeline: "sales" };

function tableOf(asset: Asset): TableDocument {
  const projection = toTable(asset, mark, { naming: PLAIN_NAMES, types: typeRules("varchar", {}) });
  if (!projection.ok) throw new Error(projection.problem.message);
  return projection.table;
}

interface Merge {
  readonly to: Asset;
  readonly theirs: TableDocument;
  readonly acknowledged?: TableDocument | null;
  readonly decisions?: readonly Decision[];
  readonly policyFor?: PolicyFor;
  readonly change?: Partial<Change>;
  readonly carryColumns?: boolean;
}

function merge({
  to,
  theirs,
  decisions = [],
  acknowledged = decisions.length > 0 ? theirs : null,
  policyFor = mergePolicies([]),
  change = {},
  carryColumns = false,
}: Merge): MergedTable {
  const whole: Change = {
    asset_id: to.id,
    change_type: "modified",
    facets: ["content"],
    strategy: "delta",
    cause: "source",
    fields: [],
    ...change,
  };
  const merged = mergeTable({ asset: to, change: whole, carryColumns, ours: tableOf(to), theirs, acknowledged, decisions, policyFor });
  return { ...merged, table: documentOf(merged.table as never) };
}

const labelled = (labels: { readonly [column: string]: string }): AssetTraits => ({
  columns: Object.keys(labels).map((name) => aColumn(name)),
  custom_properties: { columns: Object.fromEntries(Object.entries(labels).map(([name, label]) => [name, { label }])) },
});
const columnsOf = (table: TableDocument): readonly ColumnDocument[] => table.StorageDescriptor?.Columns ?? [];
const namesOf = (table: TableDocument): readonly (string | undefined)[] => columnsOf(table).map((column) => column.Name);
const withColumns = (table: TableDocument, columns: readonly ColumnDocument[]): TableDocument => ({
  ...table,
  StorageDescriptor: { ...table.StorageDescriptor, Columns: [...columns] },
});
const edit = (table: TableDocument, name: string, change: Partial<ColumnDocument>): TableDocument =>
  withColumns(
    table,
    columnsOf(table).map((column) => (column.Name === name ? { ...column, ...change } : column)),
  );

test("a table that nobody else touched becomes exactly our part", () => {
  const before = anAsset({ business_name: "Orders", owner: "Ann", ...labelled({ ID: "Number", NAME: "Name" }) });
  const after = anAsset({ description: "All", ...labelled({ NAME: "Name of it", ID: "Number", NEW: "New" }) });
  const merged = merge({ to: after, theirs: tableOf(before) });
  expect(merged).toEqual({ table: tableOf(after), kept: [], withheld: [], decisions: [] });
});

test("an unchanged asset leaves an unchanged table, whatever Glue filled in", () => {
  const asset = anAsset({ business_name: "Orders" });
  const table = tableOf(asset);
  const { SerdeInfo: _serde, ...storage } = table.StorageDescriptor ?? {};
  const { PartitionKeys: _keys, ...others } = table;
  const read: TableDocument = { ...others, Retention: 0, StorageDescriptor: { ...storage, Compressed: false, NumberOfBuckets: 0 } };
  expect(sameTable(merge({ to: asset, theirs: read }).table, read)).toBe(true);
});

test("whatever others added stays: parameters, columns, storage, partition keys, retention", () => {
  const theirs: TableDocument = {
    ...edit(tableOf(anAsset({ business_name: "Orders" })), "id", {
      Parameters: { ...columnsOf(tableOf(anAsset()))[0]?.Parameters, pii: "no" },
    }),
    Retention: 7,
    LastAccessTime: "2026-01-01T00:00:00.000Z",
    PartitionKeys: [{ Name: "day", Type: "date" }],
  };
  const crawled: TableDocument = {
    ...withColumns(theirs, [{ Name: "loaded_at", Type: "timestamp", Comment: "theirs" }, ...columnsOf(theirs)]),
    Parameters: { ...theirs.Parameters, crawler: "yes", classification: "parquet" },
  };
  const located: TableDocument = {
    ...crawled,
    StorageDescriptor: { ...crawled.StorageDescriptor, Location: "s3://b/k", SerdeInfo: { SerializationLibrary: "lib" } },
  };
  const { table } = merge({ to: anAsset({ business_name: "Sales orders" }), theirs: located });
  expect(table).toMatchObject({
    Description: "Sales orders",
    Retention: 7,
    LastAccessTime: "2026-01-01T00:00:00.000Z",
    PartitionKeys: [{ Name: "day", Type: "date" }],
    Parameters: { crawler: "yes", classification: "parquet", "tidemark.business_name": "Sales orders" },
    StorageDescriptor: { Location: "s3://b/k", SerdeInfo: { SerializationLibrary: "lib" } },
  });
  expect(namesOf(table)).toEqual(["id", "loaded_at"]);
  expect(columnsOf(table)[0]?.Parameters).toMatchObject({ pii: "no", "tidemark.name": "ID" });
});

test("what others removed does not come back", () => {
  const before = tableOf(anAsset({ business_name: "Orders" }));
  const { classification: _gone, ...parameters } = before.Parameters ?? {};
  const { table } = merge({
    to: anAsset({ business_name: "Orders", tags: ["a"] }),
    theirs: { ...before, Description: "", Parameters: parameters },
  });
  expect(table.Description).toBeUndefined();
  expect(table.Parameters).not.toHaveProperty("classification");
});

test("our prefix is pruned, whoever wrote into it", () => {
  const before = tableOf(anAsset({ tags: ["a"] }));
  const { table } = merge({
    to: anAsset(),
    theirs: { ...before, Parameters: { ...before.Parameters, "tidemark.tombstone": "3", "tidemark.typed": "x" } },
  });
  expect(table.Parameters).toEqual(tableOf(anAsset()).Parameters);
});

test("a description that somebody typed stands while the source's does not change", () => {
  const before = tableOf(anAsset({ business_name: "Orders" }));
  const merged = merge({ to: anAsset({ business_name: "Orders", tags: ["a"] }), theirs: { ...before, Description: "typed" } });
  expect(merged.table.Description).toBe("typed");
  expect(merged.kept).toEqual([]);
});

test("where both changed the description, the typed one is kept with a warning once, and the source's stands in our parameters", () => {
  const theirs = { ...tableOf(anAsset({ business_name: "Orders" })), Description: "typed" };
  const asset = anAsset({ business_name: "Sales orders", description: "All" });
  const merged = merge({ to: asset, theirs });
  expect(merged.table).toMatchObject({
    Description: "typed",
    Parameters: { "tidemark.business_name": "Sales orders", "tidemark.description": "All" },
  });
  expect(merged.kept).toMatchObject([{ asset_id: asset.id, code: "text_kept" }]);
  expect(merged.decisions).toMatchObject([{ path: "/content/description", policy: "target_wins" }]);
  const again = merge({ to: { ...asset, asset_type: "view" }, theirs: merged.table, decisions: merged.decisions });
  expect(again).toMatchObject({ table: { Description: "typed" }, kept: [], decisions: merged.decisions });
  const moved = merge({ to: anAsset({ business_name: "Third" }), theirs: again.table, decisions: again.decisions });
  expect(moved).toMatchObject({ table: { Description: "typed" }, kept: [{ code: "text_kept" }] });
});

test("where both changed a column's type, the source wins; where only Glue's changed, it stands", () => {
  const before = tableOf(anAsset({ columns: [aColumn("A"), aColumn("B")] }));
  const theirs = edit(edit(before, "a", { Type: "bigint" }), "b", { Type: "bigint" });
  const { table, kept } = merge({ to: anAsset({ columns: [aColumn("A", "cds.Date"), aColumn("B")] }), theirs });
  expect(columnsOf(table).map((column) => column.Type)).toEqual(["date", "bigint"]);
  expect(kept).toEqual([]);
});

test("a comment is merged as a description is, and follows its label while nobody types one", () => {
  const before = tableOf(anAsset(labelled({ A: "one", B: "one", C: "one" })));
  const theirs = edit(edit(before, "b", { Comment: "typed" }), "c", { Comment: "typed" });
  const { table, kept } = merge({ to: anAsset(labelled({ A: "two", B: "one", C: "two" })), theirs });
  expect(columnsOf(table).map((column) => column.Comment)).toEqual(["two", "typed", "typed"]);
  expect(columnsOf(table)[2]?.Parameters?.["tidemark.label"]).toBe("two");
  expect(kept.map((problem) => problem.message)).toEqual([expect.stringContaining("the comment of column C of SALES.Orders")]);
});

test("a column that lost its parameters is still known by the table last acknowledged", () => {
  const before = tableOf(anAsset(labelled({ A: "one", B: "one" })));
  const stripped = withColumns(
    before,
    columnsOf(before).map(({ Parameters: _gone, ...column }) => column),
  );
  const merged = merge({ to: anAsset(labelled({ A: "two" })), theirs: stripped, acknowledged: before });
  expect(merged.table).toEqual(tableOf(anAsset(labelled({ A: "two" }))));
  expect(merged.kept).toEqual([]);
});

test("a column that somebody deleted stays away until the source changes it, or drift is to be undone", () => {
  const asset = anAsset({ columns: [aColumn("A"), aColumn("B")] });
  const before = tableOf(asset);
  const theirs = withColumns(before, columnsOf(before).slice(1));
  const relabelled = anAsset({ columns: asset.schema.columns, tags: ["a"] });
  const first = merge({ to: relabelled, theirs, acknowledged: before });
  expect(namesOf(first.table)).toEqual(["b"]);
  const second = merge({
    to: anAsset({ columns: asset.schema.columns, tags: ["b"] }),
    theirs: first.table,
    acknowledged: first.table,
    decisions: first.decisions,
  });
  expect(namesOf(second.table)).toEqual(["b"]);
  const retyped = merge({
    to: anAsset({ columns: [aColumn("A", "cds.Date"), aColumn("B")] }),
    theirs: second.table,
    acknowledged: second.table,
    decisions: second.decisions,
  });
  expect(namesOf(retyped.table)).toEqual(["a", "b"]);
  const restored = merge({ to: asset, theirs, acknowledged: before, change: { cause: "drift" } });
  expect(restored.table).toEqual(before);
});

test("an acknowledged table older than the live one does not make our own deletion somebody else's", () => {
  const both = anAsset({ columns: [aColumn("A"), aColumn("B")] });
  // The write that dropped A landed, nobody learned of it, and the source took A back.
  const { table } = merge({ to: both, theirs: tableOf(anAsset({ columns: [aColumn("B")] })), acknowledged: tableOf(both) });
  expect(namesOf(table)).toEqual(["a", "b"]);
});

test("a write of ours that nobody learned of is not taken for somebody's edit", () => {
  const landed = tableOf(anAsset({ business_name: "second" }));
  const { table, kept } = merge({
    to: anAsset({ business_name: "third" }),
    theirs: landed,
    acknowledged: tableOf(anAsset({ business_name: "first" })),
  });
  expect(table.Description).toBe("third");
  expect(kept).toEqual([]);
});

test("to undo drift, structure is brought back and what people typed stays", () => {
  const asset = anAsset({ business_name: "Orders", owner: "Ann", ...labelled({ A: "one" }) });
  const before = tableOf(asset);
  const theirs = { ...edit(before, "a", { Type: "bigint", Comment: "typed" }), Description: "typed", Owner: "Bob" };
  const { table } = merge({ to: asset, theirs, change: { cause: "drift" } });
  expect(table).toEqual({ ...edit(before, "a", { Comment: "typed" }), Description: "typed" });
});

test("a column added by people that the source now has too becomes ours, with their comment and parameters", () => {
  const before = tableOf(anAsset({ columns: [aColumn("A")] }));
  const theirs = withColumns(before, [{ Name: "b", Type: "string", Comment: "theirs", Parameters: { pii: "yes" } }, ...columnsOf(before)]);
  const { table } = merge({ to: anAsset({ columns: [aColumn("A"), aColumn("B")] }), theirs });
  expect(columnsOf(table)[1]).toMatchObject({
    Name: "b",
    Type: "int",
    Comment: "theirs",
    Parameters: { pii: "yes", "tidemark.name": "B" },
  });
});

const renamed: Partial<Change> = { facets: ["schema"], column_renames: [{ from: "NETWR", to: "Net Value", similarity: 1 }] };
const netAs = (name: string): Asset => anAsset(labelled({ ID: "Number", [name]: "Net" }));
const worked = { Comment: "typed", Parameters: { ...columnsOf(tableOf(netAs("NETWR")))[1]?.Parameters, pii: "no" } };

test("a column that the source renamed keeps what people wrote on it, where that is to come along; a second write changes nothing", () => {
  const theirs = edit(tableOf(netAs("NETWR")), "netwr", worked);
  const carried = merge({ to: netAs("Net Value"), theirs, change: renamed, carryColumns: true });
  const [, ours] = columnsOf(tableOf(netAs("Net Value")));
  expect(columnsOf(carried.table)[1]).toEqual({ ...ours, Comment: "typed", Parameters: { ...ours?.Parameters, pii: "no" } });
  expect(namesOf(carried.table)).toEqual(["id", "net_value"]);
  expect(carried).toMatchObject({ kept: [], withheld: [], decisions: [] });
  expect(merge({ to: netAs("Net Value"), theirs: carried.table, change: renamed, carryColumns: true })).toEqual(carried);
  expect(merge({ to: netAs("Net Value"), theirs, change: renamed }).table).toEqual(tableOf(netAs("Net Value")));
});

test("what comes along to a renamed column is known by the table last acknowledged where people took our parameters off the old one", () => {
  const before = tableOf(netAs("NETWR"));
  const theirs = edit(before, "netwr", { Comment: "typed", Parameters: { pii: "no" } });
  const { table } = merge({ to: netAs("Net Value"), theirs, acknowledged: before, change: renamed, carryColumns: true });
  expect(columnsOf(table)[1]).toMatchObject({ Name: "net_value", Comment: "typed", Parameters: { pii: "no" } });
  expect(namesOf(table)).toEqual(["id", "net_value"]);
});

test("nothing comes along to a column that stands there already, nor from one that people deleted", () => {
  const before = tableOf(netAs("NETWR"));
  const own = { Name: "net_value", Type: "int", Comment: "theirs" };
  const both = withColumns(before, [...columnsOf(edit(before, "netwr", worked)), own]);
  const { table } = merge({ to: netAs("Net Value"), theirs: both, change: renamed, carryColumns: true });
  expect(columnsOf(table)[1]).toMatchObject({ Name: "net_value", Comment: "theirs" });
  expect(columnsOf(table)[1]?.Parameters).not.toHaveProperty("pii");
  const deleted = withColumns(before, columnsOf(before).slice(0, 1));
  expect(merge({ to: netAs("Net Value"), theirs: deleted, acknowledged: before, change: renamed, carryColumns: true }).table).toEqual(
    tableOf(netAs("Net Value")),
  );
});

test("a column that people made a partition key is not written twice", () => {
  const before = tableOf(anAsset({ columns: [aColumn("A"), aColumn("DAY", "cds.Date")] }));
  const theirs = { ...withColumns(before, columnsOf(before).slice(0, 1)), PartitionKeys: columnsOf(before).slice(1) };
  const { table } = merge({
    to: anAsset({ columns: [aColumn("A"), aColumn("DAY", "cds.Date")], tags: ["a"] }),
    theirs,
    acknowledged: before,
  });
  expect(namesOf(table)).toEqual(["a"]);
  expect(table.PartitionKeys).toEqual(theirs.PartitionKeys);
});

test("of two columns of one name, as Glue lets people make them, one becomes ours and the other goes", () => {
  const before = tableOf(anAsset({ columns: [aColumn("A")] }));
  const theirs = withColumns(before, [...columnsOf(before), { Name: "a", Type: "string" }]);
  expect(namesOf(merge({ to: anAsset({ columns: [aColumn("A")], tags: ["x"] }), theirs }).table)).toEqual(["a"]);
});

const policy =
  (wanted: MergePolicy): PolicyFor =>
  () =>
    wanted;

test("by policy the source's text wins", () => {
  const theirs = { ...tableOf(anAsset({ business_name: "Orders" })), Description: "typed" };
  expect(merge({ to: anAsset({ business_name: "New" }), theirs, policyFor: policy("source_wins") })).toMatchObject({
    table: { Description: "New" },
    kept: [],
    withheld: [],
    decisions: [],
  });
});

test("by policy a field is held: it alone is withheld, by its path, each time until either side moves", () => {
  const theirs = { ...tableOf(anAsset({ business_name: "Orders" })), Description: "typed" };
  const to = anAsset({ business_name: "New", tags: ["a"] });
  const change: Partial<Change> = { change_type: "modified", fields: [{ path: "/content/business_name", old: "Orders", new: "New" }] };
  const held = merge({ to, theirs, policyFor: policy("hold"), change });
  expect(held.table).toMatchObject({ Description: "typed", Parameters: { "tidemark.tags": '["a"]' } });
  expect(held.withheld).toMatchObject([
    { asset_id: to.id, change_type: "modified", path: "/content/business_name", because: { code: "field_conflict" } },
  ]);
  const again = merge({ to, theirs: held.table, decisions: held.decisions, policyFor: policy("hold"), change });
  expect(again.withheld).toEqual(held.withheld);
  const decided = merge({
    to,
    theirs: { ...held.table, Description: "decided" },
    decisions: again.decisions,
    policyFor: policy("hold"),
    change,
  });
  expect(decided).toMatchObject({ table: { Description: "decided" }, withheld: [], decisions: [] });
  const alike = merge({
    to: anAsset({ business_name: "typed" }),
    theirs: held.table,
    decisions: again.decisions,
    policyFor: policy("hold"),
    change,
  });
  expect(alike).toMatchObject({ table: { Description: "typed" }, withheld: [], decisions: [] });
  const other = merge({ to, theirs: held.table, decisions: held.decisions, policyFor: policy("source_wins"), change });
  expect(other.withheld).toEqual([]);
});

test("by policy texts are merged: ours is replaced inside what was typed around it", () => {
  const theirs = { ...tableOf(anAsset({ business_name: "Orders" })), Description: "Orders ($& ask Bob)" };
  expect(merge({ to: anAsset({ business_name: "New" }), theirs, policyFor: policy("merge") })).toMatchObject({
    table: { Description: "New ($& ask Bob)" },
    kept: [],
  });
  const unlike = { ...theirs, Description: "typed" };
  expect(merge({ to: anAsset({ business_name: "New" }), theirs: unlike, policyFor: policy("merge") })).toMatchObject({
    table: { Description: "typed" },
    kept: [{ code: "text_kept" }],
  });
});

test("a table taken over keeps what it has: its description, type and classification", () => {
  const theirs: TableDocument = {
    Name: "orders",
    Description: "theirs",
    TableType: "MANAGED_TABLE",
    Parameters: { classification: "csv" },
    StorageDescriptor: { Columns: [{ Name: "id", Type: "string", Comment: "key" }] },
  };
  const { table, kept } = merge({ to: anAsset({ business_name: "Orders", ...labelled({ ID: "Number" }) }), theirs });
  expect(table).toMatchObject({
    Description: "theirs",
    TableType: "MANAGED_TABLE",
    Parameters: { classification: "csv", EXTERNAL: "TRUE", "tidemark.asset": "SALES.Orders" },
  });
  expect(columnsOf(table)).toMatchObject([{ Name: "id", Type: "int", Comment: "key" }]);
  expect(kept).toHaveLength(2);
});
