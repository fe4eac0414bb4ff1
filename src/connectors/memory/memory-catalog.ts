import type { Asset } from "../../model/asset.ts";
import type { ObservedMark } from "../../ports/target.ts";

/** What stands at a place: an asset of ours with the mark, and what people typed around it. A table of somebody else's has neither. */
export interface MemoryTable {
  readonly asset: Asset | null;
  readonly mark: ObservedMark | null;
  /** The texts that people see and may type over. */
  readonly description: string | null;
  readonly comments: { readonly [column: string]: string };
  /** What others keep here. */
  readonly parameters: { readonly [name: string]: string };
}

/** A catalog of tables in memory that compares and sets: what several targets, as several processes would have them, write into. */
export class MemoryCatalog {
  readonly #tables = new Map<string, { readonly table: MemoryTable; readonly revision: number }>();
  #writes = 0;

  /** Writes and removals that took effect. */
  get writes(): number {
    return this.#writes;
  }

  places(): readonly string[] {
    return [...this.#tables.keys()];
  }

  read(place: string): { readonly table: MemoryTable; readonly revision: string } | null {
    const found = this.#tables.get(place);
    return found === undefined ? null : { table: found.table, revision: String(found.revision) };
  }

  /** Writes if the place has that revision, null for one that must be free. Answers with the new revision, or null where it has not. */
  write(place: string, expected: string | null, table: MemoryTable): string | null {
    const revision = this.#tables.get(place)?.revision;
    if ((revision === undefined ? null : String(revision)) !== expected) return null;
    const next = (revision ?? -1) + 1;
    this.#tables.set(place, { table, revision: next });
    this.#writes++;
    return String(next);
  }

  remove(place: string): void {
    if (this.#tables.delete(place)) this.#writes++;
  }

  /** What people do: changes a table, or makes one, whatever its revision. Not counted among the writes. */
  edit(place: string, change: (table: MemoryTable) => MemoryTable): void {
    const found = this.#tables.get(place);
    this.#tables.set(place, { table: change(found?.table ?? EMPTY_TABLE), revision: (found?.revision ?? -1) + 1 });
  }

  /** What people do: takes a table away. */
  drop(place: string): void {
    this.#tables.delete(place);
  }
}

const EMPTY_TABLE: MemoryTable = { asset: null, mark: null, description: null, comments: {}, parameters: {} };
