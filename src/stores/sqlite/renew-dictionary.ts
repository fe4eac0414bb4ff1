import type { AssetId } from "../../model/asset.ts";
import { isDictionaryDue, isPackedAnew, sampleStep } from "../shared/dictionary-rules.ts";
import { addDictionary, newestDictionary } from "./dictionaries.ts";
import { snapshotNow } from "./read-versions.ts";
import { packRecord, type Write } from "./write-rows.ts";

/**
 * Makes a dictionary when the state has grown enough for a first one, or far beyond what the last one was made of. What was packed with
 * an earlier one stays; of a state that is small, all is packed anew.
 */
export function renewDictionary(write: Write): void {
  const { state, ledger } = write;
  const checkpoints = ledger.tallies.entry.rows;
  if (!isDictionaryDue(checkpoints, newestDictionary(state))) return;
  addDictionary(state, checkpoints, sample(write, checkpoints));
  if (!isPackedAnew(checkpoints)) return;
  for (const [id] of state.rows("SELECT asset_id FROM entry"))
    packRecord(write, id as AssetId, snapshotNow(state, id as AssetId) as string);
}

/** Texts of snapshots from all over the state, evenly spread over the ids. */
function* sample({ state }: Write, checkpoints: number): Generator<string> {
  const spread = "SELECT asset_id FROM (SELECT asset_id, row_number() OVER (ORDER BY asset_id) AS place FROM entry) WHERE place % ? = 0";
  for (const [id] of state.rows(spread, sampleStep(checkpoints))) yield snapshotNow(state, id as AssetId) as string;
}
