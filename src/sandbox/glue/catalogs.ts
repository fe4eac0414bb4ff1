import type { Database, Table } from "./documents.ts";
import { notFound } from "./glue-error.ts";
import { Rows } from "./rows.ts";

/** The account whose catalog a call means when it names no `CatalogId`: the one that AWS's own examples use. */
export const ACCOUNT = "123456789012";

/** A table with its past. Documents are never changed in place, so that a listing or a snapshot may keep them. */
export interface StoredTable {
  current: Table;
  /** Oldest first, without the current one. */
  readonly archived: Table[];
}

export interface StoredDatabase {
  database: Database;
  readonly tags: Map<string, string>;
  readonly tables: Rows<StoredTable>;
}

/** Everything that the sandbox remembers: per catalog id the databases, in them the tables. */
export class Catalogs {
  readonly #catalogs = new Map<string, Rows<StoredDatabase>>();

  databases(catalogId: string = ACCOUNT): Rows<StoredDatabase> {
    const known = this.#catalogs.get(catalogId);
    if (known !== undefined) return known;
    const created = new Rows<StoredDatabase>();
    this.#catalogs.set(catalogId, created);
    return created;
  }

  /** The database of that name in any case, or the error that says that there is none. */
  database(catalogId: string | undefined, name: string): StoredDatabase {
    const database = this.databases(catalogId).get(fold(name));
    if (database === undefined) throw notFound(`Database ${name}`);
    return database;
  }

  /** The table of that name in any case, or the error that says what is missing. */
  table(catalogId: string | undefined, databaseName: string, name: string): StoredTable {
    const table = this.database(catalogId, databaseName).tables.get(fold(name));
    if (table === undefined) throw notFound(`Table ${name}`);
    return table;
  }

  *all(): Iterable<StoredDatabase> {
    for (const databases of this.#catalogs.values()) yield* databases.values();
  }

  clear(): void {
    this.#catalogs.clear();
  }
}

/** A name as the service stores it. */
export function fold(name: string): string {
  return name.toLowerCase();
}
