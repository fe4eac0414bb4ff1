import type { Constraint } from "../model/asset.ts";
import type { JsonObject } from "../model/json.ts";
import { compareCodePoints } from "../model/order.ts";
import { referenceName } from "./annotation-value.ts";
import { type Association, toAssociation } from "./association.ts";
import type { Elements, NamedElement } from "./elements.ts";
import { primaryKey } from "./primary-key.ts";

const FOREIGN_KEY = "@ObjectModel.foreignKey.association";

/**
 * The constraints of a definition: its primary key, then associations and foreign keys by name.
 *
 * A foreign key is a column that names the association it follows; it repeats that association's target and pairs, and has none where
 * the association is missing.
 */
export function toConstraints(definition: JsonObject, elements: Elements): readonly Constraint[] {
  const associations = elements.associations.map(({ name, element }) => toAssociation(name, element));
  const key = primaryKey(definition);
  return [
    ...(key.length === 0 ? [] : [{ type: "primary_key" as const, columns: key }]),
    ...associations.toSorted(byName),
    ...elements.columns.flatMap((column) => toForeignKey(column, associations)).toSorted(byName),
  ];
}

/** True for the annotation of a column that its foreign key says in full. */
export function isSaidByForeignKey(key: string, element: JsonObject): boolean {
  return key === FOREIGN_KEY && referenceName(element[key]) !== null;
}

/** The annotation that {@link toConstraints} made a foreign key of. */
export function fromForeignKey(foreignKey: Association): JsonObject {
  return { [FOREIGN_KEY]: { "=": foreignKey.association as string } };
}

function toForeignKey({ name, element }: NamedElement, associations: readonly Association[]): readonly Association[] {
  const association = referenceName(element[FOREIGN_KEY]);
  if (association === null) return [];
  const followed = associations.find((one) => one.name === association);
  return [{ type: "foreign_key", name, association, target: followed?.target ?? "", columns: followed?.columns ?? [] }];
}

function byName(a: Association, b: Association): number {
  return compareCodePoints(a.name, b.name);
}
