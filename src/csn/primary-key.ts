import { isJsonObject, type JsonObject } from "../model/json.ts";
import { keysInOrder } from "../model/key-order.ts";
import { referenceNames } from "./annotation-value.ts";
import { isAssociation } from "./elements.ts";

/** Where a definition states the order of its key columns. */
export const KEY_SEQUENCE = "@DataWarehouse.compoundKeySequence";

/** The key columns of a definition: in the order that it states, else in that of its columns. */
export function primaryKey(definition: JsonObject): readonly string[] {
  return statedKey(definition) ?? naturalKey(definition);
}

/** The key columns in the order of all columns. */
export function naturalKey(definition: JsonObject): readonly string[] {
  const elements = definition["elements"];
  if (!isJsonObject(elements)) return [];
  return keysInOrder(elements).filter((name) => {
    const element = elements[name];
    return isJsonObject(element) && element["key"] === true && !isAssociation(element);
  });
}

/** The order that the definition states; null where it is absent or is no order of the key columns. */
export function statedKey(definition: JsonObject): readonly string[] | null {
  const stated = referenceNames(definition[KEY_SEQUENCE]);
  if (stated === null) return null;
  const natural = naturalKey(definition);
  return stated.length === natural.length && natural.every((name) => stated.includes(name)) ? stated : null;
}
