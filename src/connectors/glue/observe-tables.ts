import PQueue from "p-queue";
import type { Observed } from "../../ports/target.ts";
import { type GlueParts, problemOf, readPlace } from "./glue-parts.ts";
import { placeAt } from "./naming.ts";
import type { Present } from "./observed-table.ts";
import { allPages, databasePage, tablePage } from "./table-pages.ts";

/** Reads places with few requests, and remembers which databases have more than one page. */
export class TableReader {
  readonly #parts: GlueParts;
  readonly #large = new Set<string>();

  constructor(parts: GlueParts) {
    this.#parts = parts;
  }

  /**
   * Reads each place once: a database whole where one page holds it, which also tells that there is no such database; a larger one
   * table by table.
   */
  async observe(refs: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, Observed>> {
    const found = new Map<string, Observed>();
    for (const [database, wanted] of Map.groupBy(refs, (ref) => placeAt(ref).database)) {
      const seen = wanted.length === 1 || this.#large.has(database) ? null : await this.#wholeDatabase(database, wanted, signal);
      for (const one of seen ?? (await this.#eachTable(wanted, signal))) found.set(one.ref, one);
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

  /** Null where the database has more than one page. */
  async #wholeDatabase(database: string, wanted: readonly string[], signal: AbortSignal): Promise<readonly Observed[] | null> {
    const page = await tablePage(this.#parts, database, undefined, signal);
    if (!page.ok && page.kind === "absent") return wanted.map((ref) => ({ state: "absent", ref }));
    if (!page.ok)
      return wanted.map((ref) => ({ state: "unknown", ref, problem: problemOf(page, `Listing the tables of ${database} in AWS Glue`) }));
    if (page.value.next !== undefined) {
      this.#large.add(database);
      return null;
    }
    const present = new Map(page.value.items.map((table) => [table.ref, table]));
    return wanted.map((ref) => present.get(ref) ?? { state: "absent", ref });
  }

  #eachTable(wanted: readonly string[], signal: AbortSignal): Promise<readonly Observed[]> {
    const queue = new PQueue({ concurrency: PARALLEL_READS });
    return queue.addAll(wanted.map((ref) => () => readPlace(this.#parts, ref, signal)));
  }
}

const PARALLEL_READS = 8;
