import type { AssetId } from "../../model/asset.ts";
import type { AssetVersion, Checkpoint } from "../../model/checkpoint.ts";
import { sealed, sumOf } from "../row-sum.ts";
import { recordAt, rowAt } from "./read-rows.ts";
import { putRow, type Write } from "./write-rows.ts";

/** Keeps what an asset was, where the checkpoint that is about to be stored (null: removed) says another. */
export function supersede(write: Write, asset_id: AssetId, next: Checkpoint | null, by: Pick<AssetVersion, "run_id" | "generation">): void {
  const entry = rowAt(write.state, "entry", asset_id);
  const record = entry === undefined ? null : recordAt(write.state, asset_id, entry[8]);
  const [sync_version, text] = record === null ? [null, null] : [record[4], record[5]];
  if (text === (next === null ? null : JSON.stringify(next.snapshot))) return;
  addVersionRow(write, { asset_id, ...by, sync_version }, text);
}

/** Adds a version as it is. */
export function addVersion(write: Write, { snapshot, ...version }: AssetVersion): void {
  addVersionRow(write, version, snapshot === null ? null : JSON.stringify(snapshot));
}

function addVersionRow(
  write: Write,
  { asset_id, run_id, generation, sync_version }: Omit<AssetVersion, "snapshot">,
  text: string | null,
): void {
  const seq = (write.ledger.last.version += 1);
  putRow(write, "version", sealed([seq, asset_id, run_id, generation, sync_version, text === null ? null : sumOf([text])]));
  if (text !== null) write.state.run("INSERT OR REPLACE INTO past (seq, snapshot) VALUES (?, ?)", seq, text);
}
