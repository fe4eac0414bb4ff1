import { isDeepStrictEqual } from "node:util";
import { canonicalText } from "../../csn/canonical-text.ts";
import { parseDataType } from "../../csn/data-type.ts";
import type { Column } from "../../model/asset.ts";
import { isJsonObject, type JsonObject } from "../../model/json.ts";
import { parseJson } from "../../model/parse-json.ts";
import { COLUMN } from "./marks.ts";
import { textOf, type Texts } from "./parameter-texts.ts";
import type { Parameters } from "./table-document.ts";

/** A column's type in its parts. */
export type ColumnType = Pick<Column, "type" | "length" | "precision" | "scale" | "srid" | "items" | "elements">;

/**
 * The parameters that keep a column's type: the one string that data types are told in, and the parts themselves where that string does
 * not give them back.
 */
export function toColumnType(column: ColumnType, dataType: string | undefined): Texts {
  const parts = partsOf(column);
  const told = dataType === undefined ? null : partsToldBy(dataType);
  return { [COLUMN.type]: dataType, [COLUMN.definition]: isDeepStrictEqual(told, parts) ? null : canonicalText(parts) };
}

/** The parts and the data type that {@link toColumnType} kept; null where the parameters keep none. */
export function fromColumnType(parameters: Parameters): { readonly parts: ColumnType; readonly dataType: string | null } | null {
  const dataType = textOf(parameters, COLUMN.type);
  const definition = textOf(parameters, COLUMN.definition);
  const parts = definition !== null ? parseJson(definition, UNBOUNDED) : dataType !== null ? partsToldBy(dataType) : null;
  return isJsonObject(parts ?? undefined) ? { parts: parts as unknown as ColumnType, dataType } : null;
}

const UNBOUNDED = { maxDepth: Number.POSITIVE_INFINITY };
const PARTS = ["type", "length", "precision", "scale", "srid", "items", "elements"] as const;

function partsOf(column: ColumnType): JsonObject {
  return Object.fromEntries(PARTS.flatMap((part) => (column[part] === undefined ? [] : [[part, column[part]]])));
}

function partsToldBy(dataType: string): JsonObject | null {
  try {
    const parts = parseDataType(dataType);
    return {
      ...parts,
      type: parts["type"] ?? (parts["items"] !== undefined ? "array" : parts["elements"] !== undefined ? "struct" : "untyped"),
    };
  } catch {
    // Not a data type as `csn/` spells them.
    return null;
  }
}
