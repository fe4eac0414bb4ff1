import { DatabaseSync, type StatementSync } from "node:sqlite";
import type { AssetId } from "../../model/asset.ts";
import { parseStored } from "../../model/stored-json.ts";
import { requireWellFormed } from "../../model/well-formed.ts";
import type { SpooledListing } from "../../ports/spool.ts";

/** A listing in a temporary database: any order in, code-point order out, memory bounded by the cache. Nothing of it needs to last. */
export class ListingTable {
  readonly #database: DatabaseSync;
  readonly #insert: StatementSync;

  constructor(path: string) {
    this.#database = new DatabaseSync(path, { returnArrays: true });
    this.#database.exec(
      `PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE; PRAGMA cache_size = -${CACHE_KIB}`,
    );
    this.#database.exec(
      "CREATE TABLE listing (id TEXT PRIMARY KEY, scope TEXT NOT NULL, token TEXT, locator TEXT NOT NULL, ref TEXT NOT NULL) STRICT, WITHOUT ROWID",
    );
    this.#insert = this.#database.prepare("INSERT INTO listing VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING");
  }

  /** Adds what is new and answers with the ids that were there already. */
  add(items: readonly SpooledListing[]): readonly AssetId[] {
    const known: AssetId[] = [];
    for (const { id } of items) requireWellFormed(id);
    this.#database.exec("BEGIN");
    for (const { id, scope, token, locator, ref } of items) {
      if (this.#insert.run(id, scope, token, JSON.stringify(locator), ref).changes === 0) known.push(id);
    }
    this.#database.exec("COMMIT");
    return known;
  }

  async *inOrder(): AsyncIterable<readonly SpooledListing[]> {
    const columns = "SELECT id, scope, token, locator, ref FROM listing";
    const first = this.#database.prepare(`${columns} ORDER BY id LIMIT ${PAGE}`);
    const next = this.#database.prepare(`${columns} WHERE id > ? ORDER BY id LIMIT ${PAGE}`);
    let rows = first.all() as unknown as ListingRow[];
    while (rows.length > 0) {
      yield rows.map(([id, scope, token, locator, ref]) => ({ id, scope, token, locator: parseStored(locator), ref }));
      rows = next.all((rows.at(-1) as ListingRow)[0]) as unknown as ListingRow[];
    }
  }

  async *collisions(): AsyncIterable<{ readonly ref: string; readonly ids: readonly AssetId[] }> {
    // Made here, once the listing stands: an index that grows with it would cost every insert.
    this.#database.exec("CREATE INDEX IF NOT EXISTS listing_by_ref ON listing (ref, id)");
    const taken = this.#database.prepare(
      `SELECT ref FROM listing WHERE ref > ? GROUP BY ref HAVING count(*) > 1 ORDER BY ref LIMIT ${PAGE}`,
    );
    const idsOf = this.#database.prepare("SELECT id FROM listing WHERE ref = ? ORDER BY id");
    let refs = taken.all("") as unknown as [string][];
    while (refs.length > 0) {
      for (const [ref] of refs) yield { ref, ids: (idsOf.all(ref) as unknown as [AssetId][]).map(([id]) => id) };
      refs = taken.all((refs.at(-1) as [string])[0]) as unknown as [string][];
    }
  }

  close(): void {
    if (this.#database.isOpen) this.#database.close();
  }
}

type ListingRow = [id: AssetId, scope: string, token: string | null, locator: string, ref: string];

const PAGE = 1_000;
const CACHE_KIB = 16_384;
