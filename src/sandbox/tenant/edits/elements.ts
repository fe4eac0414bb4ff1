import type { Json, JsonObject } from "../../../model/json.ts";
import { isJsonObject } from "../../../model/json.ts";
import { keysInOrder, objectInOrder } from "../../../model/key-order.ts";

/** An element of a definition with its name. */
export type Element = readonly [name: string, element: JsonObject];

/** The columns of a definition, in order: its elements without the associations. */
export function columnsOf(definition: JsonObject): readonly Element[] {
  return elementsOf(definition).filter(([, element]) => !isAssociation(element));
}

/** The associations of a definition, in order. */
export function associationsOf(definition: JsonObject): readonly Element[] {
  return elementsOf(definition).filter(([, element]) => isAssociation(element));
}

/** The elements of a definition, in order. */
export function elementsOf(definition: JsonObject): readonly Element[] {
  const elements = definition["elements"];
  if (!isJsonObject(elements)) return [];
  return keysInOrder(elements).flatMap((name): Element[] => {
    const element = elements[name];
    return isJsonObject(element) ? [[name, element]] : [];
  });
}

/** The definition with other elements. */
export function withElements(definition: JsonObject, elements: readonly Element[]): JsonObject {
  return { ...definition, elements: objectInOrder(elements) };
}

/** The definition with one element changed, its place kept. */
export function withElement(definition: JsonObject, name: string, change: (element: JsonObject) => JsonObject): JsonObject {
  return withElements(
    definition,
    elementsOf(definition).map((entry) => (entry[0] === name ? [name, change(entry[1])] : entry)),
  );
}

/** The object without a key. */
export function without(object: JsonObject, key: string): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([other]) => other !== key));
}

/** The object with an annotation set, or taken away where it is undefined. */
export function annotated(object: JsonObject, key: string, value: Json | undefined): JsonObject {
  return value === undefined ? without(object, key) : { ...object, [key]: value };
}

/** True where an element says more than a column or a constraint holds: a label, semantics, anything unknown. */
export function hasAnnotations(element: JsonObject): boolean {
  return Object.keys(element).some((key) => !STRUCTURE.has(key));
}

const STRUCTURE: ReadonlySet<string> = new Set(
  ["type", "length", "precision", "scale", "srid", "items", "elements", "default", "key", "notNull", "target", "on"].concat(
    "@ObjectModel.foreignKey.association",
  ),
);

/** A text that can be read as a changed one, different from every text before it. */
export function reworded(text: Json | undefined, mark: string): string {
  return `${typeof text === "string" ? text : "New"} (${mark})`;
}

function isAssociation(element: JsonObject): boolean {
  return element["type"] === "cds.Association" || element["type"] === "cds.Composition";
}
