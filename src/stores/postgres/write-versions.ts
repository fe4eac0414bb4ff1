import type { AssetId } from "../../model/asset.ts";
import type { AssetVersion, OutcomeRecord } from "../../model/checkpoint.ts";
import { leansOnNext, LONGEST_WALK, unpack } from "../shared/pack-text.ts";
import { sealed } from "../shared/row-sum.ts";
import { readHead } from "./head.ts";
import { syncVersionOf } from "./checkpoint-rows.ts";
import { stateDamaged } from "./server-error.ts";
import { type OpenRecord, recordsNow, storing } from "./snapshots.ts";
import { chunks, intact, putRows } from "./state-rows.ts";
import { type RowIn, TABLES } from "./tables.ts";
import { number, type Write } from "./write.ts";

/**
 * Keeps what each asset was before each outcome that tells of a run and says another.
 *
 * Its snapshot is packed against the one that supersedes it: most of an asset stays, so that hardly more than the edit is stored. What
 * is older leans on what is newer, so that versions can go from the oldest on without a word to those that stay. Where no version is kept
 * of what an asset was, the newest that there is stands by itself from then on.
 */
export async function keepVersions(write: Write, outcomes: readonly OutcomeRecord[]): Promise<void> {
  // Where there are no versions, none leans on what an asset is.
  const isTelling = (outcome: OutcomeRecord): boolean => outcome.history !== undefined || write.next.tallies.version.rows > 0;
  const ids = new Set(outcomes.flatMap((one) => (one.checkpoint !== undefined && isTelling(one) ? [one.asset_id] : [])));
  if (ids.size === 0) return;
  const generation = (await readHead(write)).generation + 1;
  const records = await recordsNow(write, [...ids]);
  const pasts = await Pasts.of(write, records);
  const now = new Map<AssetId, Pick<AssetVersion, "sync_version"> & { readonly text: string | null }>(
    [...records].map(([id, { row, text }]) => [id, { sync_version: syncVersionOf(row), text }]),
  );
  for (const { asset_id, checkpoint, history } of outcomes) {
    if (checkpoint === undefined || !ids.has(asset_id)) continue;
    const { sync_version, text } = now.get(asset_id) ?? { sync_version: null, text: null };
    const next =
      checkpoint === null
        ? { sync_version: null, text: null }
        : { sync_version: checkpoint.sync_version, text: JSON.stringify(checkpoint.snapshot) };
    if (text !== next.text) {
      if (history === undefined) pasts.lean(asset_id, null);
      else pasts.add({ asset_id, run_id: history.run_id, generation, sync_version }, text, next.text);
    }
    now.set(asset_id, next);
  }
  await pasts.write(write);
}

/** Adds versions as they are, behind those that are there; the checkpoints of their assets are there already. */
export async function addVersions(write: Write, versions: readonly AssetVersion[]): Promise<void> {
  const records = await recordsNow(write, [...new Set(versions.map(({ asset_id }) => asset_id))]);
  const pasts = await Pasts.of(write, records);
  for (const { snapshot, ...version } of versions) {
    const text = snapshot === null ? null : JSON.stringify(snapshot);
    pasts.lean(version.asset_id, text);
    pasts.add(version, text, records.get(version.asset_id)?.text ?? null);
  }
  await pasts.write(write);
}

type VersionFacts = Omit<AssetVersion, "snapshot">;

/** A version that is there already or that is to be added. */
interface Kept extends VersionFacts {
  /** Null until it is added. */
  readonly seq: number | null;
  readonly text: () => string | null;
  /** The text that it leans on; null where it stands by itself. */
  next: string | null;
}

/** An asset's newest version, and how many in a row up to it lean each on its next. */
interface Past {
  readonly newest: Kept;
  leaning: number;
}

/** The newest versions of some assets, as a write finds them and changes them. */
class Pasts {
  readonly #pasts: Map<AssetId, Past>;
  readonly #added: Kept[] = [];
  readonly #changed = new Set<Kept>();

  private constructor(pasts: Map<AssetId, Past>) {
    this.#pasts = pasts;
  }

  /** Those of assets that have a checkpoint: of another, none leans on anything. */
  static async of(write: Write, records: ReadonlyMap<AssetId, OpenRecord>): Promise<Pasts> {
    const pasts = new Map<AssetId, Past>();
    if (write.next.tallies.version.rows === 0) return new Pasts(pasts);
    for (const some of chunks([...records.keys()])) {
      for (const found of await write.queries.rows(newestVersions(write.schema), write.id, some)) {
        const [row] = intact(write, "version", [found.slice(0, -1)]) as readonly [RowIn["version"]];
        const [seq, asset_id, run_id, generation, sync_version, stored] = row;
        const leaning = /^-*/.exec(String(found.at(-1)))?.[0].length ?? 0;
        if (!leansOnNext(stored)) continue;
        const next = (records.get(asset_id) as OpenRecord).text;
        const text = (): string => {
          const unpacked = unpack(stored, Buffer.from(next));
          if (unpacked === null) throw stateDamaged(write.shown, `the snapshot in the row ${seq} of version cannot be unpacked`);
          return unpacked;
        };
        pasts.set(asset_id, { newest: { seq, asset_id, run_id, generation, sync_version, text, next }, leaning });
      }
    }
    return new Pasts(pasts);
  }

  /** Adds what an asset was, with what superseded it. */
  add(version: VersionFacts, text: string | null, next: string | null): void {
    const before = this.#pasts.get(version.asset_id)?.leaning ?? 0;
    const leans = text !== null && next !== null && before < LONGEST_WALK;
    const newest: Kept = { ...version, seq: null, text: () => text, next: leans ? next : null };
    this.#added.push(newest);
    this.#pasts.set(version.asset_id, { newest, leaning: leans ? before + 1 : 0 });
  }

  /** Lets an asset's newest version, where it leans on what the asset is, lean on another text; null: stand by itself. */
  lean(asset_id: AssetId, next: string | null): void {
    const past = this.#pasts.get(asset_id);
    if (past === undefined || past.newest.next === null || past.newest.next === next) return;
    if (past.newest.seq !== null) this.#changed.add(past.newest);
    past.newest.next = next;
    if (next === null) past.leaning = 0;
  }

  async write(write: Write): Promise<void> {
    const store = await storing(write);
    const body = ({ asset_id, run_id, generation, sync_version, text, next }: Kept) => {
      const said = text();
      return [asset_id, run_id, generation, sync_version, said === null ? null : store(said, next)] as const;
    };
    const changed = [...this.#changed].map((kept) => sealed([kept.seq, ...body(kept)]) as RowIn["version"]);
    await putRows(write, "version", changed);
    await number(write, "version", this.#added.map(body));
  }
}

/** The newest version of each of these assets, and of its last ones, the newest first, a `-` for each that leans on its next. */
function newestVersions(schema: string): string {
  const { columns } = TABLES.version;
  return `SELECT newest.*, last.leaning FROM unnest($2::text[]) AS wanted (id)
    CROSS JOIN LATERAL (SELECT ${columns.join()} FROM ${schema}.version WHERE state = $1 AND asset_id = id ORDER BY seq DESC LIMIT 1) AS newest
    CROSS JOIN LATERAL (SELECT string_agg(CASE WHEN substr(packed, 1, 4) = '\\xffffffff' THEN '-' ELSE '|' END, '' ORDER BY seq DESC) AS leaning FROM
      (SELECT packed, seq FROM ${schema}.version WHERE state = $1 AND asset_id = id ORDER BY seq DESC LIMIT ${LONGEST_WALK}) AS newer) AS last`;
}
