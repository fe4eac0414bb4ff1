// oxlint-disable vitest/no-standalone-expect -- the world that the property plays with makes the assertions
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Asset, Column } from "../../model/asset.ts";
import type { Change } from "../../model/change.ts";
import type { Decision } from "../../model/checkpoint.ts";
import { anAsset } from "../../testing/builders.ts";
import { fromTable } from "./from-table.ts";
import { mergeTable } from "./merge-table.ts";
import { mergePolicies } from "../../model/merge-policy.ts";
import { PLAIN_NAMES } from "./naming.ts";
import { type ColumnDocument, sameTable, type TableDocument } from "./table-document.ts";
import { toTable } from "./to-table.ts";
import { typeRules } from "./type-rules.ts";

const mark = { lineage: "one", pipeline: "sales" };
const COLUMNS = ["A", "B", "C"];
const THEIRS = ["x", "y"];

/** What the source does next, or what people do in Glue. */
type Step =
  | {
      readonly who: "source";
      readonly label: string;
      readonly columns: readonly string[];
      readonly type: string;
      readonly labels: readonly string[];
      readonly recorded: boolean;
    }
  | { readonly who: "people"; readonly does: "describe" | "parameter" | "column"; readonly name: string; readonly text: string | null }
  | { readonly who: "people"; readonly does: "comment" | "retype" | "strip" | "delete"; readonly name: string; readonly text: string };

const text = fc.constantFrom("one", "two", "three", "four");
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    who: fc.constant("source" as const),
    label: text,
    columns: fc.shuffledSubarray(COLUMNS),
    type: fc.constantFrom("cds.Integer", "cds.Date"),
    labels: fc.array(text, { minLength: 3, maxLength: 3 }),
    // False: the write lands and nobody learns of it.
    recorded: fc.boolean(),
  }),
  fc.record({
    who: fc.constant("people" as const),
    does: fc.constantFrom("describe" as const, "parameter" as const, "column" as const),
    name: fc.constantFrom(...THEIRS),
    text: fc.option(text),
  }),
  fc.record({
    who: fc.constant("people" as const),
    does: fc.constantFrom("comment" as const, "retype" as const, "strip" as const, "delete" as const),
    name: fc.constantFrom("a", "b", "c"),
    text,
  }),
);

/** The catalog with one table, and what must be true of it. */
class World {
  live: TableDocument | null = null;
  acknowledged: TableDocument | null = null;
  decisions: readonly Decision[] = [];
  /** What people keep there. */
  readonly parameters = new Map<string, string>();
  readonly columns = new Map<string, string>();
  /** The description that people left, where it is not the one we wrote: null for one that they cleared. */
  typed: { readonly text: string | null } | null = null;
  readonly comments = new Map<string, string>();
  readonly deleted = new Set<string>();
  #written: TableDocument | null = null;

  sync(asset: Asset, recorded: boolean): void {
    const projection = toTable(asset, mark, { naming: PLAIN_NAMES, types: typeRules("varchar", {}) });
    if (!projection.ok) throw new Error(projection.problem.message);
    const ours = projection.table;
    const change: Change = { asset_id: asset.id, change_type: "modified", facets: [], strategy: "full", cause: "source", fields: [] };
    const merge = (theirs: TableDocument, decisions: readonly Decision[], acknowledged: TableDocument | null) =>
      mergeTable({ asset, change, ours, theirs, acknowledged, decisions, policyFor: mergePolicies([]) });
    const merged = this.live === null ? { table: ours, decisions: [] } : merge(this.live, this.decisions, this.acknowledged);
    const again = merge(merged.table, merged.decisions, merged.table);
    expect(sameTable(again.table, merged.table), "a second write would change something").toBe(true);
    expect(again.kept).toEqual([]);
    this.live = merged.table;
    if (recorded) {
      this.acknowledged = merged.table;
      this.decisions = merged.decisions;
    }
    this.#check(asset, ours);
  }

