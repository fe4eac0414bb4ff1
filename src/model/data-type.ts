import type { Column } from "./asset.ts";
import { isNumber, numberToken } from "./number-token.ts";

/** A column's type in one string: `cds.String(10)`, `cds.Decimal(15,2)`, `cds.hana.ST_GEOMETRY(4326)`, `cds.Date`. */
export function dataTypeOf(column: Column): string {
  let sizes = "";
  for (const name of SIZES) {
    const size = column[name];
    if (size === undefined) continue;
    const spelled = (isNumber(size) ? numberToken(size) : null) ?? JSON.stringify(size);
    sizes += sizes === "" ? spelled : `,${spelled}`;
  }
  return sizes === "" ? column.type : `${column.type}(${sizes})`;
}

/**
 * True where an asset's data type says everything that a column says of its type, so that the two need not stand side by side: one
 * number is a length (of a geometry its srid, of a decimal its precision), two are precision and scale, and the forms that begin with
 * `array of`, `struct` and `json` hold the whole type as it stands in the source.
 */
export function saysAll(dataType: string, column: Column): boolean {
  if (dataType.startsWith("json ")) return true;
  if (column.items !== undefined || column.elements !== undefined) return /^(array of|struct) /.test(dataType);
  const usual = /ST_/.test(column.type) ? SRID : /decimal/i.test(column.type) ? PRECISION_AND_SCALE : LENGTH;
  return !column.type.includes("(") && dataType === dataTypeOf(column) && areFirst(column, usual);
}

/** True where the sizes that a column has are the first of these. */
function areFirst(column: Column, usual: readonly string[]): boolean {
  let given = 0;
  for (const size of SIZES) if (column[size] !== undefined && size !== usual[given++]) return false;
  return true;
}

const SIZES = ["length", "precision", "scale", "srid"] as const;
const LENGTH = ["length"] as const;
const SRID = ["srid"] as const;
const PRECISION_AND_SCALE = ["precision", "scale"] as const;
