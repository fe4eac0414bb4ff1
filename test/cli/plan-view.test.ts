import { expect, test } from "vitest";
import { planText } from "../../src/cli/views/human/plan.ts";
import { type Look, PLAIN } from "../../src/cli/views/human/text.ts";
import { planJson } from "../../src/cli/views/json/plan.ts";
import { rawNumber } from "../../src/model/json.ts";
import { aDelete, aPlan, aPut } from "./a-plan.ts";

async function shown(plan: ReturnType<typeof aPlan>, { all = false, look = PLAIN }: { all?: boolean; look?: Look } = {}): Promise<string> {
  return (await Array.fromAsync(planText(plan, look, { all }))).join("");
}

async function json(plan: ReturnType<typeof aPlan>): Promise<unknown> {
  return JSON.parse((await Array.fromAsync(planJson(plan))).join(""));
}

const retyped = aPut("SALES", "Orders", {
  change_type: "modified",
  facets: ["content", "metadata", "schema"],
  logic: true,
  fields: [
    { path: "/content/business_name", old: "Order", new: "Sales order" },
    { path: "/metadata/tags/gold", new: "gold" },
    { path: "/metadata/tags/silver", old: "silver" },
    { path: "/metadata/custom_properties/query", old: { SELECT: {} }, new: { SELECT: { from: 1 } } },
    { path: "/schema/columns/NETWR/type", old: "cds.Decimal(15,2)", new: "cds.Decimal(17,2)" },
    { path: "/schema/columns/a b~1c/length", old: 10, new: rawNumber("12345678901234567890") },
  ],
});

const mixed = aPlan({
  steps: [
    aPut("HR", "People"),
    retyped,
    aPut("SALES", "Prices", { change_type: "metadata_changed", facets: ["metadata"], strategy: "metadata_only", cause: "mapping" }),
    aDelete("SALES", "Returns"),
    aDelete("SALES", "Stock", { phase: "mark" }),
  ],
  others: [
    { record: "rename", rename: { from: "SALES.Returns", to: "HR.People", similarity: 0.934 }, carried: false },
    {
      record: "withheld",
      withheld: {
        asset_id: "SALES.orders",
        change_type: "created",
        because: {
          code: "name_collision",
          message: "SALES.orders and SALES.Orders would both be dsp_sales.orders in the target. Rename one of them in the source.",
        },
      },
    },
    {
      record: "withheld",
      withheld: {
        asset_id: "SALES.Orders",
        change_type: "modified",
        path: "/content/description",
        because: { code: "field_conflict", message: "Both sides changed it." },
      },
    },
  ],
  listings: [
    { scope: "HR", complete: true, count: 4 },
    { scope: "FIN", complete: false, count: 0, problem: "The folder FIN cannot be read: EACCES." },
    { scope: "OPS", complete: false, count: 7 },
  ],
  problems: [
    { scope: "FIN", code: "listing_incomplete", message: "The folder FIN cannot be read: EACCES." },
    { asset_id: "HR.People", code: "name_shortened", message: "The name was cut." },
  ],
});

test("a plan is grouped by space, with signs, facets, field diffs, renames, what is withheld, problems and one line of sums", async () => {
  expect(await shown(mixed)).toBe(`Pipeline sales (generation 3)

HR  1 to create
  + HR.People  created

SALES  2 to update (1 schema), 2 to delete
  ~ SALES.Orders  content, metadata, schema (logic)
      ~ business_name: Order → "Sales order"
      + tags.gold
      - tags.silver
      ~ custom_properties.query: {"SELECT":{}} → {"SELECT":{"from":1}}
      ~ columns.NETWR.type: cds.Decimal(15,2) → cds.Decimal(17,2)
      ~ columns."a b/c".length: 10 → 12345678901234567890
  ~ SALES.Prices  metadata (mapping)
  - SALES.Returns  deleted
  - SALES.Stock  deleted (mark only)

Renamed, it seems
  > SALES.Returns → HR.People  93 % alike

Withheld
  ! SALES.orders  created
      SALES.orders and SALES.Orders would both be dsp_sales.orders in the target. Rename one of them in the source.
  ! SALES.Orders  description
      Both sides changed it.

Not listed completely; nothing there is deleted
  ? OPS: not listed completely

Problems (1)
  ! The folder FIN cannot be read: EACCES.
    Mend what the message names. Nothing of that scope was deleted.

Warnings (1)
  ! HR.People: The name was cut.
    Nothing to do: the name is cut with a hash suffix and stands in full in the table's parameters.

Plan: 1 to create, 2 to update (1 schema), 2 to delete, 2 withheld
`);
});

