import { isJsonObject, type Json, type JsonObject } from "../model/json.ts";

/** True for an annotation that defines hierarchies, such as `@Hierarchy.leveled`. */
export function isHierarchyAnnotation(key: string): boolean {
  return key.startsWith("@Hierarchy.");
}

/** The names of all hierarchies of a definition. */
export function hierarchyNames(definition: JsonObject): readonly string[] {
  return allHierarchies(definition).flatMap(({ definition: hierarchy }) => nameOf(hierarchy) ?? []);
}

/**
 * The hierarchies by name: `{annotation, ordinal, definition}`, where `ordinal` is the place in the annotation's list.
 * Null where they have no such form (a list without names, a name that stands twice): then the annotations are kept as they are.
 */
export function toHierarchies(definition: JsonObject): JsonObject | null {
  const lists = annotationsOf(definition).map((annotation) => definition[annotation]);
  if (lists.some((list) => !Array.isArray(list) || list.length === 0)) return null;
  const named = allHierarchies(definition).map((hierarchy) => [nameOf(hierarchy.definition), hierarchy] as const);
  if (named.some(([name]) => name === null) || new Set(named.map(([name]) => name)).size < named.length) return null;
  return Object.fromEntries(named);
}

/** The annotations that {@link toHierarchies} read. */
export function fromHierarchies(hierarchies: JsonObject): JsonObject {
  const all = Object.values(hierarchies) as unknown as readonly Hierarchy[];
  const byAnnotation = Map.groupBy(
    all.toSorted((a, b) => a.ordinal - b.ordinal),
    ({ annotation }) => annotation,
  );
  return Object.fromEntries([...byAnnotation].map(([annotation, list]) => [annotation, list.map(({ definition }) => definition)]));
}

interface Hierarchy {
  readonly annotation: string;
  readonly ordinal: number;
  readonly definition: Json;
}

function allHierarchies(definition: JsonObject): readonly (Hierarchy & JsonObject)[] {
  return annotationsOf(definition).flatMap((annotation) => {
    const list = definition[annotation];
    return Array.isArray(list) ? list.map((hierarchy: Json, ordinal) => ({ annotation, ordinal, definition: hierarchy })) : [];
  });
}

function annotationsOf(definition: JsonObject): readonly string[] {
  return Object.keys(definition).filter(isHierarchyAnnotation);
}

function nameOf(hierarchy: Json): string | null {
  const name = isJsonObject(hierarchy) ? hierarchy["name"] : undefined;
  return typeof name === "string" ? name : null;
}
