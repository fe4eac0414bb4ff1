import type { AssetId } from "../../model/asset.ts";
import type { Row } from "./row-sum.ts";

/** A row of each table that is read row by row: the key first, the row's sum last. Stores of tables differ in the rest. */
export interface RowOf {
  readonly basis: Row & readonly [id: number, scheme: string, raw: string | null, mapping: string | null, sum: string];
  /** `record` is the sum of the asset's row in `record`, `tombstone` is JSON. */
  readonly entry: Row &
    readonly [
      asset_id: AssetId,
      basis: number,
      token: string | null,
      content: string | null,
      schema: string | null,
      metadata: string | null,
      ref: string | null,
      tombstone: string | null,
      record: string,
      sum: string,
    ];
  readonly intent: Row & readonly [seq: number, body: string, sum: string];
  readonly history: Row & readonly [seq: number, asset_id: AssetId, body: string, sum: string];
  readonly run: Row & readonly [seq: number, body: string, sum: string];
  readonly memory: Row & readonly [key: string, value: string, sum: string];
  /** `snapshot` is its JSON, or the sum of it where the text stands elsewhere; null where there was none. */
  readonly version: Row &
    readonly [
      seq: number,
      asset_id: AssetId,
      run_id: string,
      generation: number,
      sync_version: number | null,
      snapshot: string | null,
      sum: string,
    ];
}

/** The tables whose rows the ledger counts. */
export type SummedTable = keyof RowOf;
