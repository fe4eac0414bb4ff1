import type { Column } from "../../model/asset.ts";
import { isJsonObject, isRawNumber, type Json, type JsonObject } from "../../model/json.ts";
import { keysInOrder } from "../../model/key-order.ts";
import { compareCodePoints } from "../../model/order.ts";
import { foldName } from "./naming.ts";
import type { StringTypes, TypeRules } from "./type-rules.ts";

export interface GlueType {
  /** In the grammar of Hive and Athena, without blanks. */
  readonly type: string;
  /** False where the type, or one inside it, is none that we know and was written as string. */
  readonly known: boolean;
}

/** The Glue type of a column: what the rules say of its type, else the narrowest that holds every value of the source's. */
export function glueType(
  column: Pick<Column, "type" | "length" | "precision" | "scale" | "items" | "elements">,
  rules: TypeRules,
): GlueType {
  const found = typed(column, rules, keysInOrder);
  return found.type.length > LONGEST_TYPE ? UNKNOWN : found;
}

const UNKNOWN: GlueType = { type: "string", known: false };
const LONGEST_TYPE = 131_072;

type Element = { readonly [key in "type" | "length" | "precision" | "scale" | "items" | "elements"]?: Json | undefined };
type Order = (fields: JsonObject) => readonly string[];

function typed(element: Element, rules: TypeRules, order: Order): GlueType {
  if (element.items !== undefined) return arrayOf(inner(element.items, rules));
  if (isJsonObject(element.elements)) return structOf(element.elements, rules, order);
  const { type } = element;
  const { strings, overrides } = rules;
  if (typeof type !== "string") return UNKNOWN;
  const override = overrides.get(type);
  if (override !== undefined) return { type: override, known: true };
  const collection = /^Collection\((.+)\)$/.exec(type)?.[1];
  if (collection !== undefined) return arrayOf(typed({ ...element, type: collection }, rules, order));
  const fixed = FIXED.get(type) ?? (GEOSPATIAL.test(type) ? "string" : undefined);
  if (fixed !== undefined) return { type: fixed, known: true };
  if (DECIMALS.has(type)) return { type: decimal(element), known: true };
  if (UUIDS.has(type)) return { type: text(36, strings), known: true };
  if (FIXED_TEXTS.has(type)) return { type: fixedText(whole(element.length), strings), known: true };
  if (TEXTS.has(type)) return { type: text(whole(element.length), strings), known: true };
  return UNKNOWN;
}

// Only a column's own fields have an order that counts; that of fields deeper down is not part of what an asset is compared by.
function inner(element: Json, rules: TypeRules): GlueType {
  return isJsonObject(element) ? typed(element, rules, (fields) => Object.keys(fields).toSorted(compareCodePoints)) : UNKNOWN;
}

function arrayOf(item: GlueType): GlueType {
  return { type: `array<${item.type}>`, known: item.known };
}

function structOf(fields: JsonObject, rules: TypeRules, order: Order): GlueType {
  const names = order(fields);
  if (names.length === 0) return UNKNOWN;
  const types = names.map((name) => inner(fields[name] as Json, rules));
  const unique = uniqueNames(names);
  return { type: `struct<${types.map(({ type }, i) => `${unique[i]}:${type}`).join(",")}>`, known: types.every((type) => type.known) };
}

/** Folded names; those that fold to a name already taken get a number, which no other name of the structure has. */
function uniqueNames(names: readonly string[]): readonly string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    const folded = foldName(name).name;
    let unique = folded;
    for (let n = 2; taken.has(unique); n++) unique = `${folded}_${n}`;
    taken.add(unique);
    return unique;
  });
}

/** A decimal without a fixed precision floats in 34 digits; a double keeps its range and the first 15 of them. */
function decimal({ precision, scale }: Element): string {
  const digits = whole(precision);
  const fraction = scale === undefined ? 0 : whole(scale);
  const fits = digits !== null && digits >= 1 && digits <= 38 && fraction !== null && fraction >= 0 && fraction <= digits;
  return fits ? `decimal(${digits},${fraction})` : "double";
}

function text(length: number | null, strings: StringTypes): string {
  return strings === "varchar" && length !== null && length >= 1 && length <= 65_535 ? `varchar(${length})` : "string";
}

function fixedText(length: number | null, strings: StringTypes): string {
  return strings === "varchar" && length !== null && length >= 1 && length <= 255 ? `char(${length})` : text(length, strings);
}

/** The whole number that a value says, also where it is spelled as text or `10.0`; else null. */
function whole(value: Json | undefined): number | null {
  const number = isRawNumber(value) ? Number(value.rawJSON) : typeof value === "string" && value !== "" ? Number(value) : value;
  return typeof number === "number" && Number.isSafeInteger(number) ? number : null;
}

const FIXED: ReadonlyMap<string, string> = new Map([
  ["cds.Boolean", "boolean"],
  ["Edm.Boolean", "boolean"],
  // Unsigned, 0 to 255: too wide for tinyint, which is signed.
  ["cds.UInt8", "smallint"],
  ["cds.hana.TINYINT", "smallint"],
  ["Edm.Byte", "smallint"],
  ["Edm.SByte", "tinyint"],
  ["cds.Int16", "smallint"],
  ["cds.hana.SMALLINT", "smallint"],
  ["Edm.Int16", "smallint"],
  ["cds.Integer", "int"],
  ["cds.Int32", "int"],
  ["Edm.Int32", "int"],
  ["cds.Integer64", "bigint"],
  ["cds.Int64", "bigint"],
  ["Edm.Int64", "bigint"],
  ["cds.DecimalFloat", "double"],
  ["cds.hana.SMALLDECIMAL", "double"],
  ["cds.Double", "double"],
  ["Edm.Double", "double"],
  ["cds.hana.REAL", "float"],
  ["Edm.Single", "float"],
  ["cds.Date", "date"],
  ["Edm.Date", "date"],
  // Athena's DDL has no type for a time of day.
  ["cds.Time", "string"],
  ["Edm.TimeOfDay", "string"],
  ["Edm.Time", "string"],
  ["Edm.Duration", "string"],
  ["cds.DateTime", "timestamp"],
  ["cds.Timestamp", "timestamp"],
  ["Edm.DateTime", "timestamp"],
  ["Edm.DateTimeOffset", "timestamp"],
  ["cds.LargeString", "string"],
  ["cds.hana.CLOB", "string"],
  ["cds.hana.NCLOB", "string"],
  ["cds.Binary", "binary"],
  ["cds.LargeBinary", "binary"],
  ["cds.hana.BINARY", "binary"],
  ["cds.hana.VARBINARY", "binary"],
  ["cds.hana.BLOB", "binary"],
  ["Edm.Binary", "binary"],
  ["Edm.Stream", "binary"],
]);
const DECIMALS: ReadonlySet<string> = new Set(["cds.Decimal", "Edm.Decimal"]);
const TEXTS: ReadonlySet<string> = new Set(["cds.String", "cds.hana.VARCHAR", "cds.hana.NVARCHAR", "Edm.String"]);
const FIXED_TEXTS: ReadonlySet<string> = new Set(["cds.hana.CHAR", "cds.hana.NCHAR"]);
const UUIDS: ReadonlySet<string> = new Set(["cds.UUID", "Edm.Guid"]);
// Written as well-known text.
const GEOSPATIAL = /^(cds\.hana\.ST_|Edm\.Geo(graphy|metry))/;
