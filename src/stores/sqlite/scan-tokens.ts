import type { AssetId } from "../../model/asset.ts";
import { compareCodePoints } from "../../model/order.ts";
import type { TokenPage } from "../../ports/checkpoint-store.ts";
import type { Bases } from "./bases.ts";
import { readLedger } from "./check-state.ts";

import { pageOf, proveTally } from "./read-rows.ts";
import type { Queries } from "./state-database.ts";
import { stateDamaged } from "../shared/state-error.ts";
import { addTo, emptyTally } from "../shared/tally.ts";

/**
 * Reads of every entry what proves its asset unchanged, and proves that no row was lost, doubled or left over.
 *
 * In a large state the sum of each row is not made anew in each run, which would cost as much as all the rest. Nothing is decided on what
 * that leaves unseen: a value that decayed differs from what the source and the target tell, and whoever meets a difference reads the
 * whole row with its sum. What no comparison looks at (hashes of facets that need none) is looked through a part at a time, another part
 * in each run.
 */
export function* scanTokens(
  state: Queries,
  bases: Bases,
  { basis, mapping }: { readonly basis: string; readonly mapping: string },
): Generator<TokenPage> {
  const before = readLedger(state);
  const met = emptyTally();
  const proves = new Map<number, boolean>();
  const isProof = (id: number): boolean => {
    const known = proves.get(id);
    if (known !== undefined) return known;
    const { raw, mapping: written } = bases.of(state, id);
    const proof = raw === basis && written === mapping;
    proves.set(id, proof);
    return proof;
  };
  let last: AssetId | undefined;
  const isSmall = before.tallies.entry.rows <= SMALL;
  for (let number = before.epoch; ; number++) {
    const rows = (last === undefined ? state.rows(FIRST, PAGE) : state.rows(NEXT, last, PAGE)) as readonly TokenRow[];
    if (isSmall || number % PARTS === 0) pageOf(state, "entry", last, PAGE);
    const ids: AssetId[] = [];
    const tokens: (string | null)[] = [];
    const refs: (string | null)[] = [];
    for (const [id, basisId, token, ref, isLive, sum] of rows) {
      addTo(met, sum);
      ids.push(id);
      tokens.push(isLive === 1 && isProof(basisId) ? token : null);
      refs.push(ref);
    }
    const end = ids.at(-1);
    if (end !== undefined && last !== undefined && compareCodePoints(end, last) <= 0)
      throw stateDamaged(state.path, "the rows of entry are out of order");
    if (ids.length > 0) yield { ids, tokens, refs };
    if (rows.length < PAGE) break;
    last = end;
  }
  proveTally(state, "entry", before, met);
}

type TokenRow = readonly [id: AssetId, basis: number, token: string | null, ref: string | null, isLive: number, sum: string];

const PAGE = 1_000;
/** Rows of a state that is looked through whole each time. */
const SMALL = 65_536;
/** Of a larger one each page is looked through in one run of so many. */
const PARTS = 16;
const COLUMNS = "SELECT asset_id, basis, token, ref, tombstone IS NULL, sum FROM entry";
const FIRST = `${COLUMNS} ORDER BY asset_id LIMIT ?`;
const NEXT = `${COLUMNS} WHERE asset_id > ? ORDER BY asset_id LIMIT ?`;
