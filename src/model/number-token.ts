import { isRawNumber, type RawNumber } from "./json.ts";
import { floatRepr } from "./parse-json.ts";

/**
 * The one spelling of a number, as Python writes what it read: an integer token keeps its digits, a token with `.` or an exponent is
 * a float in its shortest form (`1.0`, `1e-07`, `1e+16`, `-0.0`). Null for what is no finite number.
 *
 * A plain JavaScript number stands for the token that `JSON.stringify` writes of it.
 */
export function numberToken(value: number | RawNumber): string | null {
  if (typeof value === "number" && Number.isSafeInteger(value)) return String(value);
  const text = typeof value === "number" ? String(value) : value.rawJSON;
  if (/^-?\d+$/.test(text)) return text === "-0" ? "0" : text;
  const float = Number(text);
  return Number.isFinite(float) ? floatRepr(float) : null;
}

/** True for what {@link numberToken} takes. */
export function isNumber(value: unknown): value is number | RawNumber {
  return typeof value === "number" || isRawNumber(value);
}
