import type { FieldChange } from "./change.ts";
import { COLUMN_ORDER } from "./document.ts";
import { isJsonObject, type Json, type JsonObject } from "./json.ts";
import { jsonPointer } from "./json-pointer.ts";
import { isNumber, numberToken } from "./number-token.ts";
import { compareCodePoints } from "./order.ts";

/**
 * The fields in which two documents differ, each a JSON Pointer with the value on either side; an absent side is an absent key.
 *
 * Objects are compared key by key, arrays whole. The order of the columns is one change, and only where columns that both sides have
 * stand in another order: an added or removed column is no reorder.
 */
export function diffDocuments(before: JsonObject, after: JsonObject): FieldChange[] {
  const fields: FieldChange[] = [];
  addDifferences(fields, "", before, after);
  return fields;
}

/** Equal as JSON: key order does not count, numbers are equal when {@link numberToken} spells them alike. */
export function sameJson(a: Json, b: Json): boolean {
  if (a === b) return true;
  if (isNumber(a) && isNumber(b)) return numberToken(a) === numberToken(b);
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item: Json, i) => sameJson(item, b[i] as Json));
  if (!isJsonObject(a) || !isJsonObject(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && sameJson(a[key] as Json, b[key] as Json));
}

function addDifferences(fields: FieldChange[], path: string, before: JsonObject, after: JsonObject): void {
  // Nearly all keys lead to equal values: only the others are put in order, and only they get a path.
  for (const key of differingKeys(before, after).sort(compareCodePoints)) {
    const at = path + jsonPointer(key);
    const was = Object.hasOwn(before, key) ? before[key] : undefined;
    const is = Object.hasOwn(after, key) ? after[key] : undefined;
    if (was === undefined) fields.push({ path: at, new: is as Json });
    else if (is === undefined) fields.push({ path: at, old: was });
    else if (isJsonObject(was) && isJsonObject(is)) addDifferences(fields, at, was, is);
    else if (at === COLUMN_ORDER) addReorder(fields, was as readonly string[], is as readonly string[]);
    else fields.push({ path: at, old: was, new: is });
  }
}

function differingKeys(before: JsonObject, after: JsonObject): string[] {
  const keys = Object.keys(before).filter((key) => !Object.hasOwn(after, key) || !sameJson(before[key] as Json, after[key] as Json));
  for (const key of Object.keys(after)) if (!Object.hasOwn(before, key)) keys.push(key);
  return keys;
}

function addReorder(fields: FieldChange[], before: readonly string[], after: readonly string[]): void {
  const had = new Set(before);
  const has = new Set(after);
  const old = before.filter((name) => has.has(name));
  const now = after.filter((name) => had.has(name));
  if (!sameJson(old, now)) fields.push({ path: COLUMN_ORDER, old, new: now });
}
