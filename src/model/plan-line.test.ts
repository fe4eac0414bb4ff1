import { expect, test } from "vitest";
import { rawNumber } from "./json.ts";
import { planLine, planRecordFrom } from "./plan-line.ts";
import type { PlanRecord } from "./plan.ts";

const change = {
  asset_id: "SALES.Orders",
  change_type: "modified",
  facets: ["schema"],
  strategy: "full",
  cause: "source",
  fields: [{ path: "/schema/columns/A/default", new: rawNumber("1e-07") }],
} as const;

const asset = {
  id: "SALES.Orders",
  space: "SALES",
  asset_type: "table",
  content: { technical_name: "Orders", business_name: null, description: null, owner: null },
  schema: { columns: [], data_types: {}, constraints: [] },
  metadata: { tags: [], dimensions: [], measures: [], hierarchies: [], certification_status: null, custom_properties: {} },
} as const;

const put = { kind: "put", change, asset, fingerprint: { scheme: "s", content: "c", schema: null, metadata: null }, raw: null } as const;

const columns = { ...put, change: { ...change, column_renames: [{ from: "A", to: "B", similarity: 0.75 }] } } as const;

test.each<[string, PlanRecord]>([
  ["a write whose numbers are kept exact", { record: "step", step: put }],
  ["a write with renamed columns, whose similarity is a plain number", { record: "step", step: columns }],
  [
    "a deletion",
    { record: "step", step: { kind: "delete", change: { ...change, change_type: "deleted", facets: [], fields: [] }, ref: "a.b" } },
  ],
  [
    "a rename, whose similarity is a plain number",
    { record: "rename", rename: { from: "A.a", to: "A.b", similarity: 0.875 }, carried: false },
  ],
  ["a listing", { record: "listing", listing: { scope: "SALES", complete: true, count: 3 } }],
])("%s comes back from its line as it was", (_, record) => {
  const line = planLine(record);
  expect(line.indexOf("\n")).toBe(line.length - 1);
  expect(planRecordFrom(line.slice(0, -1))).toEqual(record);
});
