import type { Column } from "../../model/asset.ts";
import { type HiveType, parseHiveType } from "./hive-type.ts";

export interface SourceType {
  /** As a source has it. */
  readonly type: Pick<Column, "type" | "length" | "precision" | "scale">;
  /** False for a type that is not in the grammar, or whose name nobody told us. */
  readonly known: boolean;
}

/**
 * The CDS type for a Glue type that does not come from us: a table of somebody else's, or a type that was edited. A string has no
 * length there and gets the longest that Datasphere takes; what is nested becomes JSON in a text, because Datasphere's tables have
 * nothing of the kind.
 */
export function sourceType(glueType: string): SourceType {
  const parsed = parseHiveType(glueType);
  if (parsed === null) return UNKNOWN;
  return parsed.kind === "primitive" ? primitive(parsed) : { type: { type: "cds.LargeString" }, known: true };
}

const UNKNOWN: SourceType = { type: { type: "cds.LargeString" }, known: false };
const LONGEST_STRING = 5_000;

function primitive({ name, sizes }: Extract<HiveType, { kind: "primitive" }>): SourceType {
  const [first, second] = sizes;
  switch (name) {
    case "decimal":
    case "dec":
    case "numeric":
      return { type: { type: "cds.Decimal", precision: first ?? 10, scale: second ?? 0 }, known: true };
    case "varchar":
    case "char":
      return {
        type: first !== undefined && first <= LONGEST_STRING ? { type: "cds.String", length: first } : { type: "cds.LargeString" },
        known: true,
      };
    case "string":
      return { type: { type: "cds.String", length: LONGEST_STRING }, known: true };
    default: {
      const type = PRIMITIVES.get(name);
      return type === undefined ? UNKNOWN : { type: { type }, known: true };
    }
  }
}

const PRIMITIVES: ReadonlyMap<string, string> = new Map([
  ["boolean", "cds.Boolean"],
  ["tinyint", "cds.hana.SMALLINT"],
  ["smallint", "cds.hana.SMALLINT"],
  ["int", "cds.Integer"],
  ["integer", "cds.Integer"],
  ["bigint", "cds.Integer64"],
  ["long", "cds.Integer64"],
  ["float", "cds.hana.REAL"],
  ["real", "cds.hana.REAL"],
  ["double", "cds.Double"],
  ["double precision", "cds.Double"],
  ["date", "cds.Date"],
  ["time", "cds.Time"],
  ["timestamp", "cds.Timestamp"],
  ["timestamp without time zone", "cds.Timestamp"],
  ["timestamp with time zone", "cds.Timestamp"],
  ["timestamp with local time zone", "cds.Timestamp"],
  ["uuid", "cds.UUID"],
  ["binary", "cds.LargeBinary"],
]);
