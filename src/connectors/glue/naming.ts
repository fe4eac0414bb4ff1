import { createHash } from "node:crypto";
import { spaceOf, technicalNameOf, type AssetId } from "../../model/asset.ts";
import type { TargetRef } from "../../ports/target.ts";

/** A table's place: its database and its name there, neither with a dot. */
export interface TablePlace {
  readonly database: string;
  readonly table: string;
}

/**
 * Where an asset stands: database `<prefix><space>`, table `<technical name>`, both folded by {@link foldName}. A name that had to be
 * cut carries a warning.
 */
export function placeOf(id: AssetId, prefix: string): TargetRef & TablePlace {
  const database = foldName(prefix + spaceOf(id), DATABASE_LENGTH);
  const table = foldName(technicalNameOf(id), NAME_LENGTH);
  return {
    database: database.name,
    table: table.name,
    key: `${database.name}.${table.name}`,
    warnings: table.cut
      ? [
          {
            asset_id: id,
            code: "name_shortened",
            message: `The name of ${id} is longer than the ${NAME_LENGTH} characters that Glue allows: its table is called ${table.name}. The full name stands in the table's parameters.`,
          },
        ]
      : [],
  };
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
