import type { JsonObject } from "../../../model/json.ts";
import { definitionOf, shapeOf } from "../../tenant/definition.ts";
import { associationsOf, columnsOf, type Element } from "../../tenant/edits/elements.ts";
import { type Identity, identityOf, type World } from "../../tenant/identity.ts";
import { Rng } from "../../tenant/rng.ts";
import { asText } from "./as-text.ts";

/** What an analytic model is made over: a fact, and what that is related to. */
export interface Source {
  readonly identity: Identity;
  /** As a model of the other space refers to it. */
  readonly key: string;
  readonly columns: readonly Element[];
  readonly dimensions: readonly Dimension[];
}

/** A related object, reached through an association of the source. */
export interface Dimension {
  readonly association: string;
  readonly local: string;
  readonly element: JsonObject;
  readonly affix: string;
  readonly columns: readonly Element[];
}

/** The source of the model of that number: a fact, where a few draws find one. */
export function drawSource(world: World, tables: number, number: number, space: string): Source {
  const rng = new Rng(world.seed, number, 8);
  const draws = Array.from({ length: 24 }, () => rng.below(tables));
  const fact = draws.find((draw) => shapeOf(world, draw).usage === "ANALYTICAL_FACT") ?? draws[0] ?? 0;
  const identity = identityOf(world, fact);
  const table = definitionOf(world, fact);
  const dimensions = associationsOf(table).flatMap(([name, element], index) => dimensionOf(world, tables, space, name, element, index));
  return { identity, key: seenFrom(space, identity), columns: columnsOf(table), dimensions };
}

function dimensionOf(
  world: World,
  tables: number,
  space: string,
  association: string,
  element: JsonObject,
  index: number,
): readonly Dimension[] {
  const target = asText(element["target"]);
  const related = Number.parseInt(target.slice(target.lastIndexOf("_") + 1), 36);
  const [local] = (element["on"] as readonly [{ readonly ref: readonly string[] }]) ?? [];
  if (!(related < tables) || local?.ref[0] === undefined) return [];
  const columns = columnsOf(definitionOf(world, related)).slice(1, 4);
  const key = seenFrom(space, identityOf(world, related));
  return [{ association, local: local.ref[0], element: { ...element, target: key }, affix: `_D${index}`, columns }];
}

// Names of other spaces bear their space.
function seenFrom(space: string, object: Identity): string {
  return object.space === space ? object.name : `${object.space}.${object.name}`;
}
