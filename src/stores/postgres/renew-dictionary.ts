import type { AssetId } from "../../model/asset.ts";
import { isDictionaryDue, isPackedAnew, sampleStep } from "../shared/dictionary-rules.ts";
import { sealed, sumOf } from "../shared/row-sum.ts";
import { openRecords, recordsNow, storing } from "./snapshots.ts";
import { nextPage, putRecords, putRows } from "./state-rows.ts";
import type { RecordRow, RowIn } from "./tables.ts";
import type { Write } from "./write.ts";

/**
 * Makes a dictionary when the state has grown enough for a first one, or far beyond what the last one was made of. What was packed with
 * an earlier one stays; of a state that is small, all is packed anew.
 */
export async function renewDictionary(write: Write): Promise<void> {
  const checkpoints = write.next.tallies.entry.rows;
  if (!write.compress || !isDictionaryDue(checkpoints, await write.dictionaries.newest(write))) return;
  await write.dictionaries.add(write, checkpoints, await sample(write, checkpoints));
  if (isPackedAnew(checkpoints)) await packAnew(write);
}

/** Texts of snapshots from all over the state. */
async function sample(write: Write, checkpoints: number): Promise<readonly string[]> {
  const placed = `SELECT asset_id, row_number() OVER (ORDER BY asset_id) AS place FROM ${write.schema}.entry WHERE state = $1`;
  const spread = `SELECT asset_id FROM (${placed}) AS entries WHERE place % $2 = 0`;
  const ids = (await write.queries.rows(spread, write.id, sampleStep(checkpoints))).map(([id]) => id as AssetId);
  return [...(await recordsNow(write, ids)).values()].map(({ text }) => text);
}

async function packAnew(write: Write): Promise<void> {
  const store = await storing(write);
  for (let after: AssetId | undefined; ;) {
    const page: readonly RowIn["entry"][] = await nextPage(write, "entry", { after, size: PAGE });
    const records: RecordRow[] = [];
    const entries: RowIn["entry"][] = [];
    const opened = await openRecords(write, page);
    for (const entry of page) {
      const { row, text } = opened.get(entry[0]) as NonNullable<ReturnType<typeof opened.get>>;
      const record: RecordRow = [row[0], row[1], store(text)];
      records.push(record);
      entries.push(sealed([...entry.slice(0, -2), sumOf(record)]) as RowIn["entry"]);
    }
    await putRows(write, "entry", entries);
    await putRecords(write, records);
    if (page.length < PAGE) return;
    after = page.at(-1)?.[0];
  }
}

const PAGE = 250;