test("a column that seems to have been renamed stands beside what differs, in the text and in the JSON", async () => {
  const column_renames = [{ from: "NETWR", to: "net value", similarity: 0.75 }];
  const plan = aPlan({
    steps: [
      aPut("SALES", "Orders", {
        change_type: "schema_changed",
        facets: ["schema"],
        fields: [
          { path: "/schema/columns/NETWR", old: { type: "cds.Date" } },
          { path: "/schema/columns/net value", new: { type: "cds.Date" } },
        ],
        column_renames,
      }),
    ],
  });
  expect(await shown(plan)).toContain(`  ~ SALES.Orders  schema
      - columns.NETWR
      + columns."net value": {"type":"cds.Date"}
      > columns.NETWR → columns."net value"  75 % alike
`);
  expect(await json(plan)).toMatchObject({ changes: [{ asset_id: "SALES.Orders", column_renames }] });
});

test("the same plan as JSON has the documented shape, numbers exact", async () => {
  const text = (await Array.fromAsync(planJson(mixed))).join("");

  expect(text).toContain('"new":12345678901234567890}');
  expect(JSON.parse(text)).toEqual({
    format_version: 1,
    pipeline: "sales",
    basis: { lineage: "l-1", generation: 3 },
    summary: { assets: 10, unchanged: 5, created: 1, modified: 1, schema_changed: 0, metadata_changed: 1, deleted: 2, withheld: 2 },
    changes: [
      {
        asset_id: "HR.People",
        change_type: "created",
        facets: ["content", "metadata", "schema"],
        strategy: "full",
        cause: "source",
        fields: [],
      },
      {
        asset_id: "SALES.Orders",
        change_type: "modified",
        facets: ["content", "metadata", "schema"],
        strategy: "full",
        cause: "source",
        logic: true,
        fields: [
          { path: "/content/business_name", old: "Order", new: "Sales order" },
          { path: "/metadata/tags/gold", new: "gold" },
          { path: "/metadata/tags/silver", old: "silver" },
          { path: "/metadata/custom_properties/query", old: { SELECT: {} }, new: { SELECT: { from: 1 } } },
          { path: "/schema/columns/NETWR/type", old: "cds.Decimal(15,2)", new: "cds.Decimal(17,2)" },
          { path: "/schema/columns/a b~1c/length", old: 10, new: 12345678901234567890 },
        ],
      },
      {
        asset_id: "SALES.Prices",
        change_type: "metadata_changed",
        facets: ["metadata"],
        strategy: "metadata_only",
        cause: "mapping",
        fields: [],
      },
      { asset_id: "SALES.Returns", change_type: "deleted", facets: [], strategy: "deletion", cause: "source", fields: [] },
      { asset_id: "SALES.Stock", change_type: "deleted", facets: [], strategy: "deletion", cause: "source", fields: [], phase: "mark" },
    ],
    renames: [{ from: "SALES.Returns", to: "HR.People", similarity: 0.934 }],
    withheld: [
      {
        asset_id: "SALES.orders",
        change_type: "created",
        because: {
          code: "name_collision",
          message: "SALES.orders and SALES.Orders would both be dsp_sales.orders in the target. Rename one of them in the source.",
        },
      },
      {
        asset_id: "SALES.Orders",
        change_type: "modified",
        path: "/content/description",
        because: { code: "field_conflict", message: "Both sides changed it." },
      },
    ],
    listings: [
      { scope: "HR", complete: true, count: 4 },
      { scope: "FIN", complete: false, count: 0, problem: "The folder FIN cannot be read: EACCES." },
      { scope: "OPS", complete: false, count: 7 },
    ],
    problems: [
      { code: "listing_incomplete", message: "The folder FIN cannot be read: EACCES." },
      { asset_id: "HR.People", code: "name_shortened", message: "The name was cut." },
    ],
  });
});

