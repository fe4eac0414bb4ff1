import { AssetError } from "../model/errors.ts";
import { isJsonObject, type Json, type JsonObject } from "../model/json.ts";
import { keysInOrder } from "../model/key-order.ts";

/** An element with its name. No pair of the two: to take a pair apart costs V8 two objects, for each element of each asset as often as it is looked at. */
export interface NamedElement {
  readonly name: string;
  readonly element: JsonObject;
}

/** Elements in their order. */
export interface Elements {
  readonly columns: readonly NamedElement[];
  readonly associations: readonly NamedElement[];
}

/** A definition's elements, columns and associations apart. Throws `asset_unreadable` for what no CSN has in their place. */
export function elementsOf(definition: JsonObject): Elements {
  const { elements = {} } = definition;
  if (!isJsonObject(elements)) throw new AssetError("asset_unreadable", `its elements are no object but ${shown(elements)}`);
  const columns: NamedElement[] = [];
  const associations: NamedElement[] = [];
  for (const name of keysInOrder(elements)) {
    const element = elements[name] as Json;
    if (!isJsonObject(element))
      throw new AssetError("asset_unreadable", `its element ${JSON.stringify(name)} is no object but ${shown(element)}`);
    (isAssociation(element) ? associations : columns).push({ name, element });
  }
  return { columns, associations };
}

/** True for an element that is a relation, not a column. */
export function isAssociation(element: JsonObject): boolean {
  return element["type"] === "cds.Association" || element["type"] === "cds.Composition";
}

function shown(value: Json): string {
  return Array.isArray(value) ? "an array" : JSON.stringify(value);
}
