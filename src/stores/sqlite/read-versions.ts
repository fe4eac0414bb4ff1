import type { AssetId, Asset } from "../../model/asset.ts";
import type { AssetVersion } from "../../model/checkpoint.ts";
import { parseStored } from "../../model/stored-json.ts";
import type { VersionOptions } from "../../ports/checkpoint-store.ts";
import { sumOf } from "../row-sum.ts";
import { stateDamaged } from "../shared/state-error.ts";
import { readLedger } from "./check-state.ts";
import { intact, scanRows } from "./read-rows.ts";
import { COLUMNS, type RowOf } from "./schema.ts";
import type { Queries } from "./state-database.ts";

type VersionRow = RowOf["version"];

/** What assets were before runs changed them, in pages. All of them in order of age also proves that none is missing. */
export function* readVersions(state: Queries, options: VersionOptions): Generator<readonly AssetVersion[]> {
  if (state.format === 1) return;
  const { asset_id, run_id, oldest_first = false } = options;
  if (asset_id?.isWellFormed() === false || run_id?.isWellFormed() === false) return;
  const isAll = asset_id === undefined && run_id === undefined;
  const pages = isAll && oldest_first ? scanRows(state, "version", { pageSize: PAGE }) : selected(state, options);
  for (const page of pages) yield page.map((row) => versionOf(state, row));
}

/** The text of the snapshot that a version tells of, proved to be what was written; null where there was none. */
export function pastOf(state: Queries, [seq, , , , , content]: VersionRow): string | null {
  if (content === null) return null;
  const [row] = state.rows("SELECT snapshot FROM past WHERE seq = ?", seq);
  const text = row?.[0];
  if (text === undefined) throw stateDamaged(state.path, `the row ${seq} of past is missing`);
  if (sumOf([String(text)]) !== content) throw stateDamaged(state.path, `the row ${seq} of past is not what was written`);
  return String(text);
}

/** The newest version of an asset. */
export function newestVersion(state: Queries, id: AssetId): VersionRow | undefined {
  return intact(state, "version", state.rows(`SELECT ${COLUMNS.version} FROM version WHERE asset_id = ? ORDER BY seq DESC LIMIT 1`, id))[0];
}

/** Snapshots are wide: a page of them is about as many bytes as a page of entries. */
const PAGE = 100;

function* selected(state: Queries, { asset_id, run_id, oldest_first }: VersionOptions): Generator<readonly VersionRow[]> {
  const [order, beyond, from]: readonly [string, string, number] =
    oldest_first === true ? ["ASC", ">", 0] : ["DESC", "<", Number.MAX_SAFE_INTEGER];
  const wanted = Object.entries({ asset_id, run_id }).filter(([, value]) => value !== undefined);
  const conditions = [...wanted.map(([column]) => `${column} = ?`), `seq ${beyond} ?`].join(" AND ");
  const select = `SELECT ${COLUMNS.version} FROM version WHERE ${conditions} ORDER BY seq ${order} LIMIT ${PAGE}`;
  let last = from;
  for (;;) {
    const page: readonly VersionRow[] = intact(state, "version", state.rows(select, ...wanted.map(([, value]) => value as string), last));
    if (wanted.length === 0) requireNoGap(state, page, last === from ? null : last);
    if (page.length > 0) yield page;
    if (page.length < PAGE) return;
    last = (page.at(-1) as VersionRow)[0];
  }
}

// Versions leave only from their oldest on, so that their numbers have no gap.
function requireNoGap(state: Queries, page: readonly VersionRow[], behind: number | null): void {
  const { last, tallies } = readLedger(state);
  let expected = behind === null ? last.version : behind - 1;
  for (const [seq] of page) {
    if (seq !== expected) throw stateDamaged(state.path, `the row ${expected} of version is missing`);
    expected -= 1;
  }
  if (page.length < PAGE && expected !== last.version - tallies.version.rows) throw stateDamaged(state.path, "rows of version are missing");
}

function versionOf(state: Queries, row: VersionRow): AssetVersion {
  const [, asset_id, run_id, generation, sync_version] = row;
  const text = pastOf(state, row);
  return { asset_id, run_id, generation, sync_version, snapshot: text === null ? null : (parseStored(text) as unknown as Asset) };
}
