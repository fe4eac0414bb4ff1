import { hash } from "node:crypto";
import type { Asset } from "../model/asset.ts";
import type { Rename } from "../model/change.ts";
import { diffDocuments } from "../model/diff.ts";
import { toDocument } from "../model/document.ts";
import { compareCodePoints } from "../model/order.ts";
import { bestPairs } from "./best-pairs.ts";
import { referenceJson } from "./canonical-json.ts";
import { changedShare } from "./strategy.ts";

/**
 * What an asset keeps when it is renamed or moves to another space, as one key: its columns with their types and key flags, in order,
 * and its label. Null for an asset without columns, of which nothing can be recognised. Equal keys make two assets candidates.
 */
export function structuralKey(asset: Asset): string | null {
  if (asset.schema.columns.length === 0) return null;
  const { columns, column_order, data_types } = toDocument(asset).schema;
  return hash("sha256", referenceJson([asset.content.business_name, column_order, columns, data_types ?? null]), "hex");
}

/**
 * Pairs assets that vanished with assets that appeared, where both have the same structural key and each is the other's one best match
 * by similarity. What could be either of two is not guessed. Ordered by the vanished asset.
 */
export function pairRenames(vanished: readonly Asset[], appeared: readonly Asset[]): readonly Rename[] {
  const gone = byKey(vanished);
  const come = byKey(appeared);
  const renames = [...gone].flatMap(([key, olds]) =>
    bestPairs(olds, come.get(key) ?? [], similarityOf).map(({ left, right, similarity }): Rename => ({
      from: left.id,
      to: right.id,
      similarity,
    })),
  );
  return renames.sort((a, b) => compareCodePoints(a.from, b.from));
}

function byKey(assets: readonly Asset[]): ReadonlyMap<string, readonly Asset[]> {
  const groups = new Map<string, Asset[]>();
  for (const asset of assets) {
    const key = structuralKey(asset);
    if (key === null) continue;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [asset]);
    else group.push(asset);
  }
  return groups;
}

/** The share of the asset that stayed, its technical name apart: 0..1, in thousandths. */
function similarityOf(before: Asset, after: Asset): number {
  const fields = diffDocuments(toDocument(before), toDocument(after)).filter((field) => field.path !== "/content/technical_name");
  return Math.max(0, Math.round((1 - changedShare(fields, after)) * 1_000) / 1_000);
}
