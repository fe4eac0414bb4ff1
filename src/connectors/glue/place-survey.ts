import type { Observed } from "../../ports/target.ts";
import type { GlueParts } from "./glue-parts.ts";
import { placeAt } from "./naming.ts";
import { UNKNOWN_REVISION } from "./observed-table.ts";
import type { TableReader } from "./observe-tables.ts";
import { namePage } from "./table-pages.ts";

/**
 * Finds what stands where tables are to be created. Nearly always nothing does, so the names of a database are listed and remembered,
 * as long as that takes few requests for the places asked for so far; a database too large for that is asked table by table.
 *
 * What it remembers may be outdated by the time of a write, which finds out by itself.
 */
export class PlaceSurvey {
  readonly #parts: GlueParts;
  readonly #reader: TableReader;
  readonly #databases = new Map<string, Surveyed>();

  constructor(parts: GlueParts, reader: TableReader) {
    this.#parts = parts;
    this.#reader = reader;
  }

  /** Of these places, those where something stands. */
  async taken(refs: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, Observed>> {
    const found = new Map<string, Observed>();
    for (const [database, wanted] of Map.groupBy(refs, (ref) => placeAt(ref).database))
      for (const one of await this.#takenIn(database, wanted, signal)) if (one.state !== "absent") found.set(one.ref, one);
    return found;
  }

  async #takenIn(database: string, wanted: readonly string[], signal: AbortSignal): Promise<readonly Observed[]> {
    const obstacle = await this.#parts.databases.look(database, signal);
    if (obstacle === "absent") return [];
    if (obstacle?.kind === "foreign") return wanted.map((ref) => inTheWay(ref, `${obstacle.what} in place of the database ${database}`));
    // What may not be looked at is left to the write.
    if (obstacle !== null) return [];
    const names = await this.#namesIn(database, wanted.length, signal);
    return await this.#reader.observeEach(names === null ? wanted : wanted.filter((ref) => names.has(placeAt(ref).table)), signal);
  }

  /** The names of a database's tables; null where listing them would take too many requests. */
  async #namesIn(database: string, wanted: number, signal: AbortSignal): Promise<ReadonlySet<string> | null> {
    const known = this.#databases.get(database) ?? { names: null, asked: 0, tried: 0 };
    const asked = known.asked + wanted;
    const most = Math.min(Math.max(1, Math.floor(asked / PLACES_A_PAGE)), MOST_PAGES);
    // Tried again only once twice as many pages are worth it, so that all attempts together cost little more than the last.
    const isWorthIt = known.names === null && most >= 2 * known.tried;
    const names = isWorthIt ? await this.#listNames(database, most, signal) : known.names;
    this.#databases.set(database, { names, asked, tried: isWorthIt ? most : known.tried });
    return names;
  }

  async #listNames(database: string, most: number, signal: AbortSignal): Promise<ReadonlySet<string> | null> {
    const names = new Set<string>();
    let token: string | undefined;
    for (let pages = 0; pages < most; pages++) {
      const page = await namePage(this.#parts, database, token, signal);
      // What may not be listed may still be asked for one by one.
      if (!page.ok) return page.kind === "absent" ? names : null;
      for (const name of page.value.items) names.add(name);
      token = page.value.next;
      if (token === undefined) return names;
    }
    return null;
  }
}

interface Surveyed {
  readonly names: ReadonlySet<string> | null;
  /** Places asked for so far. */
  readonly asked: number;
  /** Pages that the last attempt to list was allowed. */
  readonly tried: number;
}

const PLACES_A_PAGE = 4;
/** A hundred thousand names. */
const MOST_PAGES = 1_000;

function inTheWay(ref: string, untouchable: string): Observed {
  const document = { Name: placeAt(ref).table };
  return { state: "present", ref, revision: UNKNOWN_REVISION, document, mark: null, fingerprint: "", untouchable };
}
