import { type Json, type JsonObject, setMember } from "../model/json.ts";
import { enumValue } from "./annotation-value.ts";
import { isSaidByAssociation } from "./association.ts";
import { isSaidByColumn } from "./columns.ts";
import { isSaidByForeignKey } from "./constraints.ts";
import { isDescribedByDoc, isSaidByContent } from "./content.ts";
import { toElementProperties } from "./element-properties.ts";
import type { Elements, NamedElement } from "./elements.ts";
import { fromHierarchies, isHierarchyAnnotation, toHierarchies } from "./hierarchies.ts";
import { objectTypeOf, SQL_ANNOTATIONS } from "./object-type.ts";
import { KEY_SEQUENCE, statedKey } from "./primary-key.ts";
import { fromRemoteSource, isSaidByRemoteSource, toRemoteSource } from "./remote-source.ts";

const SEMANTIC_USAGE = "@ObjectModel.modelingPattern";
const EXPOSED = "@DataWarehouse.consumption.external";

/** The custom properties of a noise-free definition, by the table in `to-asset.ts`; all but `steward`. */
export function toCustomProperties(definition: JsonObject, elements: Elements, businessLayer: Json | undefined): JsonObject {
  const hierarchies = toHierarchies(definition);
  const sql = sqlAnnotation(definition);
  let annotations: Members | undefined;
  let unknown: Members | undefined;
  for (const key of Object.keys(definition)) {
    if (isSaidElsewhere(key, definition) || key === sql || (hierarchies !== null && isHierarchyAnnotation(key))) continue;
    setMember(key.startsWith("@") ? (annotations ??= {}) : (unknown ??= {}), key, definition[key] as Json);
  }
  return present({
    object_type: objectTypeOf(definition, businessLayer),
    semantic_usage: enumValue(definition[SEMANTIC_USAGE]) ?? undefined,
    exposed: typeof definition[EXPOSED] === "boolean" ? definition[EXPOSED] : undefined,
    description_source: isDescribedByDoc(definition) ? "doc" : undefined,
    columns: collected(elements.columns, (key, element) => isSaidByColumn(key, element) || isSaidByForeignKey(key, element)),
    associations: collected(elements.associations, isSaidByAssociation),
    hierarchies: hierarchies === null || Object.keys(hierarchies).length === 0 ? undefined : hierarchies,
    query: definition["query"],
    sql: sql === undefined ? undefined : definition[sql],
    sql_annotation: sql === SQL_ANNOTATIONS[0] ? undefined : sql,
    parameters: definition["params"],
    remote_source: toRemoteSource(definition) ?? undefined,
    business_layer: businessLayer,
    annotations,
    unknown,
  });
}

/** The keys of a definition that {@link toCustomProperties} read, without its elements. */
export function fromCustomProperties(properties: JsonObject): JsonObject {
  const { semantic_usage, exposed, hierarchies, query, sql, sql_annotation, parameters, remote_source, annotations, unknown } = properties;
  const read: { readonly [key: string]: Json | undefined } = {
    ...(hierarchies === undefined ? {} : fromHierarchies(hierarchies as JsonObject)),
    ...(remote_source === undefined ? {} : fromRemoteSource(remote_source as JsonObject)),
    [SEMANTIC_USAGE]: semantic_usage === undefined ? undefined : { "#": semantic_usage },
    [EXPOSED]: exposed,
    [(sql_annotation as string | undefined) ?? SQL_ANNOTATIONS[0]]: sql,
    query,
    params: parameters,
    // Last, because a shape that the keys above cannot say stands among these under its own name.
    ...(annotations as JsonObject | undefined),
    ...(unknown as JsonObject | undefined),
  };
  return present(read);
}

function isSaidElsewhere(key: string, definition: JsonObject): boolean {
  switch (key) {
    case "kind":
    case "elements":
    case "query":
    case "params":
      return true;
    case SEMANTIC_USAGE:
      return enumValue(definition[key]) !== null;
    case EXPOSED:
      return typeof definition[key] === "boolean";
    case KEY_SEQUENCE:
      return statedKey(definition) !== null;
    default:
      return isSaidByContent(key, definition) || isSaidByRemoteSource(key, definition);
  }
}

function sqlAnnotation(definition: JsonObject): string | undefined {
  return SQL_ANNOTATIONS.find((annotation) => typeof definition[annotation] === "string");
}

function collected(elements: readonly NamedElement[], isSaid: (key: string, element: JsonObject) => boolean): JsonObject | undefined {
  let properties: Members | undefined;
  for (const { name, element } of elements) {
    const said = toElementProperties(element, isSaid);
    if (said !== null) setMember((properties ??= {}), name, said);
  }
  return properties;
}

function present(members: { readonly [key: string]: Json | undefined }): JsonObject {
  const there: Members = {};
  for (const key of Object.keys(members)) {
    const value = members[key];
    if (value !== undefined) setMember(there, key, value);
  }
  return there;
}

/** An object that is being built. */
interface Members {
  [key: string]: Json;
}
