import { hash } from "node:crypto";
import type { Asset, AssetId } from "../model/asset.ts";
import type { Rename } from "../model/change.ts";
import { diffDocuments } from "../model/diff.ts";
import { toDocument } from "../model/document.ts";
import { compareCodePoints } from "../model/order.ts";
import { BestMatches, isComparable } from "./best-pairs.ts";
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
 * Looks for assets that only took another name: pairs of one that vanished and one that appeared, where both have the same structural key
 * and each is the other's one best match by similarity. What could be either of two is not guessed.
 *
 * It is told of all that vanished, then of all that appeared, and then handed each pair of which it has named the vanished one a candidate.
 * It keeps ids and numbers, never an asset: a space that moves has thousands on either side.
 */
export class RenameSearch {
  readonly #gone = new Map<string, Group>();
  readonly #matches = new BestMatches<AssetId>();

  /** Tells of an asset that vanished, each once and before any that appeared. */
  addVanished(asset: Asset): void {
    const key = structuralKey(asset);
    if (key === null) return;
    const group = this.#gone.get(key);
    if (group === undefined) this.#gone.set(key, { ids: [asset.id], appeared: 0 });
    else group.ids.push(asset.id);
  }

  /** Whether anything vanished that could be recognised. */
  get isOpen(): boolean {
    return this.#gone.size > 0;
  }

  /** Tells of an asset that appeared, each once and before any is compared. */
  addAppeared(asset: Asset): void {
    const group = this.#groupOf(asset);
    if (group !== undefined) group.appeared++;
  }

  /** Whether anything that appeared could be what vanished. */
  get hasCandidates(): boolean {
    return this.#gone.values().some(hasCandidates);
  }

  /** The vanished assets with which one that appeared is to be compared. */
  candidatesFor(asset: Asset): readonly AssetId[] {
    const group = this.#groupOf(asset);
    return group !== undefined && hasCandidates(group) ? group.ids : [];
  }

  /** Compares one that vanished with one that appeared of which it is a candidate, each pair once. */
  compare(before: Asset, after: Asset): void {
    this.#matches.add({ left: before.id, right: after.id, similarity: similarityOf(before, after) });
  }

  /** What was found, ordered by the vanished asset. */
  renames(): readonly Rename[] {
    const renames = this.#matches.pairs().map(({ left: from, right: to, similarity }): Rename => ({ from, to, similarity }));
    return renames.toSorted((a, b) => compareCodePoints(a.from, b.from));
  }

  #groupOf(asset: Asset): Group | undefined {
    const key = structuralKey(asset);
    return key === null ? undefined : this.#gone.get(key);
  }
}

/** What is built alike: the assets that vanished, and how many appeared. */
interface Group {
  readonly ids: AssetId[];
  appeared: number;
}

function hasCandidates({ ids, appeared }: Group): boolean {
  return appeared > 0 && isComparable(ids.length, appeared);
}

/** The share of the asset that stayed, its technical name apart: 0..1, in thousandths. */
function similarityOf(before: Asset, after: Asset): number {
  const fields = diffDocuments(toDocument(before), toDocument(after)).filter((field) => field.path !== "/content/technical_name");
  return Math.max(0, Math.round((1 - changedShare(fields, after)) * 1_000) / 1_000);
}
