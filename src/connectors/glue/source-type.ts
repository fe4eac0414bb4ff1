import type { Column } from "../../model/asset.ts";

/** The type of a column as a source has it. */
export type SourceType = Pick<Column, "type" | "length" | "precision" | "scale">;

/**
 * The CDS type for a Glue type that does not come from us: a table of somebody else's, or a type that was edited. A string has no
 * length there and gets the longest that Datasphere takes; what is nested becomes JSON in a text.
 */
export function sourceType(glueType: string): SourceType {
  const [, word = "", first, second] = /^\s*([a-z]+)\s*(?:\(\s*(\d+)\s*(?:,\s*(\d+)\s*)?\))?/i.exec(glueType) ?? [];
  const name = word.toLowerCase();
  if (name === "decimal") return { type: "cds.Decimal", precision: Number(first ?? 10), scale: Number(second ?? 0) };
  if (name === "varchar" || name === "char")
    return Number(first) <= 5_000 ? { type: "cds.String", length: Number(first) } : { type: "cds.LargeString" };
  if (name === "string") return { type: "cds.String", length: 5_000 };
  return { type: PRIMITIVES.get(name) ?? "cds.LargeString" };
}

const PRIMITIVES: ReadonlyMap<string, string> = new Map([
  ["boolean", "cds.Boolean"],
  ["tinyint", "cds.hana.SMALLINT"],
  ["smallint", "cds.hana.SMALLINT"],
  ["int", "cds.Integer"],
  ["integer", "cds.Integer"],
  ["bigint", "cds.Integer64"],
  ["float", "cds.hana.REAL"],
  ["double", "cds.Double"],
  ["date", "cds.Date"],
  ["timestamp", "cds.Timestamp"],
  ["binary", "cds.LargeBinary"],
]);
