import type { Json } from "../../model/json.ts";
import { type Present, UNKNOWN_REVISION } from "./observed-table.ts";

/** What stands in the target after a write of ours. */
export interface Written {
  readonly revision: string;
  readonly document: Json;
}

/**
 * What is known of an endpoint's revisions.
 *
 * It tells the revision that a write made, which the API does not: a created table has `"0"`, an update adds 1. The first creation and
 * the first update of a process are read back to confirm that; where it does not hold, every write is read back from then on.
 *
 * AWS compares revisions. An endpoint that is not AWS's is believed to once it is seen to count from 0 as documented; emulators that
 * ignore the comparison count from 1. Until then a table is read right before it is written, or a person's edit would be lost there.
 */
export class Revisions {
  readonly #confirmed: { create: Promise<boolean | null> | null; update: Promise<boolean | null> | null } = { create: null, update: null };
  #compares: boolean;

  constructor(isAws: boolean) {
    this.#compares = isAws;
  }

  /** True where a write may go by this revision without a read: it takes no effect if somebody wrote since. */
  compares(revision: string): boolean {
    if (revision === FIRST_REVISION) this.#compares = true;
    return this.#compares && revision !== UNKNOWN_REVISION;
  }

  /** True for the revision that any table bears that was made anew under a name: it does not tell whose table it is. */
  isFirst(revision: string): boolean {
    return revision === FIRST_REVISION;
  }

  /** After a create. `read` answers with the table as it stands, null where it cannot or where it is no longer ours. */
  afterCreate(document: Json, read: () => Promise<Present | null>): Promise<Written> {
    return this.#after("create", FIRST_REVISION, document, read);
  }

  /** After an update of the table with that revision. */
  afterUpdate(revision: string, document: Json, read: () => Promise<Present | null>): Promise<Written> {
    return this.#after("update", /^\d+$/.test(revision) ? String(BigInt(revision) + 1n) : UNKNOWN_REVISION, document, read);
  }

  async #after(kind: "create" | "update", predicted: string, document: Json, read: () => Promise<Present | null>): Promise<Written> {
    const written = (seen: Present | null): Written =>
      seen === null ? { revision: predicted, document } : { revision: seen.revision, document: seen.document };
    const confirmed = this.#confirmed[kind];
    if (confirmed === null) {
      const seen = read();
      const verdict = seen.then((table) => (table === null ? null : table.revision === predicted));
      this.#confirmed[kind] = verdict;
      // A read that told nothing leaves it to the next write.
      if ((await verdict) === null) this.#confirmed[kind] = null;
      return written(await seen);
    }
    return (await confirmed) === false ? written(await read()) : { revision: predicted, document };
  }
}

const FIRST_REVISION = "0";
