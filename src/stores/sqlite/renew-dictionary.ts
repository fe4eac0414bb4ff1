import type { AssetId } from "../../model/asset.ts";
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
  if (checkpoints < (newestDictionary(state)?.checkpoints ?? FEWEST / GROWTH) * GROWTH) return;
  addDictionary(state, checkpoints, sample(write, checkpoints));
  if (checkpoints > SMALL) return;
  for (const [id] of state.rows("SELECT asset_id FROM entry"))
    packRecord(write, id as AssetId, snapshotNow(state, id as AssetId) as string);
}

/** Checkpoints from which on a dictionary pays: some of them say most of what the others do. */
const FEWEST = 48;

/** How many times as many checkpoints make a new one worth while. */
const GROWTH = 16;

const SMALL = 1_000;

/** How many snapshots are looked at. */
const LOOKED_AT = 96;

/** Texts of snapshots from all over the state, evenly spread over the ids. */
function* sample({ state }: Write, checkpoints: number): Generator<string> {
  const step = Math.max(1, Math.floor(checkpoints / LOOKED_AT));
  const spread = "SELECT asset_id FROM (SELECT asset_id, row_number() OVER (ORDER BY asset_id) AS place FROM entry) WHERE place % ? = 0";
  for (const [id] of state.rows(spread, step)) yield snapshotNow(state, id as AssetId) as string;
}
