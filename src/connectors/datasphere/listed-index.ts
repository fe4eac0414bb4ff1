import { type AssetId, assetId } from "../../model/asset.ts";
import type { AssetSegment } from "./object-types.ts";

/** What a listing told of an asset. */
export interface Indexed {
  readonly segment: AssetSegment;
  readonly token: string | null;
}

// About 40 MB. What is beyond it is looked for where it may stand.
const MOST_ENTRIES = 200_000;

/** The tables and views of the running listing, for the analytic models that are made of them. */
export class ListedIndex {
  readonly #entries = new Map<AssetId, Indexed>();

  clear(): void {
    this.#entries.clear();
  }

  add(id: AssetId, indexed: Indexed): void {
    if (this.#entries.size < MOST_ENTRIES) this.#entries.set(id, indexed);
  }

  get(id: AssetId): Indexed | null {
    return this.#entries.get(id) ?? null;
  }

  /** The asset that an object of a space means by a name: one of its own, or with its space before the first dot one of another. */
  resolve(space: string, name: string): AssetId {
    const own = assetId(space, name);
    const dot = name.indexOf(".");
    if (dot <= 0 || this.#entries.has(own)) return own;
    return this.#entries.has(name) || !name.startsWith("SAP.") ? name : own;
  }
}
