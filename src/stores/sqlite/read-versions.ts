import type { AssetId, Asset } from "../../model/asset.ts";
import type { AssetVersion } from "../../model/checkpoint.ts";
import { parseStored } from "../../model/stored-json.ts";
import type { VersionOptions } from "../../ports/checkpoint-store.ts";
import { sumOf } from "../shared/row-sum.ts";
import { stateDamaged } from "../shared/state-error.ts";
import { readLedger } from "./check-state.ts";
import { MetTexts } from "../shared/met-texts.ts";
import { leansOnNext, unpack } from "../shared/pack-text.ts";
import { unpackAt } from "./dictionaries.ts";
import { intact, recordAt, rowAt, scanRows } from "./read-rows.ts";
import { COLUMNS } from "./schema.ts";
import type { Queries } from "./state-database.ts";
import type { RowOf } from "../shared/rows.ts";

type VersionRow = RowOf["version"];

/** What assets were before runs changed them, in pages. All of them in order of age also proves that none is missing. */
export function* readVersions(state: Queries, options: VersionOptions): Generator<readonly AssetVersion[]> {
  if (state.format === 1) return;
  const { asset_id, run_id, oldest_first = false } = options;
  if (asset_id?.isWellFormed() === false || run_id?.isWellFormed() === false) return;
  const isAll = asset_id === undefined && run_id === undefined;
  const pages = isAll && oldest_first ? scanRows(state, "version", { pageSize: PAGE }) : selected(state, options);
  const met = new MetTexts();
  for (const page of pages) yield page.map((row) => versionOf(state, row, met));
}

/** The text of the snapshot that a version tells of, proved to be what was written; null where there was none. */
export function pastOf(state: Queries, [seq, asset_id, , , , content]: VersionRow, met: MetTexts = new MetTexts()): string | null {
  if (content === null) return null;
  const known = met.get(seq);
  if (known !== undefined) return known;
  const [row] = state.rows("SELECT snapshot FROM past WHERE seq = ?", seq);
  if (row === undefined) throw stateDamaged(state.path, `the row ${seq} of past is missing`);
  const stored: unknown = row[0];
  let text: string | null;
  if (typeof stored === "string") text = stored;
  else if (leansOnNext(stored)) text = unpack(stored, Buffer.from(nextText(state, asset_id, seq, met)));
  else text = unpackAt(state, stored);
  if (text === null || sumOf([text]) !== content) throw stateDamaged(state.path, `the row ${seq} of past is not what was written`);
  met.add(seq, text);
  return text;
}

/** Proofs of every earlier snapshot, asset by asset and the newest first, so that each costs one step; each throws where it fails. */
export function* pastProofs(state: Queries): Generator<() => void> {
  const met = new MetTexts();
  const select = `SELECT ${COLUMNS.version} FROM version WHERE (asset_id, seq) < (?, ?) ORDER BY asset_id DESC, seq DESC LIMIT 1000`;
  let behind: readonly [id: string, seq: number] = ["\u{10FFFF}", Number.MAX_SAFE_INTEGER];
  for (;;) {
    const page = state.rows(select, ...behind) as readonly VersionRow[];
    for (const row of page) yield () => void pastOf(state, row, met);
    const end = page.at(-1);
    if (end === undefined) return;
    behind = [end[1], end[0]];
  }
}

/** What an asset was after a version of it: its next newer one, or what it is. */
function nextText(state: Queries, id: AssetId, seq: number, met: MetTexts): string {
  const select = `SELECT ${COLUMNS.version} FROM version WHERE asset_id = ? AND seq > ? ORDER BY seq LIMIT 1`;
  const [next] = intact(state, "version", state.rows(select, id, seq));
  // A page whose order is damaged may lead back to where the walk came from.
  if (next !== undefined && next[0] <= seq) throw stateDamaged(state.path, `the rows of version are out of order at ${seq}`);
  const text = next === undefined ? snapshotNow(state, id) : pastOf(state, next, met);
  if (text === null) throw stateDamaged(state.path, `what the row ${seq} of past was packed with is missing`);
  return text;
}

/** The text of an asset's present snapshot; null where it has no checkpoint. */
export function snapshotNow(state: Queries, id: AssetId): string | null {
  const entry = rowAt(state, "entry", id);
  return entry === undefined ? null : recordAt(state, id, entry[8])[5];
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

function versionOf(state: Queries, row: VersionRow, met: MetTexts): AssetVersion {
  const [, asset_id, run_id, generation, sync_version] = row;
  const text = pastOf(state, row, met);
  return { asset_id, run_id, generation, sync_version, snapshot: text === null ? null : (parseStored(text) as unknown as Asset) };
}
