import type { AssetId } from "../../model/asset.ts";
import type { Row } from "../shared/row-sum.ts";
import type { SummedTable } from "../shared/rows.ts";

/** The types of the columns of a table that is read row by row, in order. The first is the key within a state; the last is the row's sum. */
const TYPES = {
  basis: { id: "integer", scheme: "text", raw: "text", mapping: "text", sum: "text" },
  entry: {
    asset_id: "text",
    basis: "integer",
    token: "text",
    content: "text",
    schema: "text",
    metadata: "text",
    ref: "text",
    tombstone: "text",
    record: "text",
    sum: "text",
  },
  intent: { seq: "bigint", body: "text", sum: "text" },
  version: {
    seq: "bigint",
    asset_id: "text",
    run_id: "text",
    generation: "bigint",
    sync_version: "bigint",
    snapshot: "text",
    sum: "text",
  },
  history: { seq: "bigint", asset_id: "text", body: "text", sum: "text" },
  run: { seq: "bigint", body: "text", sum: "text" },
  memory: { key: "text", value: "text", sum: "text" },
} as const satisfies { readonly [table in SummedTable]: Readonly<Record<string, string>> };

/** The wide part of a checkpoint; its sum stands in the entry, so that a scan of entries is narrow and a checkpoint is proved whole. */
const RECORD_TYPES = { asset_id: "text", facts: "text", snapshot: "text" } as const;

/** `facts` and `snapshot` are JSON. */
export type RecordRow = Row & readonly [asset_id: AssetId, facts: string, snapshot: string];

/** One table as statements need it. */
export interface Table {
  readonly name: string;
  /** In order, the key first. */
  readonly columns: readonly string[];
  readonly types: readonly string[];
  readonly key: string;
}

export const SUMMED_TABLES = Object.keys(TYPES) as readonly SummedTable[];
export const TABLES: { readonly [table in SummedTable]: Table } = Object.fromEntries(
  Object.entries(TYPES).map(([name, types]) => [name, tableOf(name, types)]),
) as { readonly [table in SummedTable]: Table };
export const RECORD: Table = tableOf("record", RECORD_TYPES);

function tableOf(name: string, types: Readonly<Record<string, string>>): Table {
  const columns = Object.keys(types);
  return { name, columns, types: Object.values(types), key: columns[0] as string };
}
