import PQueue from "p-queue";
import type { Observed } from "../../ports/target.ts";
import type { Failure } from "./errors.ts";
import { type GlueParts, problemOf, readPlace } from "./glue-parts.ts";
import { placeAt } from "./naming.ts";
import type { Present } from "./observed-table.ts";
import { allPages, databasePage, tablePage } from "./table-pages.ts";

/** Reads places with few requests, and remembers how many pages a database has. */
export class TableReader {
  readonly #parts: GlueParts;
  /** At least so many. */
  readonly #pages = new Map<string, number>();

  constructor(parts: GlueParts) {
    this.#parts = parts;
  }

  /**
   * Reads each place once: by pages of its database where that takes few requests for many places, else by itself. That nothing stands
   * at a place is believed of a database that one page holds whole, or that is not there; of a larger one the place itself is asked.
   */
  async observe(refs: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, Observed>> {
    const found = new Map<string, Observed>();
    for (const [database, wanted] of Map.groupBy(refs, (ref) => placeAt(ref).database)) {
      const listed = wanted.length === 1 ? [] : await this.#listed(database, new Set(wanted), signal);
      for (const one of listed) found.set(one.ref, one);
      const rest = wanted.filter((ref) => !found.has(ref));
      for (const one of await this.observeEach(rest, signal)) found.set(one.ref, one);
    }
    return found;
  }

  /** Every table with the mark of a pipeline, in the databases whose names bear the prefix. */
  async *scan(pipeline: string, prefix: string, signal: AbortSignal): AsyncIterable<readonly Present[]> {
    const parts = this.#parts;
    for await (const databases of allPages(parts, "the databases", (token) => databasePage(parts, token, signal))) {
      for (const database of databases.filter((name) => name.startsWith(prefix))) {
        for await (const tables of allPages(parts, `the tables of ${database}`, (token) => tablePage(parts, database, token, signal))) {
          const marked = tables.filter((table) => table.mark?.pipeline === pipeline);
          if (marked.length > 0) yield marked;
        }
      }
    }
  }

  /** What the pages of a database tell of places there: at most one page for every {@link PLACES_A_PAGE}. */
  async #listed(database: string, wanted: ReadonlySet<string>, signal: AbortSignal): Promise<readonly Observed[]> {
    const most = Math.max(1, Math.floor(wanted.size / PLACES_A_PAGE));
    if ((this.#pages.get(database) ?? 1) > most) return [];
    const found: Observed[] = [];
    let token: string | undefined;
    for (let pages = 1; pages <= most; pages++) {
      const page = await tablePage(this.#parts, database, token, signal);
      if (!page.ok) return pages === 1 ? [...wanted].map((ref) => unlisted(ref, database, page)) : found;
      const { items, next } = page.value;
      found.push(...items.filter(({ ref }) => wanted.has(ref)));
      this.#pages.set(database, next === undefined ? pages : pages + 1);
      if (next === undefined && pages === 1) {
        const present = new Set(found.map(({ ref }) => ref));
        return [...found, ...[...wanted].filter((ref) => !present.has(ref)).map((ref): Observed => ({ state: "absent", ref }))];
      }
      if (next === undefined) return found;
      token = next;
    }
    return found;
  }

  /** Reads each place by itself. */
  observeEach(refs: readonly string[], signal: AbortSignal): Promise<readonly Observed[]> {
    const queue = new PQueue({ concurrency: PARALLEL_READS });
    return queue.addAll(refs.map((ref) => () => readPlace(this.#parts, ref, signal)));
  }
}

const PARALLEL_READS = 8;
const PLACES_A_PAGE = 4;

function unlisted(ref: string, database: string, failure: Failure): Observed {
  if (failure.kind === "absent") return { state: "absent", ref };
  return { state: "unknown", ref, problem: problemOf(failure, `Listing the tables of ${database} in AWS Glue`) };
}
