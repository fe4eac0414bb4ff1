import type { AssetId } from "../../model/asset.ts";
import { NEXT_VERSION, pack } from "../shared/pack-text.ts";
import type { Dictionaries } from "./dictionaries.ts";
import type { LedgeredRows } from "./scan-rows.ts";
import { stateDamaged } from "./server-error.ts";
import { recordsOf, rowsAt, type WritableRows } from "./state-rows.ts";
import type { RecordRow, RowIn, Stored } from "./tables.ts";

/** Rows whose snapshots may be packed. */
export interface PackedRows extends LedgeredRows {
  readonly dictionaries: Dictionaries;
}

/** A checkpoint's wide row, and the text of its snapshot. */
export interface OpenRecord {
  readonly row: RecordRow;
  readonly text: string;
}

/** The wide rows of checkpoints with their snapshots' texts, each proved to be the one that its entry tells of. */
export async function openRecords(rows: PackedRows, entries: readonly RowIn["entry"][]): Promise<ReadonlyMap<AssetId, OpenRecord>> {
  const records = await recordsOf(rows, entries);
  const textOf = await rows.dictionaries.texts(
    rows,
    [...records.values()].map(([, , stored]) => stored),
  );
  return new Map(
    [...records].map(([id, row]) => {
      const text = textOf(row[2]);
      if (text === null) throw stateDamaged(rows.shown, `the snapshot in the row ${JSON.stringify(id)} of record cannot be unpacked`);
      return [id, { row, text }];
    }),
  );
}

/** The wide rows of those of these assets that have a checkpoint. */
export async function recordsNow(rows: PackedRows, ids: readonly AssetId[]): Promise<ReadonlyMap<AssetId, OpenRecord>> {
  return await openRecords(rows, await rowsAt(rows, "entry", ids));
}

/** How a write stores the text of a snapshot: as it is, or packed with the newest dictionary or against another text. */
export type Store = (text: string, against?: string | null) => Stored;

export async function storing(write: PackedRows & WritableRows & { readonly compress: boolean }): Promise<Store> {
  if (!write.compress) return (text) => text;
  const newest = await write.dictionaries.newest(write);
  return (text, against = null) =>
    pack(text, against === null ? newest : { id: NEXT_VERSION, content: Buffer.from(against) }, { summed: true });
}
