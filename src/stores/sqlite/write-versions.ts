import type { AssetId } from "../../model/asset.ts";
import type { AssetVersion } from "../../model/checkpoint.ts";
import { sealed, sumOf } from "../shared/row-sum.ts";
import { leansOnNext, LONGEST_WALK, NEXT_VERSION, pack } from "../shared/pack-text.ts";
import { newestDictionary } from "./dictionaries.ts";
import { recordAt, rowAt } from "./read-rows.ts";
import { newestVersion, pastOf, snapshotNow } from "./read-versions.ts";
import { putRow, type Write } from "./write-rows.ts";

/**
 * Keeps what an asset was, where the snapshot that is about to be stored (as text; null: removed) is another.
 *
 * Its snapshot is packed against the one that supersedes it: most of an asset stays, so that hardly more than the edit is stored. What
 * is older leans on what is newer, so that versions can go from the oldest on without a word to those that stay.
 */
export function supersede(write: Write, asset_id: AssetId, next: string | null, by: Pick<AssetVersion, "run_id" | "generation">): void {
  const entry = rowAt(write.state, "entry", asset_id);
  const record = entry === undefined ? null : recordAt(write.state, asset_id, entry[8]);
  const [sync_version, text] = record === null ? [null, null] : [record[4], record[5]];
  if (text !== next) addRow(write, { asset_id, ...by, sync_version }, text, next);
}

/** Lets an asset's newest version stand by itself: what it leans on is about to change, and no version is kept of it. */
export function letStandAlone(write: Write, asset_id: AssetId): void {
  leanOn(write, asset_id, null);
}

/** Adds a version as it is, behind those that are there; the asset's checkpoint is there already. */
export function addVersion(write: Write, { snapshot, ...version }: AssetVersion): void {
  const { asset_id } = version;
  const text = snapshot === null ? null : JSON.stringify(snapshot);
  leanOn(write, asset_id, text);
  addRow(write, version, text, snapshotNow(write.state, asset_id));
}

function addRow(
  write: Write,
  { asset_id, run_id, generation, sync_version }: Omit<AssetVersion, "snapshot">,
  text: string | null,
  next: string | null,
): void {
  const seq = (write.ledger.last.version += 1);
  putRow(write, "version", sealed([seq, asset_id, run_id, generation, sync_version, text === null ? null : sumOf([text])]));
  if (text === null) return;
  putPast(write, seq, text, leaningBefore(write, asset_id, seq) === LONGEST_WALK ? null : next);
}

/** How many versions right before that one lean each on its next. Counting all versions would not bound them: the oldest go as new ones come. */
function leaningBefore({ state }: Write, asset_id: AssetId, seq: number): number {
  const before = "SELECT past.snapshot FROM version LEFT JOIN past USING (seq) WHERE asset_id = ? AND seq < ? ORDER BY seq DESC LIMIT ?";
  const rows = state.rows(before, asset_id, seq, LONGEST_WALK);
  const other = rows.findIndex(([snapshot]) => !leansOnNext(snapshot));
  return other < 0 ? rows.length : other;
}

/** Packs an asset's newest version anew, where it leans on what is next, against another text; null: by itself. */
function leanOn(write: Write, asset_id: AssetId, next: string | null): void {
  const newest = newestVersion(write.state, asset_id);
  if (newest === undefined) return;
  const [row] = write.state.rows("SELECT snapshot FROM past WHERE seq = ?", newest[0]);
  if (leansOnNext(row?.[0])) putPast(write, newest[0], pastOf(write.state, newest) as string, next);
}

function putPast({ state, compress }: Write, seq: number, text: string, next: string | null): void {
  const dictionary = next === null ? newestDictionary(state) : { id: NEXT_VERSION, content: Buffer.from(next) };
  state.run("INSERT OR REPLACE INTO past (seq, snapshot) VALUES (?, ?)", seq, compress ? pack(text, dictionary) : text);
}
