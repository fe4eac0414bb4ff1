import { TYPE_KEYS } from "../../csn/data-type.ts";
import { isJsonObject, type Json, type JsonObject } from "../../model/json.ts";
import { keysInOrder, objectInOrder } from "../../model/key-order.ts";
import type { LoadedDefinition } from "./read-definition.ts";

/** A column of an analytic model, and the column of its fact or dimension that it takes its type from. */
export interface Origin {
  readonly element: string;
  /** As the model refers to it: by name, or with the space's name before it where that is another. */
  readonly source: string;
  readonly column: string;
}

/**
 * Where the columns of an analytic model come from that bear no type of their own: by its business layer, and for what that does not
 * say by its query.
 */
export function originsOf({ definition, businessLayer }: LoadedDefinition): readonly Origin[] {
  const elements = objectAt(definition, "elements");
  const [byLayer, byQuery] = [layerOrigins(businessLayer), queryOrigins(definition, elements)];
  return keysInOrder(elements).flatMap((element) => {
    if (objectAt(elements, element)["type"] !== undefined) return [];
    const origin = byLayer.get(element) ?? byQuery.get(element);
    return origin === undefined ? [] : [{ element, ...origin }];
  });
}

/** The definition with types for its columns, `types` by the names of those; a column that is not in it stays as it is. */
export function withTypes(definition: JsonObject, types: ReadonlyMap<string, JsonObject>): JsonObject {
  const elements = objectAt(definition, "elements");
  const typed = keysInOrder(elements).map((name): [string, Json] => {
    const type = types.get(name);
    return [name, type === undefined ? (elements[name] as Json) : { ...type, ...objectAt(elements, name) }];
  });
  return objectInOrder(
    keysInOrder(definition).map((key) => [key, key === "elements" && typed.length > 0 ? objectInOrder(typed) : (definition[key] as Json)]),
  );
}

/** True for a definition that has a column without a type. */
export function hasUntyped(definition: JsonObject): boolean {
  const elements = objectAt(definition, "elements");
  return Object.keys(elements).some((name) => objectAt(elements, name)["type"] === undefined);
}

/** The types of a definition's columns: of each element the keys that make up its type. */
export function columnTypes(definition: JsonObject): ReadonlyMap<string, JsonObject> {
  const elements = objectAt(definition, "elements");
  return new Map(
    Object.keys(elements).map((name) => {
      const element = objectAt(elements, name);
      return [name, Object.fromEntries(TYPE_KEYS.flatMap((key) => (element[key] === undefined ? [] : [[key, element[key]]])))];
    }),
  );
}

type Place = Omit<Origin, "element">;

function layerOrigins(layer: Json | undefined): ReadonlyMap<string, Place> {
  const model = objectAt(layer, "sourceModel");
  const sources = new Map(
    [objectAt(model, "factSources"), objectAt(model, "dimensionSources")].flatMap((group) =>
      Object.keys(group).flatMap((key): [string, string][] => {
        const name = objectAt(objectAt(group, key), "dataEntity")["key"];
        return typeof name === "string" ? [[key, name]] : [];
      }),
    ),
  );
  const parts = [objectAt(layer, "attributes"), objectAt(layer, "measures")];
  return new Map(
    parts.flatMap((part) =>
      Object.keys(part).flatMap((element): [string, Place][] => {
        const [key, column] = mappingOf(objectAt(part, element));
        const source = sources.get(key ?? "");
        return source === undefined || column === undefined ? [] : [[element, { source, column }]];
      }),
    ),
  );
}

// Since 1.7 a column of the fact says `{"<fact>": {"key": "<column>"}}`; dimensions' columns, and all of older models, name both flat.
function mappingOf(part: JsonObject): readonly [key?: string, column?: string] {
  const mapping = isJsonObject(part["attributeMapping"]) ? part["attributeMapping"] : objectAt(part, "measureMapping");
  const [mapped] = Object.keys(mapping);
  const [key, column] = mapped === undefined ? [part["sourceKey"], part["key"]] : [mapped, objectAt(mapping, mapped)["key"]];
  return typeof key === "string" && typeof column === "string" ? [key, column] : [];
}

function queryOrigins(definition: JsonObject, elements: JsonObject): ReadonlyMap<string, Place> {
  const select = objectAt(objectAt(definition, "query"), "SELECT");
  const from = objectAt(select, "from");
  const [fact] = refOf(from);
  const alias = from["as"] ?? fact;
  const columns = Array.isArray(select["columns"]) ? (select["columns"] as readonly Json[]) : [];
  return new Map(
    columns.flatMap((column): [string, Place][] => {
      const ref = refOf(column);
      const name = isJsonObject(column) && typeof column["as"] === "string" ? column["as"] : ref.at(-1);
      const [step, inner] = ref;
      if (name === undefined || step === undefined || inner === undefined || ref.length !== 2) return [];
      const source = step === alias ? fact : objectAt(elements, step)["target"];
      return typeof source === "string" ? [[name, { source, column: inner }]] : [];
    }),
  );
}

function refOf(value: Json | undefined): readonly string[] {
  const ref = isJsonObject(value) ? value["ref"] : undefined;
  return Array.isArray(ref) ? ref.map((step: Json) => (typeof step === "string" ? step : stepId(step))) : [];
}

// A source with parameters: `{id, args}`.
function stepId(step: Json): string {
  const id = isJsonObject(step) ? step["id"] : undefined;
  return typeof id === "string" ? id : "";
}

function objectAt(value: Json | undefined, key: string): JsonObject {
  const inner = isJsonObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
  return isJsonObject(inner) ? inner : {};
}
