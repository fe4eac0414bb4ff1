import type { Asset } from "../model/asset.ts";
import type { ColumnRename } from "../model/change.ts";
import { sameJson } from "../model/diff.ts";
import { type AssetDocument, toDocument } from "../model/document.ts";
import { isJsonObject, type Json, type JsonObject } from "../model/json.ts";
import { bestPairs } from "./best-pairs.ts";

/**
 * Pairs columns that vanished with columns that appeared. Candidates have the same type, key flag and label; without a label they must
 * stand in the same place. What could be either of two is not guessed. In the order of the columns before.
 */
export function pairColumnRenames(before: Asset, after: Asset): readonly ColumnRename[] {
  const gone = namesBeside(before, after);
  const come = namesBeside(after, before);
  if (gone.size === 0 || come.size === 0) return [];
  const vanished = columnsOf(before).filter(({ name }) => gone.has(name));
  const appeared = columnsOf(after).filter(({ name }) => come.has(name));
  return bestPairs(vanished, appeared, similarityOf)
    .filter(({ similarity }) => similarity > 0)
    .map(({ left, right, similarity }) => ({ from: left.name, to: right.name, similarity }));
}

/** The names of columns that only the first of the two has. */
function namesBeside(asset: Asset, other: Asset): ReadonlySet<string> {
  const names = ({ schema }: Asset): ReadonlySet<string> => new Set(schema.columns.map(({ name }) => name));
  return names(asset).difference(names(other));
}

interface PlacedColumn {
  readonly name: string;
  readonly definition: Json;
  readonly label: Json;
  /** What else is recorded of the column. */
  readonly properties: JsonObject;
  readonly left: string | undefined;
  readonly right: string | undefined;
}

function columnsOf(asset: Asset): readonly PlacedColumn[] {
  const { schema, metadata }: AssetDocument = toDocument(asset);
  const described = metadata.custom_properties["columns"];
  return schema.column_order.map((name, i) => {
    const own = isJsonObject(described) && Object.hasOwn(described, name) ? described[name] : undefined;
    const { label = null, ...properties } = isJsonObject(own) ? own : {};
    return {
      name,
      definition: schema.columns[name] as Json,
      label,
      properties,
      left: schema.column_order[i - 1],
      right: schema.column_order[i + 1],
    };
  });
}

// Half for what every candidate has, the rest for the two witnesses beside it: the place, and what else is recorded.
function similarityOf(before: PlacedColumn, after: PlacedColumn): number {
  if (!sameJson(before.definition, after.definition) || !sameJson(before.label, after.label)) return 0;
  const samePlace = before.left === after.left || before.right === after.right;
  if (before.label === null && !samePlace) return 0;
  return 0.5 + (samePlace ? 0.25 : 0) + (sameJson(before.properties, after.properties) ? 0.25 : 0);
}
