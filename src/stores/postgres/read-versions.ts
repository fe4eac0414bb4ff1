import type { AssetId } from "../../model/asset.ts";
import type { AssetVersion } from "../../model/checkpoint.ts";
import type { VersionOptions } from "../../ports/checkpoint-store.ts";
import { MetTexts } from "../shared/met-texts.ts";
import { leansOnNext, LONGEST_WALK, unpack } from "../shared/pack-text.ts";
import { addTo, emptyTally } from "../shared/tally.ts";
import { assetIn } from "./checkpoint-rows.ts";
import { proveTally } from "./scan-rows.ts";
import { stateDamaged } from "./server-error.ts";
import { type PackedRows, recordsNow } from "./snapshots.ts";
import { intact } from "./state-rows.ts";
import { type RowIn, selected, TABLES } from "./tables.ts";

type VersionRow = RowIn["version"];

/** What assets were before runs changed them, in pages, in the order of their age or against it; all of them also proves that none is missing. */
export async function* readVersions(rows: PackedRows, options: VersionOptions): AsyncGenerator<readonly AssetVersion[]> {
  const { oldest_first = false, ...wanted } = options;
  const named = Object.entries(wanted).filter((entry): entry is [string, string] => entry[1] !== undefined);
  // Text that UTF-8 cannot hold was never stored.
  if (named.some(([, value]) => !value.isWellFormed())) return;
  const [beyond, order] = oldest_first ? [">", "ASC"] : ["<", "DESC"];
  const conditions = named.map(([column], at) => ` AND ${column} = $${at + 3}`).join("");
  const columns = selected(TABLES.version, rows.format).join();
  const sql = `SELECT ${columns} FROM ${rows.schema}.version WHERE state = $1 AND seq ${beyond} $2${conditions} ORDER BY seq ${order} LIMIT ${PAGE}`;
  const [before, met, texts] = [await rows.ledger(), emptyTally(), new MetTexts()];
  let last = oldest_first ? 0 : Number.MAX_SAFE_INTEGER;
  for (;;) {
    // As they stand at one moment: what they lean on may be written under the same lease.
    const [page, versions] = await rows.queries.together(async (queries) => {
      const own = { ...rows, queries };
      const found = intact(own, "version", await queries.rows(sql, rows.id, last, ...named.map(([, value]) => value)));
      return [found, await versionsOf(own, found, texts)];
    });
    for (const row of page) addTo(met, row.at(-1) as string);
    if (versions.length > 0) yield versions;
    if (page.length < PAGE) break;
    last = (page.at(-1) as VersionRow)[0];
  }
  if (named.length === 0) await proveTally(rows, "version", before, met);
}

/** Snapshots are wide: a page of them is about as many bytes as a page of entries. */
const PAGE = 100;

async function versionsOf(rows: PackedRows, page: readonly VersionRow[], met: MetTexts): Promise<readonly AssetVersion[]> {
  const texts = await pastTexts(rows, page, met);
  return page.map(([, asset_id, run_id, generation, sync_version], at) => {
    const text = texts[at] ?? null;
    return { asset_id, run_id, generation, sync_version, snapshot: text === null ? null : assetIn(text) };
  });
}

/**
 * The texts of the snapshots that these versions tell of, in their order; null where there was none. One question for all that they lean
 * on, and two for what the assets are now where it comes to that.
 */
