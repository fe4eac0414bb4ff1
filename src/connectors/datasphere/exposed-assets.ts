import type { Overlay } from "../../csn/overlay.ts";
import type { Asset, AssetType } from "../../model/asset.ts";
import type { JsonObject } from "../../model/json.ts";
import type { CallOptions } from "../../ports/call.ts";
import { assetToken } from "./asset-token.ts";
import { Catalog } from "./catalog/catalog.ts";
import type { ExposedAsset } from "./catalog/exposed-asset.ts";
import { type MetadataReply, readMetadata } from "./catalog/metadata.ts";
import { edmxToAsset, edmxTypes } from "./edmx/to-asset.ts";
import type { EdmxMode } from "./edmx/to-definition.ts";
import type { AssetSegment } from "./object-types.ts";
import type { ObjectAddress } from "./read-definition.ts";
import { PageRefused } from "./pages.ts";
import type { TenantHttp } from "./tenant-http.ts";

/**
 * What spaces expose for consumption, and what `$metadata` tells of it. The catalog of a space is read at most once for each listing, and
 * not before somebody wants to know.
 *
 * All of it throws `TenantError`, and `AssetError` for a damaged document.
 */
export class ExposedAssets {
  readonly #http: TenantHttp;
  readonly #catalog: Catalog;
  readonly #spaces = new Map<string, Promise<ReadonlyMap<string, ExposedAsset>>>();
  readonly #told = new Set<string>();

  constructor(http: TenantHttp) {
    this.#http = http;
    this.#catalog = new Catalog(http);
  }

  /** Forgets what was read before: another listing begins. */
  forget(): void {
    this.#spaces.clear();
    this.#told.clear();
  }

  /** True for a space that this is asked of for the first time since the listing began: what is the same for all its assets is said once. */
  isFirstOf(space: string): boolean {
    if (this.#told.has(space)) return false;
    this.#told.add(space);
    return true;
  }

  /** Every exposed asset of a space by its name. */
  of(space: string, options: CallOptions): Promise<ReadonlyMap<string, ExposedAsset>> {
    const known = this.#spaces.get(space) ?? this.#read(space, options);
    this.#spaces.set(space, known);
    return known;
  }

  /** The spaces of the catalog. */
  spaces(options: CallOptions): Promise<readonly string[]> {
    return this.#catalog.spaces(options);
  }

  /**
   * An asset as its `$metadata` describes it, for a caller who may not read its definition. With the `known` token of an earlier answer
   * it is asked for only if it changed, where the tenant tags its documents. Null where it is not exposed.
   */
  async asset(
    address: ObjectAddress,
    overlay: Overlay,
    options: CallOptions & { readonly known?: string | undefined },
  ): Promise<{ readonly asset: Asset; readonly token: string } | "unchanged" | null> {
    const found = await this.#document(address, ["relational", "analytical"], options);
    if (found === null || found.reply.kind === "unchanged") return found === null ? null : "unchanged";
    const { space, name, segment } = address;
    const { edmx, etag } = found.reply;
    const asset = edmxToAsset(edmx, { space, name, asset_type: ASSET_TYPE_OF[segment], mode: found.mode, overlay });
    return { asset, token: etag === null ? assetToken(asset) : `${ETAG}${found.mode}:${etag}` };
  }

  /** The types of an analytic model's columns, by their names; empty where it is not exposed. */
  async types(address: ObjectAddress, options: CallOptions): Promise<ReadonlyMap<string, JsonObject>> {
    const found = await this.#document(address, ["analytical"], options);
    return found?.reply.kind === "document" ? edmxTypes(found.reply.edmx, address.name) : new Map();
  }

  /** The first of these documents that there is: the relational one tells more. */
  async #document(
    { space, name }: ObjectAddress,
    modes: readonly EdmxMode[],
    { signal, known }: CallOptions & { readonly known?: string | undefined },
  ): Promise<{ readonly reply: Exclude<MetadataReply, { readonly kind: "absent" }>; readonly mode: EdmxMode } | null> {
    const documents = (await this.#exposedOf(space, { signal })).get(name)?.documents ?? {};
    for (const mode of modes) {
      const generation = documents[mode];
      if (generation === undefined) continue;
      const tag = known?.startsWith(`${ETAG}${mode}:`) === true ? known.slice(`${ETAG}${mode}:`.length) : undefined;
      const reply = await readMetadata(this.#http, { space, name, mode, generation }, { signal, known: tag });
      if (reply.kind !== "absent") return { reply, mode };
    }
    return null;
  }

  /** A space whose catalog the tenant refuses has nothing to tell. */
  async #exposedOf(space: string, options: CallOptions): Promise<ReadonlyMap<string, ExposedAsset>> {
    try {
      return await this.of(space, options);
    } catch (error) {
      if (error instanceof PageRefused) return new Map();
      throw error;
    }
  }

  async #read(space: string, options: CallOptions): Promise<ReadonlyMap<string, ExposedAsset>> {
    try {
      const assets = (await Array.fromAsync(this.#catalog.assets(space, options))).flat();
      return new Map(assets.map((asset) => [asset.name, asset]));
    } catch (error) {
      this.#spaces.delete(space);
      throw error;
    }
  }
}

const ETAG = "metadata-etag:";

/** What an asset is that only the catalog tells of: analytic models have no relational document, and tables are not exposed. */
export function segmentOf({ documents }: ExposedAsset): AssetSegment {
  return documents.relational === undefined ? "analyticmodels" : "views";
}

const ASSET_TYPE_OF: { readonly [S in AssetSegment]: AssetType } = {
  localtables: "table",
  remotetables: "remote_table",
  views: "view",
  analyticmodels: "analytic_model",
};
