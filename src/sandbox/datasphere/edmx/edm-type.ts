import type { Json, JsonObject } from "../../../model/json.ts";
import { isNumber, numberToken } from "../../../model/number-token.ts";
import { asText } from "../objects/as-text.ts";

/**
 * The attributes of a property that say its type. OData has fewer types than CDS: what has no counterpart becomes `Edm.String`, and the
 * real type is lost.
 */
export function edmType(element: JsonObject, mode: "relational" | "analytical"): Readonly<Record<string, string>> {
  const text = (key: string): string | undefined => numberText(element[key]);
  switch (element["type"]) {
    case "cds.String":
      return { Type: "Edm.String", ...optional("MaxLength", text("length")) };
    case "cds.Decimal":
      return { Type: "Edm.Decimal", ...optional("Precision", text("precision")), ...scale(text("scale"), mode) };
    case "cds.DecimalFloat":
    case "cds.hana.SMALLDECIMAL":
      return { Type: "Edm.Decimal", Scale: "floating" };
    case "cds.Timestamp":
      return { Type: "Edm.DateTimeOffset", Precision: "7" };
    default:
      return { Type: PLAIN_TYPES[asText(element["type"])] ?? "Edm.String" };
  }
}

const PLAIN_TYPES: Readonly<Record<string, string>> = {
  "cds.Boolean": "Edm.Boolean",
  "cds.Date": "Edm.Date",
  "cds.DateTime": "Edm.DateTimeOffset",
  "cds.Double": "Edm.Double",
  "cds.Integer": "Edm.Int32",
  "cds.Integer64": "Edm.Int64",
  "cds.Time": "Edm.TimeOfDay",
  "cds.hana.REAL": "Edm.Single",
  "cds.hana.SMALLINT": "Edm.Int16",
  "cds.hana.TINYINT": "Edm.Byte",
};

// The analytical document leaves a scale of 0 out.
function scale(text: string | undefined, mode: "relational" | "analytical"): Readonly<Record<string, string>> {
  return mode === "analytical" && text === "0" ? {} : optional("Scale", text);
}

function optional(key: string, value: string | undefined): Readonly<Record<string, string>> {
  return value === undefined ? {} : { [key]: value };
}

function numberText(value: Json | undefined): string | undefined {
  return isNumber(value) ? (numberToken(value) ?? undefined) : undefined;
}
