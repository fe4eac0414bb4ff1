import type { Json, JsonObject } from "../../../model/json.ts";
import { parseJson } from "../../../model/parse-json.ts";
import type { Attributes, Property } from "./edmx.ts";

/**
 * The CDS type that a property comes from, as the keys that an element of CSN has for it.
 *
 * OData has fewer types than CDS: a string without a length may be a large string, a UUID, a geometry or binary data, and becomes a
 * `cds.String` without a length. A type that is not OData's own, or has no counterpart, keeps its name. A scale that is not said is 0.
 */
export function columnType({ type, attributes }: Pick<Property, "type" | "attributes">): JsonObject {
  const [, item] = /^Collection\((.+)\)$/.exec(type) ?? [];
  if (item !== undefined) return { items: columnType({ type: item, attributes }) };
  switch (type) {
    case "Edm.String":
      return { type: "cds.String", ...sized("length", attributes["MaxLength"]) };
    case "Edm.Binary":
      return lengthOf(attributes) === undefined
        ? { type: "cds.LargeBinary" }
        : { type: "cds.Binary", ...sized("length", attributes["MaxLength"]) };
    case "Edm.Decimal":
      return decimal(attributes);
    case "Edm.DateTimeOffset":
      return { type: (attributes["Precision"] ?? "0") === "0" ? "cds.DateTime" : "cds.Timestamp" };
    default:
      return { type: type.startsWith("Edm.Geo") ? geometry(type) : (SAME.get(type) ?? type), ...sized("srid", attributes["SRID"]) };
  }
}

/** The attributes that {@link columnType} and the rest of a column say in full. */
export const SAID_ATTRIBUTES: ReadonlySet<string> = new Set(["MaxLength", "Precision", "Scale", "SRID", "Nullable", "DefaultValue"]);

/** The default that a property states, as CSN has it: `{val: …}`. */
export function defaultOf({ type, attributes }: Property): Json | undefined {
  const text = attributes["DefaultValue"];
  if (text === undefined) return undefined;
  const isBare = type === "Edm.Boolean" ? /^(true|false)$/.test(text) : NUMERIC.has(type) && NUMBER.test(text);
  return { val: isBare ? parseJson(text) : text };
}

const SAME: ReadonlyMap<string, string> = new Map([
  ["Edm.Boolean", "cds.Boolean"],
  ["Edm.Byte", "cds.hana.TINYINT"],
  ["Edm.Date", "cds.Date"],
  ["Edm.Double", "cds.Double"],
  ["Edm.Guid", "cds.UUID"],
  ["Edm.Int16", "cds.hana.SMALLINT"],
  ["Edm.Int32", "cds.Integer"],
  ["Edm.Int64", "cds.Integer64"],
  ["Edm.Single", "cds.hana.REAL"],
  ["Edm.TimeOfDay", "cds.Time"],
]);

const NUMERIC: ReadonlySet<string> = new Set(
  ["Byte", "Decimal", "Double", "Int16", "Int32", "Int64", "Single"].map((name) => `Edm.${name}`),
);
const NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?$/;

function decimal(attributes: Attributes): JsonObject {
  const { Precision: precision, Scale: scale = "0" } = attributes;
  if (!/^\d+$/.test(scale)) return { type: "cds.DecimalFloat", ...sized("precision", precision) };
  return { type: "cds.Decimal", ...sized("precision", precision), ...(precision === undefined ? {} : sized("scale", scale)) };
}

function geometry(type: string): string {
  return type.endsWith("Point") ? "cds.hana.ST_POINT" : "cds.hana.ST_GEOMETRY";
}

function lengthOf({ MaxLength: length }: Attributes): string | undefined {
  return length === "max" ? undefined : length;
}

// A size that is no number stands as it is: unknown, but not lost.
function sized(key: string, text: string | undefined): JsonObject {
  if (text === undefined || text === "max") return {};
  return { [key]: /^(0|[1-9]\d*)$/.test(text) ? parseJson(text) : text };
}
