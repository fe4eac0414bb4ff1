import { AssetError } from "../model/errors.ts";
import { isJsonObject, isRawNumber, type Json, type JsonObject } from "../model/json.ts";
import { isNumber, numberToken } from "../model/number-token.ts";
import { compareCodePoints } from "../model/order.ts";
import type { FacetValues } from "./facet-values.ts";

/**
 * The facets of a document in the reference's field names (technical_name, business_name, description, owner, schema_info,
 * business_context, custom_properties), with the reference's own defaults: what Python calls false stands for an absent section or
 * list, while an explicit null among the columns, data_types and constraints is kept as null.
 *
 * Where the reference's program would end in a Python error, this throws `value_unrepresentable` with the path.
 */
export function facetsOfReference(input: JsonObject): FacetValues {
  const schema = section(input, "schema_info");
  const context = section(input, "business_context");
  const list = (key: string): readonly Json[] => sortedAsPython(get(context, key, null), `/business_context/${key}`);
  const custom = get(input, "custom_properties", null);
  return {
    content: {
      technical_name: get(input, "technical_name", null),
      business_name: get(input, "business_name", null),
      description: get(input, "description", null),
      owner: get(input, "owner", null),
    },
    schema: { columns: get(schema, "columns", []), data_types: get(schema, "data_types", {}), constraints: get(schema, "constraints", []) },
    metadata: {
      tags: list("tags"),
      dimensions: list("dimensions"),
      measures: list("measures"),
      hierarchies: list("hierarchies"),
      certification_status: get(context, "certification_status", null),
      custom_properties: isTruthy(custom) ? custom : {},
    },
  };
}

function get(object: JsonObject, key: string, absent: Json): Json {
  return Object.hasOwn(object, key) ? (object[key] as Json) : absent;
}

function section(input: JsonObject, key: string): JsonObject {
  const value = get(input, key, null);
  if (!isTruthy(value)) return {};
  if (!isJsonObject(value)) throw refusal(`/${key}`, "is no object");
  return value;
}

/** Python's truth: null, false, zero, and whatever is empty are false. */
function isTruthy(value: Json): boolean {
  if (value === null || typeof value === "boolean") return value === true;
  if (isNumber(value)) return Number(isRawNumber(value) ? value.rawJSON : value) !== 0;
  return typeof value === "string" ? value !== "" : Object.keys(value).length > 0;
}

/**
 * What Python's `sorted(value or [])` gives: a string falls into its characters, an object into its keys. Lists sort when they hold
 * strings alone, or numbers and booleans alone; a single item needs no order. Lists of lists, which Python can sort in some cases, are
 * refused like the mixed ones.
 */
function sortedAsPython(value: Json, path: string): readonly Json[] {
  if (!isTruthy(value)) return [];
  if (typeof value === "string") return Array.from(value).sort(compareCodePoints);
  if (isJsonObject(value)) return Object.keys(value).sort(compareCodePoints);
  if (!Array.isArray(value)) throw refusal(path, "is no list");
  const items: readonly Json[] = value;
  if (items.length === 1) return items;
  if (items.every((item) => typeof item === "string")) return items.toSorted(compareCodePoints);
  const numbers = items.map((item) => magnitude(item));
  if (numbers.includes(null)) throw refusal(path, "mixes kinds of values, or holds values, that have no order among them");
  return items
    .map((item, i) => ({ item, size: numbers[i] as number | bigint }))
    .sort((a, b) => Number(a.size > b.size) - Number(a.size < b.size))
    .map(({ item }) => item);
}

// A bigint and a float compare by their exact values, in JavaScript as in Python.
function magnitude(value: Json): number | bigint | null {
  if (typeof value === "boolean") return value ? 1n : 0n;
  if (!isNumber(value)) return null;
  const token = numberToken(value);
  if (token === null) return null;
  return /^-?\d+$/.test(token) ? BigInt(token) : Number(token);
}

function refusal(path: string, problem: string): AssetError {
  return new AssetError(
    "value_unrepresentable",
    `The asset cannot be fingerprinted: the value at ${path} ${problem}, so the reference has no hash for it.`,
  );
}
