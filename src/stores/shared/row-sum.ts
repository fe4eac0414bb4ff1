import { hash } from "node:crypto";

/** What a column holds here. */
export type Value = string | number | null | Uint8Array;

/** A row in the order of its columns. */
export type Row = readonly Value[];

/**
 * The sum of a row: the first 128 bits of the SHA-256 over its values, each with its length, so that no two rows spell the same text.
 *
 * SQLite keeps no checksum of its pages, nor does PostgreSQL unless it was set up so; a bit that flips inside a value would be read as
 * if it had been written. The sum guards against decay, not against people: whoever can write the state can write the sum.
 */
export function sumOf(values: Row): string {
  return sumOfFirst(values, values.length);
}

/** The values with their sum behind them. */
export function sealed(values: Row): Row {
  return [...values, sumOf(values)];
}

/** True where the last value is the sum of those before it. */
export function isIntact(row: Row): boolean {
  const last = row.length - 1;
  return row[last] === sumOfFirst(row, last);
}

function sumOfFirst(values: Row, count: number): string {
  let text = "";
  for (let i = 0; i < count; i++) {
    const value = values[i];
    if (typeof value === "string") text += `${value.length}:${value}`;
    else if (value instanceof Uint8Array)
      text += `#${value.length}:${Buffer.from(value.buffer, value.byteOffset, value.length).toString("latin1")}`;
    else text += value === null ? "-" : `=${value}`;
  }
  return hash("sha256", text, "hex").slice(0, 32);
}
