/** The space that a database is in Glue as a source: its name, every character but letters, digits and `_` percent-encoded. */
export function spaceOfDatabase(database: string): string {
  return database.replaceAll(/[^A-Za-z0-9_]/gu, (character) =>
    [...Buffer.from(character)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`).join(""),
  );
}

/** The database that {@link spaceOfDatabase} made this space of; null for a space that no database gives. */
export function databaseOfSpace(space: string): string | null {
  try {
    const database = decodeURIComponent(space);
    return spaceOfDatabase(database) === space ? database : null;
  } catch {
    return null;
  }
}

/** Patterns of databases, in which `*` stands for any characters and `?` for one. Glue folds names, so case does not count. */
export class DatabasePatterns {
  /** Names without `*` and `?`: they need no listing of databases to be found. */
  readonly names: readonly string[];
  /** False where {@link names} say all. */
  readonly isOpen: boolean;
  readonly #patterns: readonly RegExp[];

  constructor(patterns: readonly string[]) {
    this.names = patterns.filter((pattern) => !/[*?]/.test(pattern)).map((name) => name.toLowerCase());
    this.isOpen = this.names.length < patterns.length;
    this.#patterns = patterns.map((pattern) => {
      const source = pattern.replaceAll(/\*+|[^*]/gu, (part) => (part.startsWith("*") ? ".*" : part === "?" ? "." : RegExp.escape(part)));
      return new RegExp(`^${source}$`, "isu");
    });
  }

  match(database: string): boolean {
    return this.#patterns.some((pattern) => pattern.test(database));
  }
}
