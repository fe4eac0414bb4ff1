import type { Constraint } from "../model/asset.ts";
import { isJsonObject, type Json, type JsonObject } from "../model/json.ts";
import { readName, spellName } from "./spelled-name.ts";

/** A relation to another entity, as a constraint of the schema. */
export type Association = Extract<Constraint, { readonly name: string }>;

/** The constraint that an association element makes. What else the element says is left to `toElementProperties`. */
export function toAssociation(name: string, element: JsonObject): Association {
  const { target, on } = element;
  const columns = on === undefined ? [] : columnPairs(name, on);
  return {
    type: "association",
    name,
    target: target === undefined ? "" : spellName(target),
    columns: columns ?? [],
    ...(columns === null && on !== undefined ? { on } : {}),
  };
}

/** The keys of an element that {@link toAssociation} made a constraint of. */
export function fromAssociation({ name, target, columns, on }: Association): JsonObject {
  const pairs = columns.flatMap(({ local, remote }, i) => [...(i === 0 ? [] : ["and"]), { ref: [local] }, "=", { ref: [name, remote] }]);
  return {
    type: "cds.Association",
    ...(target === "" ? {} : { target: readName(target) }),
    ...(pairs.length === 0 ? {} : { on: pairs }),
    ...(on === undefined ? {} : { on }),
  };
}

/** True for a key of an association element that its constraint says in full. */
export function isSaidByAssociation(key: string, element: JsonObject): boolean {
  return key === "target" || key === "on" || (key === "type" && element["type"] === "cds.Association");
}

/**
 * Reads `[{ref: [local]}, "=", {ref: [association, remote]}, "and", …]`, the form in which Datasphere writes the join of an
 * association. Null for any other condition.
 */
function columnPairs(association: string, on: Json): Association["columns"] | null {
  if (!Array.isArray(on) || on.length % 4 !== 3) return null;
  const pairs: { local: string; remote: string }[] = [];
  for (let i = 0; i < on.length; i += 4) {
    const local = refPath(on[i]);
    const remote = refPath(on[i + 2]);
    if (local?.length !== 1 || remote?.length !== 2 || remote[0] !== association) return null;
    if (on[i + 1] !== "=" || (i > 0 && on[i - 1] !== "and")) return null;
    pairs.push({ local: local[0] as string, remote: remote[1] as string });
  }
  return pairs;
}

function refPath(value: Json | undefined): readonly string[] | null {
  if (!isJsonObject(value) || Object.keys(value).length !== 1) return null;
  const path = value["ref"];
  return Array.isArray(path) && path.every((step) => typeof step === "string") ? path : null;
}
