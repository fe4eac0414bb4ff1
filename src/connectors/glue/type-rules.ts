import { createHash } from "node:crypto";
import { canonicalText } from "../../csn/canonical-text.ts";
import { type HiveType, parseHiveType } from "./hive-type.ts";

/** How texts with a length are typed: `varchar(n)` keeps the length visible, `string` is what most other tools write. */
export type StringTypes = "varchar" | "string";

/** What a user says of how types are written. */
export interface TypeRules {
  readonly strings: StringTypes;
  /** The Glue type of a source type, by the name of that (`cds.UUID`), wherever it stands. */
  readonly overrides: ReadonlyMap<string, string>;
}

/** The rules of a configuration's `strings` and `types`. */
export function typeRules(strings: StringTypes, types: { readonly [sourceType: string]: string }): TypeRules {
  return { strings, overrides: new Map(Object.entries(types)) };
}

/** The same for rules that write the same, and short. */
export function spellRules({ strings, overrides }: TypeRules): string {
  if (overrides.size === 0) return `strings=${strings}`;
  const text = canonicalText(Object.fromEntries(overrides));
  return `strings=${strings} types=${createHash("sha256").update(text).digest("hex").slice(0, 12)}`;
}

/** True for a type that Tidemark may write: in the grammar of Hive and Athena, in lower case and without blanks, its sizes within bounds. */
export function isWritableType(text: string): boolean {
  if (text !== text.toLowerCase() || /\s/.test(text)) return false;
  const type = parseHiveType(text);
  return type !== null && isWritable(type);
}

function isWritable(type: HiveType): boolean {
  switch (type.kind) {
    case "primitive":
      return hasSizes(type);
    case "array":
      return isWritable(type.item);
    case "map":
      return type.key.kind === "primitive" && isWritable(type.key) && isWritable(type.value);
    case "struct":
      return type.fields.every(([name, field]) => /^[a-z0-9_]+$/.test(name) && isWritable(field));
    case "uniontype":
      return type.options.every(isWritable);
  }
}

function hasSizes({ name, sizes }: Extract<HiveType, { kind: "primitive" }>): boolean {
  const [first = 0, second = 0] = sizes;
  switch (name) {
    case "decimal":
      return sizes.length === 2 && first >= 1 && first <= 38 && second <= first;
    case "varchar":
      return sizes.length === 1 && first >= 1 && first <= 65_535;
    case "char":
      return sizes.length === 1 && first >= 1 && first <= 255;
    default:
      return sizes.length === 0 && SIZELESS.has(name);
  }
}

const SIZELESS: ReadonlySet<string> = new Set([
  "boolean",
  "tinyint",
  "smallint",
  "int",
  "bigint",
  "float",
  "double",
  "string",
  "binary",
  "date",
  "timestamp",
]);
