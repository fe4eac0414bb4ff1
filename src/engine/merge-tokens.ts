import type { AssetId } from "../model/asset.ts";
import { compareCodePoints } from "../model/order.ts";
import type { CheckpointReader, TokenPage } from "../ports/checkpoint-store.ts";
import type { ListedPage, SpooledListing } from "../ports/spool.ts";

/** What an entry tells of its asset's table. */
export interface Recorded {
  readonly asset_id: AssetId;
  readonly ref: string | null;
}

/** One id: as listed, as recorded, or both; `isSame` where its token and its place prove it unchanged. */
export type Met =
  | { readonly listed: SpooledListing; readonly recorded: Recorded | null; readonly isSame: boolean }
  | { readonly listed: null; readonly recorded: Recorded; readonly isSame: false };

/** A stretch of the merge: how many ids are as they were, and every other one, in order. */
export interface Stretch {
  readonly same: number;
  readonly met: readonly Met[];
}

/**
 * Joins the listing with what is recorded, both in code-point order of their ids; holds one page of each. What is the same is only
 * counted, and costs no object, unless `tellAll`.
 */
export async function* mergeTokens(
  listed: AsyncIterable<ListedPage>,
  recorded: AsyncIterable<TokenPage>,
  { tellAll }: { readonly tellAll: boolean },
): AsyncIterable<Stretch> {
  const left = new Cursor(listed);
  const right = new Cursor(recorded);
  await left.fill();
  await right.fill();
  while (left.page !== null || right.page !== null) {
    yield stretch(left, right, tellAll);
    await left.fill();
    await right.fill();
  }
}

/** Goes on to where either side has to fetch. */
function stretch(left: Cursor<ListedPage>, right: Cursor<TokenPage>, tellAll: boolean): Stretch {
  const met: Met[] = [];
  const [a, b] = [left.page, right.page];
  let [i, j] = [left.at, right.at];
  let same = 0;
  // Where a side has ended the other goes on to the end of its page.
  const [listedEnd, recordedEnd] = [a?.ids.length ?? Number.POSITIVE_INFINITY, b?.ids.length ?? Number.POSITIVE_INFINITY];
  while (i < listedEnd && j < recordedEnd) {
    const order = a === null ? 1 : b === null ? -1 : compareIds(a.ids[i] as AssetId, b.ids[j] as AssetId);
    if (a !== null && b !== null && order === 0) {
      const token = b.tokens[j];
      const isSame = token !== null && token === a.tokens[i] && a.refs[i] === b.refs[j];
      if (isSame) same++;
      if (!isSame || tellAll) met.push({ listed: a.at(i), recorded: recordedAt(b, j), isSame });
      i++;
      j++;
    } else if (a !== null && order < 0) {
      met.push({ listed: a.at(i++), recorded: null, isSame: false });
    } else if (b !== null) {
      met.push({ listed: null, recorded: recordedAt(b, j++), isSame: false });
    }
  }
  left.at = i;
  right.at = j;
  return { same, met };
}

// Most ids are equal, which is told by comparing them whole.
function compareIds(a: AssetId, b: AssetId): number {
  return a === b ? 0 : compareCodePoints(a, b);
}

function recordedAt(page: TokenPage, at: number): Recorded {
  return { asset_id: page.ids[at] as AssetId, ref: page.refs[at] as string | null };
}

class Cursor<Page extends { readonly ids: readonly AssetId[] }> {
  /** Null at the end. */
  page: Page | null = null;
  at = 0;
  readonly #pages: AsyncIterator<Page>;
  #ended = false;

  constructor(pages: AsyncIterable<Page>) {
    this.#pages = pages[Symbol.asyncIterator]();
  }

  /** Fetches the next page if this one is used up. */
  async fill(): Promise<void> {
    while (!this.#ended && (this.page === null || this.at >= this.page.ids.length)) {
      const next = await this.#pages.next();
      this.#ended = next.done === true;
      this.page = next.done === true ? null : next.value;
      this.at = 0;
    }
  }
}

/** The tokens that a reader tells, by way of its entries where it has no shorter one. */
export function tokensOf(reader: CheckpointReader, known: { readonly basis: string; readonly mapping: string }): AsyncIterable<TokenPage> {
  return reader.tokens?.(known) ?? tokensFromEntries(reader, known);
}

async function* tokensFromEntries(
  reader: CheckpointReader,
  { basis, mapping }: { readonly basis: string; readonly mapping: string },
): AsyncIterable<TokenPage> {
  for await (const page of reader.entries()) {
    yield {
      ids: page.map((entry) => entry.asset_id),
      tokens: page.map(({ raw, mapping: written, tombstone }) =>
        raw?.basis === basis && written === mapping && tombstone === null ? raw.token : null,
      ),
      refs: page.map((entry) => entry.ref),
    };
  }
}
