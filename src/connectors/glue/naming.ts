import { createHash } from "node:crypto";
import { spaceOf, technicalNameOf, type AssetId } from "../../model/asset.ts";
import type { TargetRef } from "../../ports/target.ts";

/** A table's place: its database and its name there, neither with a dot. */
export interface TablePlace {
  readonly database: string;
  readonly table: string;
}

/** Templates of names: `{space}` and `{name}` stand for the asset's, everything else for itself. */
export interface Naming {
  readonly database: string;
  readonly table: string;
}

/** A space is a database, an asset a table. */
export const PLAIN_NAMES: Naming = { database: "{space}", table: "{name}" };

/**
 * Where an asset stands: both names made by their templates, then folded by {@link foldName}. A name that had to be cut carries a warning.
 */
export function placeOf(id: AssetId, naming: Naming): TargetRef & TablePlace {
  const name = (template: string): string =>
    template.replace(/\{(space|name)\}/g, (_, part) => (part === "space" ? spaceOf(id) : technicalNameOf(id)));
  const database = foldName(name(naming.database), DATABASE_LENGTH);
  const table = foldName(name(naming.table), NAME_LENGTH);
  const cut = (what: string, limit: number, kept: string): TargetRef["warnings"][number] => ({
    asset_id: id,
    code: "name_shortened",
    message: `The name of the ${what} of ${id} is longer than ${limit} characters: it is called ${kept}. The full name stands in the table's parameters.`,
  });
  return {
    database: database.name,
    table: table.name,
    key: `${database.name}.${table.name}`,
    warnings: [
      ...(database.cut ? [cut("database", DATABASE_LENGTH, database.name)] : []),
      ...(table.cut ? [cut("table", NAME_LENGTH, table.name)] : []),
    ],
  };
}

/** What the names of all databases that a naming makes begin with. */
export function databasePrefix({ database }: Naming): string {
  return (database.split("{")[0] ?? "").toLowerCase();
}

/** The place that a {@link TargetRef.key} names. */
export function placeAt(key: string): TablePlace {
  const dot = key.indexOf(".");
  return { database: key.slice(0, dot), table: key.slice(dot + 1) };
}

/** The longest name of a table or column. */
export const NAME_LENGTH = 255;
const DATABASE_LENGTH = 252;

export interface FoldedName {
  readonly name: string;
  /** The name was longer than the limit. */
  readonly cut: boolean;
}

/**
 * A name as every engine on top of Glue takes it, of `[a-z0-9_]`: lower case, accents taken off letters, `_` for everything else.
 *
 * Names that differ only in that fold to the same name, and whoever folds must look for it. A hash of the full name is appended
 * where the fold loses what tells names apart: beyond the limit, and where letters outside of the Latin alphabet became `_`.
 */
export function foldName(name: string, limit: number = NAME_LENGTH): FoldedName {
  // By way of the upper case, so that "ß" becomes "ss", as it does in a name that is written in capitals.
  const latin = name.toUpperCase().toLowerCase().normalize("NFD").replace(COMBINING_MARKS, "");
  const folded = latin.replace(/[^a-z0-9_]/gu, "_") || "_";
  const cut = folded.length > limit;
  if (!cut && !OTHER_LETTERS.test(latin)) return { name: folded, cut };
  const hash = createHash("sha256").update(name).digest("hex").slice(0, HASH_LENGTH);
  return { name: `${folded.slice(0, limit - HASH_LENGTH - 1)}_${hash}`, cut };
}

const HASH_LENGTH = 8;
const COMBINING_MARKS = /\p{Mn}/gu;
const OTHER_LETTERS = /[^\p{ASCII}]/u;