test("a plan with nothing in it says so", async () => {
  expect(await shown(aPlan())).toBe("Pipeline sales (generation 3)\n\nNothing to do: 10 assets, all in step.\n");
  expect(await shown(aPlan({ basis: null, summary: { assets: 0, unchanged: 0 } }))).toBe(
    "Pipeline sales (first run, no state yet)\n\nNothing to do: the source lists no asset.\n",
  );
  expect(await json(aPlan({ basis: null }))).toMatchObject({
    basis: null,
    changes: [],
    renames: [],
    withheld: [],
    listings: [],
    problems: [],
  });
});

test("long lists are cut with a hint, and whole with --all", async () => {
  const steps = Array.from({ length: 1234 }, (_, index) => aPut("SALES", `T${String(index).padStart(4, "0")}`));
  const fields = Array.from({ length: 12 }, (_, index) => ({
    path: `/schema/columns/C${index}/type`,
    old: "cds.String(10)",
    new: "cds.String(20)",
  }));
  const many = aPlan({ steps: [...steps, aPut("SALES", "Wide", { change_type: "schema_changed", facets: ["schema"], fields })] });
  const wide = aPlan({ steps: [aPut("SALES", "Wide", { change_type: "schema_changed", facets: ["schema"], fields })] });

  const cut = await shown(many);

  expect(cut.split("\n").filter((line) => line.startsWith("  + "))).toHaveLength(10);
  expect(cut).toContain("  … 1,225 more (1,224 to create, 1 to update): --all shows them\n");
  expect(cut).toContain("Plan: 1,234 to create, 1 to update (1 schema)\n");
  const foretold = await shown({ ...many, forecast: { requests: 111, full_sync: 2_004 } });
  expect(foretold).toContain("Plan: 1,234 to create, 1 to update (1 schema) · about 111 requests instead of 2,004\n");
  expect(await shown(wide)).toContain("      … 4 more fields: --all shows them\n");
  expect((await shown(many, { all: true })).split("\n").filter((line) => /^ {2}[+~] /.test(line))).toHaveLength(1235);
  expect(await shown(wide, { all: true })).toContain("~ columns.C11.type");
});

test("what is cut off tells the deletions among it, and each space counts by itself", async () => {
  const puts = (space: string, count: number) =>
    Array.from({ length: count }, (_, index) => aPut(space, `T${String(index).padStart(2, "0")}`));
  const plan = aPlan({ steps: [...puts("HR", 12), ...puts("SALES", 10), aDelete("SALES", "Y"), aDelete("SALES", "Z")] });

  const rests = (await shown(plan)).split("\n").filter((line) => line.includes("more"));

  expect(rests).toEqual(["  … 2 more: --all shows them", "  … 2 more (2 to delete): --all shows them"]);
});

test("a name that would steer the terminal or turn the direction of writing is shown as code points", async () => {
  const plan = aPlan({
    steps: [
      aPut("SALES", "evil\u001b[2J\u202etxt\nPlan: nothing", {
        change_type: "modified",
        facets: ["content"],
        fields: [{ path: "/content/business_name", old: "a", new: "b\u0007\u009b31m" }],
      }),
    ],
    problems: [{ code: "asset_unreadable", message: "bad \u001b]0;title\u0007" }],
  });

  const text = await shown(plan, { all: true });

  expect(text).toContain("~ SALES.evil\\u{1b}[2J\\u{202e}txt\\u{a}Plan: nothing");
  expect(text).not.toMatch(/[^\P{Cc}\n]|\p{Bidi_Control}/u);
});

test("on a narrow terminal sentences are broken at blanks, and every line fits", async () => {
  const text = await shown(mixed, { look: { ...PLAIN, width: 60 } });
  const sentences = text.split("\n").filter((line) => !line.includes("→"));

  expect(Math.max(...sentences.map((line) => line.length))).toBeLessThanOrEqual(66);
  expect(text).toContain(
    "      SALES.orders and SALES.Orders would both be\n      dsp_sales.orders in the target. Rename one of them in\n      the source.\n",
  );
});