export async function pastTexts(rows: PackedRows, page: readonly VersionRow[], met: MetTexts): Promise<readonly (string | null)[]> {
  const texts = new Map(page.map(([seq, , , , , stored]) => [seq, stored === null ? null : met.get(seq)]));
  const chains = await chainsOf(
    rows,
    page.filter(([seq, , , , , stored]) => leansOnNext(stored) && texts.get(seq) === undefined),
  );
  const all = [...page, ...[...chains.values()].flat()];
  const textOf = await rows.dictionaries.texts(
    rows,
    all.map(([, , , , , stored]) => stored),
  );
  const now = await recordsNow(
    rows,
    [...chains].flatMap(([id, chain]) => (leansOnNext(chain.at(-1)?.[5]) ? [id] : [])),
  );
  const keep = (seq: number, text: string | null): string => {
    if (text === null) throw stateDamaged(rows.shown, `the snapshot in the row ${seq} of version cannot be unpacked`);
    texts.set(seq, text);
    met.add(seq, text);
    return text;
  };
  const standing = ([seq, , , , , stored]: VersionRow): string | null =>
    texts.get(seq) ?? met.get(seq) ?? (stored === null ? null : keep(seq, textOf(stored)));
  const walked = (seq: number, id: AssetId): string | null => {
    const chain = chains.get(id) as readonly VersionRow[];
    const from = chain.findIndex(([one]) => one === seq);
    let end = from + 1;
    while (end < chain.length && isLeaning(chain[end] as VersionRow)) end += 1;
    let text = end === chain.length ? (now.get(id)?.text ?? null) : standing(chain[end] as VersionRow);
    for (const [one, , , , , packed] of chain.slice(from, end).reverse()) {
      if (text === null) throw stateDamaged(rows.shown, `what the row ${one} of version was packed with is missing`);
      text = keep(one, unpack(packed as Uint8Array, Buffer.from(text)));
    }
    return text;
  };
  const isLeaning = ([seq, , , , , stored]: VersionRow): boolean =>
    leansOnNext(stored) && texts.get(seq) === undefined && met.get(seq) === undefined;
  return page.map((row) => {
    const [seq, id, , , , stored] = row;
    return texts.get(seq) ?? (leansOnNext(stored) ? walked(seq, id) : standing(row));
  });
}

/** An asset's versions from the oldest that is wanted on, in order, as far as one that is wanted leans on them. */
interface Chain {
  readonly rows: VersionRow[];
  /** The number of the newest that is wanted. */
  newest: number;
  isWhole: boolean;
}

/** The chains of the assets of these versions: one question, unless much that is not wanted stands between what is. */
async function chainsOf(rows: PackedRows, leaning: readonly VersionRow[]): Promise<ReadonlyMap<AssetId, readonly VersionRow[]>> {
  const chains = new Map<AssetId, Chain>();
  for (const row of leaning.toSorted(([a], [b]) => a - b)) {
    const chain = chains.get(row[1]);
    if (chain === undefined) chains.set(row[1], { rows: [row], newest: row[0], isWhole: false });
    else chain.newest = row[0];
  }
  for (let open = [...chains]; open.length > 0; open = open.filter(([, { isWhole }]) => !isWhole)) {
    const found = await newerRows(
      rows,
      open.map(([id, chain]) => [id, (chain.rows.at(-1) as VersionRow)[0]]),
    );
    for (const [id, chain] of open) {
      const newer = found.get(id) ?? [];
      chain.rows.push(...newer);
      chain.isWhole = newer.length < ASKED || chain.rows.some(([seq, , , , , stored]) => seq >= chain.newest && !leansOnNext(stored));
    }
  }
  return new Map([...chains].map(([id, chain]) => [id, chain.rows]));
}

/** Versions of an asset that are asked for at once: a walk, and some that are wanted. */
const ASKED = 2 * LONGEST_WALK + 2;

async function newerRows(
  rows: PackedRows,
  behind: readonly (readonly [AssetId, number])[],
): Promise<ReadonlyMap<AssetId, readonly VersionRow[]>> {
  const columns = selected(TABLES.version, rows.format).join();
  const sql = `SELECT newer.* FROM unnest($2::text[], $3::bigint[]) AS wanted (id, last) CROSS JOIN LATERAL
    (SELECT ${columns} FROM ${rows.schema}.version WHERE state = $1 AND asset_id = id AND seq > last ORDER BY seq LIMIT ${ASKED}) AS newer`;
  const found = await rows.queries.rows(
    sql,
    rows.id,
    behind.map(([id]) => id),
    behind.map(([, last]) => last),
  );
  const last = new Map(behind);
  const newer = new Map<AssetId, VersionRow[]>();
  for (const row of intact(rows, "version", found)) {
    const [seq, id] = row;
    // An index whose order is damaged may lead back to where the walk came from.
    if (seq <= (last.get(id) ?? Infinity)) throw stateDamaged(rows.shown, `the rows of version are out of order at ${seq}`);
    last.set(id, seq);
    newer.set(id, [...(newer.get(id) ?? []), row]);
  }
  return newer;
}
