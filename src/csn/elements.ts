import { AssetError } from "../model/errors.ts";
import { isJsonObject, type Json, type JsonObject } from "../model/json.ts";
import { keysInOrder } from "../model/key-order.ts";

/** An element with its name. */
export type NamedElement = readonly [name: string, element: JsonObject];

/** Elements in their order. */
export interface Elements {
  readonly columns: readonly NamedElement[];
  readonly associations: readonly NamedElement[];
}

/** A definition's elements, columns and associations apart. Throws `asset_unreadable` for what no CSN has in their place. */
export function elementsOf(definition: JsonObject): Elements {
  const { elements = {} } = definition;
  if (!isJsonObject(elements)) throw new AssetError("asset_unreadable", `its elements are no object but ${shown(elements)}`);
  const named = keysInOrder(elements).map((name): NamedElement => {
    const element = elements[name] as Json;
    if (!isJsonObject(element))
      throw new AssetError("asset_unreadable", `its element ${JSON.stringify(name)} is no object but ${shown(element)}`);
    return [name, element];
  });
  return {
    columns: named.filter(([, element]) => !isAssociation(element)),
    associations: named.filter(([, element]) => isAssociation(element)),
  };
}

/** True for an element that is a relation, not a column. */
export function isAssociation(element: JsonObject): boolean {
  return element["type"] === "cds.Association" || element["type"] === "cds.Composition";
}

function shown(value: Json): string {
  return Array.isArray(value) ? "an array" : JSON.stringify(value);
}
