import type { Json, JsonObject } from "../../model/json.ts";
import type { Draft } from "./columns.ts";
import { type Identity, identityOf, type World } from "./identity.ts";
import type { Rng } from "./rng.ts";

/** An association on its way into `elements`, with the column that leads along it. */
export interface Relation {
  readonly name: string;
  readonly column: string;
  readonly element: JsonObject;
}

/** Associations from the asset's attributes to assets of lower numbers. */
export function draftRelations(identity: Identity, columns: readonly Draft[], count: number, world: World, rng: Rng): readonly Relation[] {
  const locals = rng.shuffle(columns.filter(({ role }) => role === "attribute")).slice(0, count);
  return locals.map((local, index) => {
    const target = relatedTo(identity, world, rng);
    const second = rng.chance(0.08) ? columns.find(({ role, name }) => role === "key" && name !== local.name) : undefined;
    // Association names have at most 20 characters.
    const name = `_${target.name.slice(0, 14)}${index === 0 ? "" : index}`;
    return {
      name,
      column: local.name,
      element: {
        type: "cds.Association",
        on: [...equal(name, local.name, target.key), ...(second === undefined ? [] : ["and", ...equal(name, second.name, second.name)])],
        target: target.space === identity.space ? target.name : `${target.space}.${target.name}`,
        ...(rng.chance(0.8) ? { "@EndUserText.label": `${identity.label} to ${target.label}` } : {}),
      },
    };
  });
}

function equal(association: string, local: string, remote: string): readonly Json[] {
  return [{ ref: [local] }, "=", { ref: [association, remote] }];
}

/** Another asset, of the same space if a few draws find one, else of any; the asset itself where it is the first. */
export function relatedTo(identity: Identity, world: World, rng: Rng): Identity {
  if (identity.number === 0) return identity;
  const draws = Array.from({ length: 5 }, () => identityOf(world, rng.below(identity.number)));
  return draws.find(({ space }) => space === identity.space) ?? draws[0] ?? identity;
}

/** The hierarchy annotations of an asset: by levels, or by parent and child. */
export function draftHierarchies(identity: Identity, columns: readonly Draft[], rng: Rng): JsonObject {
  const attributes = columns.filter(({ role }) => role === "attribute" || role === "key").map(({ name }) => name);
  const [first, second, third] = rng.shuffle(attributes);
  if (first === undefined || second === undefined) return {};
  if (rng.chance(0.6)) {
    return {
      "@Hierarchy.parentChild": [
        { name: "H_PARENT", label: `${identity.label} Hierarchy`, recurse: { parent: [{ "=": first }], child: [{ "=": identity.key }] } },
      ],
    };
  }
  const levels = (names: readonly (string | undefined)[]): Json =>
    names.filter((name) => name !== undefined).map((name) => ({ element: { "=": name } }));
  const hierarchies = [{ name: "H_LEVELS", label: `${identity.label} by Level`, levels: levels([first, second, third]) }];
  if (rng.chance(0.4)) hierarchies.push({ name: "H_SHORT", label: "Short Drill", levels: levels([first, second]) });
  return { "@Hierarchy.leveled": hierarchies };
}