  #check(asset: Asset, ours: TableDocument): void {
    const table = this.live as TableDocument;
    const foreign = Object.entries(table.Parameters ?? {}).filter(([name]) => THEIRS.includes(name));
    expect(new Map(foreign)).toEqual(this.parameters);
    const columns = table.StorageDescriptor?.Columns ?? [];
    expect(new Map(columns.filter(({ Name = "" }) => THEIRS.includes(Name)).map(({ Name = "", Comment = "" }) => [Name, Comment]))).toEqual(
      this.columns,
    );
    expect(table.Description ?? null).toBe(this.typed === null ? (ours.Description ?? null) : this.typed.text);
    if (table.Description === ours.Description) this.typed = null;
    this.#written = ours;
    for (const column of columns) {
      const typed = this.comments.get(column.Name ?? "");
      const own = ours.StorageDescriptor?.Columns?.find(({ Name }) => Name === column.Name);
      if (own === undefined) continue;
      if (typed !== undefined) expect(column.Comment).toBe(typed);
      if (column.Comment === own.Comment) this.comments.delete(column.Name ?? "");
    }
    // A column that the source drops goes with what people typed on it.
    for (const name of this.comments.keys()) if (!columns.some(({ Name }) => Name === name)) this.comments.delete(name);
    const back = fromTable(table);
    expect(back?.content).toEqual(asset.content);
    expect(back?.metadata).toEqual(asset.metadata);
    const missing = asset.schema.columns.filter(({ name }) => !columns.some(({ Name }) => Name === name.toLowerCase()));
    for (const { name } of missing) expect(this.deleted, `${name} is missing`).toContain(name.toLowerCase());
  }

  edit(does: Exclude<Step, { who: "source" }>["does"], name: string, value: string | null): void {
    const table = this.live;
    if (table === null) return;
    const columns = table.StorageDescriptor?.Columns ?? [];
    const there = columns.find((column) => column.Name === name);
    const change = (to: (column: ColumnDocument) => readonly ColumnDocument[]): TableDocument => ({
      ...table,
      StorageDescriptor: { ...table.StorageDescriptor, Columns: columns.flatMap((column) => (column === there ? to(column) : [column])) },
    });
    switch (does) {
      case "describe":
        this.typed = value === this.#written?.Description ? null : { text: value };
        this.live = { ...table, Description: value ?? "" };
        return;
      case "parameter": {
        const { [name]: _old, ...others } = table.Parameters ?? {};
        this.live = { ...table, Parameters: { ...others, ...(value !== null && { [name]: value }) } };
        if (value === null) this.parameters.delete(name);
        else this.parameters.set(name, value);
        return;
      }
      case "column": {
        const others = columns.filter((column) => column !== there);
        this.live = {
          ...table,
          StorageDescriptor: {
            ...table.StorageDescriptor,
            Columns: [...(value === null ? [] : [{ Name: name, Type: "int", Comment: value }]), ...others],
          },
        };
        if (value === null) this.columns.delete(name);
        else this.columns.set(name, value);
        return;
      }
      case "comment":
        if (there === undefined) return;
        if (value === this.#written?.StorageDescriptor?.Columns?.find(({ Name }) => Name === name)?.Comment) this.comments.delete(name);
        else this.comments.set(name, value ?? "");
        this.live = change((column) => [{ ...column, Comment: value ?? "" }]);
        return;
      case "retype":
        this.live = change((column) => [{ ...column, Type: "map<string,int>" }]);
        return;
      case "strip":
        // What the table's writer knew of the column is gone with its parameters, unless the last acknowledgement tells.
        if (this.acknowledged?.Parameters?.["tidemark.fingerprint"] !== table.Parameters?.["tidemark.fingerprint"]) return;
        this.live = change(({ Parameters: _gone, ...column }) => [column]);
        return;
      case "delete":
        this.live = change(() => []);
        this.comments.delete(name);
        this.deleted.add(name);
    }
  }
}

test("no value of other people is lost or comes back, and no write is repeated, however edits and updates interleave", () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 2, maxLength: 14 }), (steps) => {
      const world = new World();
      for (const one of steps) {
        if (one.who === "people") world.edit(one.does, one.name, one.text);
        else {
          const columns = one.columns.map((name): Column => ({ name, type: one.type }));
          const labels = Object.fromEntries(one.columns.map((name) => [name, { label: one.labels[COLUMNS.indexOf(name)] as string }]));
          world.sync(anAsset({ business_name: one.label, columns, custom_properties: { columns: labels } }), one.recorded);
        }
      }
    }),
    { seed: 11, numRuns: Number(process.env["TIDEMARK_RUNS"] ?? 500) },
  );
});
