/** A type in the grammar of Hive and Athena. Names of types are in lower case; those of fields are as they stand. */
export type HiveType =
  | { readonly kind: "primitive"; readonly name: string; readonly sizes: readonly number[] }
  | { readonly kind: "array"; readonly item: HiveType }
  | { readonly kind: "map"; readonly key: HiveType; readonly value: HiveType }
  | { readonly kind: "struct"; readonly fields: readonly (readonly [name: string, type: HiveType])[] }
  | { readonly kind: "uniontype"; readonly options: readonly HiveType[] };

/**
 * Reads a column's type; null for what the grammar has not, or nests deeper than 64 levels. Blanks are let through, because crawlers
 * and other tools write them, and so is any name of a primitive type, because engines invent theirs (`timestamp with time zone`).
 */
export function parseHiveType(text: string): HiveType | null {
  const reader = new TypeReader(text);
  const type = reader.type(MAX_DEPTH);
  return type !== null && reader.isAtEnd() ? type : null;
}

const MAX_DEPTH = 64;

class TypeReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  isAtEnd(): boolean {
    this.#skip(/\s*/y);
    return this.#at === this.#text.length;
  }

  type(levels: number): HiveType | null {
    if (levels === 0) return null;
    const name = this.#match(/\s*([a-z_]\w*(?:\s+[a-z_]\w*)*)/iy)?.[1]?.toLowerCase();
    if (name === undefined) return null;
    if (!this.#skip(/\s*</y)) return this.#primitive(name);
    const inner = this.#inside(name, levels - 1);
    return inner !== null && this.#skip(/\s*>/y) ? inner : null;
  }

  #primitive(name: string): HiveType | null {
    const sizes = this.#match(/\s*\(\s*(\d{1,9}(?:\s*,\s*\d{1,9})*)\s*\)/y)?.[1];
    // Some engines name the size in the middle: `timestamp(3) with time zone`.
    const rest = sizes === undefined ? undefined : this.#match(/(?:\s+[a-z_]\w*)+/iy)?.[0];
    return {
      kind: "primitive",
      name: (rest === undefined ? name : name + rest.toLowerCase()).replaceAll(/\s+/g, " "),
      sizes: sizes === undefined ? [] : sizes.split(",").map(Number),
    };
  }

  #inside(name: string, levels: number): HiveType | null {
    switch (name) {
      case "array": {
        const item = this.type(levels);
        return item === null ? null : { kind: "array", item };
      }
      case "map": {
        const [key, value, ...more] = this.#list(() => this.type(levels)) ?? [];
        return key === undefined || value === undefined || more.length > 0 ? null : { kind: "map", key, value };
      }
      case "struct": {
        const fields = this.#list(() => this.#field(levels));
        return fields === null ? null : { kind: "struct", fields };
      }
      case "uniontype": {
        const options = this.#list(() => this.type(levels));
        return options === null ? null : { kind: "uniontype", options };
      }
      default:
        return null;
    }
  }

  #field(levels: number): readonly [string, HiveType] | null {
    const name = this.#match(/\s*(?:`([^`]+)`|([^\s:,<>()`]+))\s*:/y);
    const type = name === null ? null : this.type(levels);
    return type === null ? null : [(name?.[1] ?? name?.[2]) as string, type];
  }

  /** One or more, with commas between; null where one of them is none. */
  #list<T>(one: () => T | null): readonly T[] | null {
    const found: T[] = [];
    do {
      const item = one();
      if (item === null) return null;
      found.push(item);
    } while (this.#skip(/\s*,/y));
    return found;
  }

  #skip(pattern: RegExp): boolean {
    return this.#match(pattern) !== null;
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (found !== null) this.#at = pattern.lastIndex;
    return found;
  }
}
