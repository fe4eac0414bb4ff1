import { hash } from "node:crypto";
import { canonicalText } from "../../../csn/canonical-text.ts";
import { type Asset, type AssetId, assetId, spaceOf } from "../../../model/asset.ts";
import type { JsonObject } from "../../../model/json.ts";
import { compareCodePoints } from "../../../model/order.ts";
import type { FlowObjects } from "../object-types.ts";
import type { Fill, FlowSource } from "./flow-document.ts";

/** Which flows fill which assets, as the running listing found. */
export class FilledBy {
  readonly #flows = new Map<AssetId, Map<FlowObjects, Map<string, Fill>>>();
  readonly #marks = new Map<AssetId, string>();

  add(space: string, type: FlowObjects, flow: string, fills: readonly Fill[]): void {
    for (const fill of fills) {
      const id = assetId(space, fill.table);
      const types = this.#flows.get(id) ?? new Map<FlowObjects, Map<string, Fill>>();
      this.#flows.set(id, types.set(type, (types.get(type) ?? new Map<string, Fill>()).set(flow, fill)));
    }
  }

  /** The asset with the flows that fill it among its custom properties. */
  onto(asset: Asset): Asset {
    const filled_by = this.#of(asset.id);
    if (filled_by === null) return asset;
    return { ...asset, metadata: { ...asset.metadata, custom_properties: { ...asset.metadata.custom_properties, filled_by } } };
  }

  /** The token of the asset whose definition has this one: another where other flows fill it. */
  token(id: AssetId, ofDefinition: string): string {
    return ofDefinition + this.#mark(id);
  }

  /** The definition's part of a token, where the same flows fill the asset now; undefined where the asset has to be read anew. */
  ofDefinition(id: AssetId, token: string | undefined): string | undefined {
    const [definition = "", ...marks] = token?.split(MARK) ?? [];
    return token === this.token(id, definition) && marks.length < 2 ? definition : undefined;
  }

  #mark(id: AssetId): string {
    const known = this.#marks.get(id);
    if (known !== undefined || !this.#flows.has(id)) return known ?? "";
    const mark = `${MARK}${hash("sha256", canonicalText(this.#of(id) ?? {}))}`;
    this.#marks.set(id, mark);
    return mark;
  }

  #of(id: AssetId): JsonObject | null {
    const types = this.#flows.get(id);
    if (types === undefined) return null;
    const space = spaceOf(id);
    const byName = (flows: ReadonlyMap<string, Fill>): JsonObject =>
      Object.fromEntries([...flows].toSorted(([a], [b]) => compareCodePoints(a, b)).map(([name, fill]) => [name, said(fill, space)]));
    return Object.fromEntries([...types].map(([type, flows]) => [type, byName(flows)]));
  }
}

const MARK = ";filled-by:";

function said({ sources, columns }: Fill, space: string): JsonObject {
  return {
    ...(sources.length === 0 ? {} : { sources: sources.map((source) => sourceJson(source, space)) }),
    ...(Object.keys(columns).length === 0 ? {} : { columns }),
  };
}

/** An object of the tenant is told by its asset's id. With a dot in its name it is another space's, unless SAP delivered it. */
function sourceJson({ connection, object }: FlowSource, space: string): JsonObject {
  if (connection !== undefined) return { connection, object };
  const dot = object.indexOf(".");
  return { asset: dot > 0 && !object.startsWith("SAP.") ? object : assetId(space, object) };
}
