import type { AssetId } from "../../model/asset.ts";
import type { Json } from "../../model/json.ts";
import type { SourceMemory } from "../../ports/source.ts";

/** How stale an asset may be that nothing proves unchanged. */
export interface ReadPolicy {
  /** An asset that was read longer ago is read again. */
  readonly max_age_ms: number;
  /** So many of those a run reads at most, the longest unread first; null for all. */
  readonly budget: number | null;
}

/**
 * Which assets a run need not read although nothing proves them unchanged. Each is told with the token of its last read, so that it is
 * read all the same where that was never applied.
 *
 * This is a bound that the user sets, and the only place where a clock decides what is read: one that was set back makes everything due.
 */
export class ReadSchedule {
  readonly #policy: ReadPolicy;
  readonly #memory: SourceMemory;
  readonly #origin: string;
  readonly #now: number;
  readonly #last: Map<AssetId, LastRead>;
  readonly #due: ReadonlySet<AssetId>;
  #left = 0;

  /** `now` is in milliseconds since 1970. What was read of another tenant counts for nothing. */
  static async open(policy: ReadPolicy, memory: SourceMemory, origin: string, now: number): Promise<ReadSchedule> {
    const kept = (await memory.get(KEY)) as unknown as Kept | undefined;
    return new ReadSchedule(policy, memory, origin, now, new Map(kept?.origin === origin ? kept.reads : []));
  }

  private constructor(policy: ReadPolicy, memory: SourceMemory, origin: string, now: number, last: Map<AssetId, LastRead>) {
    this.#policy = policy;
    this.#memory = memory;
    this.#origin = origin;
    this.#now = now;
    this.#last = last;
    const due = [...last].filter(([, { at }]) => this.#isOld(at)).toSorted(([, a], [, b]) => a.at - b.at);
    this.#due = new Set(due.slice(0, policy.budget ?? due.length).map(([id]) => id));
  }

  /** Assets that were due and are left for a later run, because the budget was spent. */
  get left(): number {
    return this.#left;
  }

  /** The token to tell an asset with, so that it is not read; null where it is to be read. `row` is what the list says of it. */
  tokenOf(id: AssetId, row: string): string | null {
    const last = this.#last.get(id);
    if (last === undefined || last.row !== row || this.#due.has(id)) return null;
    if (this.#isOld(last.at)) this.#left++;
    return last.token;
  }

  /** Notes a read, and that an asset with this token was told with this row. */
  wasRead(id: AssetId, row: string, token: string): void {
    this.#last.set(id, { at: this.#now, row, token });
  }

  save(): void {
    this.#memory.set(KEY, { origin: this.#origin, reads: [...this.#last] } as unknown as Json);
  }

  #isOld(at: number): boolean {
    return at > this.#now || this.#now - at >= this.#policy.max_age_ms;
  }
}

// The number moves with the form of what is kept.
const KEY = "datasphere-1/reads";

interface LastRead {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly row: string;
  readonly token: string;
}

interface Kept {
  readonly origin: string;
  readonly reads: readonly (readonly [AssetId, LastRead])[];
}
