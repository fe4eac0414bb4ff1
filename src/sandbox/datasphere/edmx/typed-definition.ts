import { isJsonObject, type Json, type JsonObject } from "../../../model/json.ts";
import { elementsOf, withElements } from "../../tenant/edits/elements.ts";

/** Finds a definition by the name that another of the same space refers to it by. */
export type Lookup = (name: string) => JsonObject | null;

/** An analytic model with the types of its columns, which are those of the columns they come from; unknown ones stay without. */
export function typedDefinition(model: JsonObject, lookup: Lookup): JsonObject {
  const select = selectOf(model);
  const from = isJsonObject(select["from"]) ? select["from"] : {};
  const fact = refOf(from)[0];
  const alias = from["as"] ?? fact;
  const elements = elementsOf(model);
  const sources = new Map<Json, JsonObject | null>();
  const sourceOf = (step: Json): JsonObject | null => {
    if (!sources.has(step)) {
      const target = step === alias ? fact : elements.find(([name]) => name === step)?.[1]["target"];
      sources.set(step, typeof target === "string" ? lookup(target) : null);
    }
    return sources.get(step) ?? null;
  };
  const origins = new Map(columnsIn(select).map((column) => [column["as"] ?? refOf(column).at(-1), refOf(column)] as const));
  return withElements(
    model,
    elements.map(([name, element]) => {
      const [source, column] = origins.get(name) ?? [];
      if (element["type"] !== undefined || source === undefined || column === undefined) return [name, element];
      const origin = elementsOf(sourceOf(source) ?? {}).find(([other]) => other === column)?.[1] ?? {};
      return [name, { ...typeOf(origin), ...element }];
    }),
  );
}

function typeOf(element: JsonObject): JsonObject {
  return Object.fromEntries(
    ["type", "length", "precision", "scale", "srid"].flatMap((key) => (element[key] === undefined ? [] : [[key, element[key]]])),
  );
}

function selectOf(definition: JsonObject): JsonObject {
  const query = definition["query"];
  const select = isJsonObject(query) ? query["SELECT"] : undefined;
  return isJsonObject(select) ? select : {};
}

function columnsIn(select: JsonObject): readonly JsonObject[] {
  const columns = select["columns"];
  return Array.isArray(columns) ? (columns as readonly Json[]).filter(isJsonObject) : [];
}

function refOf(value: JsonObject): readonly Json[] {
  return Array.isArray(value["ref"]) ? (value["ref"] as readonly Json[]) : [];
}
