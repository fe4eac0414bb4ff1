import { createHash } from "node:crypto";
import { canonicalText } from "../../csn/canonical-text.ts";
import { type Asset, type AssetId, spaceOf } from "../../model/asset.ts";
import type { SourceSystem } from "../../model/checkpoint.ts";
import type { Json } from "../../model/json.ts";
import type { Listed, ListingEvent, Presence } from "../../model/listing.ts";
import { compareCodePoints } from "../../model/order.ts";
import type { Meter } from "../../ports/meter.ts";
import type { ListOptions, Source } from "../../ports/source.ts";

/** The assets that a memory source tells, to be changed between and during runs. */
export class MemoryTenant {
  readonly #assets = new Map<AssetId, Asset>();
  readonly #spaces = new Set<string>();
  /** Spaces that cannot be listed or read, each with the reason. */
  readonly unreadable: Map<string, string> = new Map();
  /** Assets that cannot be read, each with the reason. */
  readonly broken: Map<AssetId, string> = new Map();

  constructor(assets: Iterable<Asset> = []) {
    for (const asset of assets) this.put(asset);
  }

  put(asset: Asset): void {
    this.#assets.set(asset.id, asset);
    this.#spaces.add(asset.space);
  }

  addSpace(space: string): void {
    this.#spaces.add(space);
  }

  /** Takes an asset away; its space stays. */
  delete(id: AssetId): void {
    this.#assets.delete(id);
  }

  /** Takes a space away with all that is in it. */
  deleteSpace(space: string): void {
    this.#spaces.delete(space);
    for (const id of this.#assets.keys()) if (spaceOf(id) === space) this.#assets.delete(id);
  }

  get(id: AssetId): Asset | undefined {
    return this.#assets.get(id);
  }

  spaces(): readonly string[] {
    return [...this.#spaces].toSorted(compareCodePoints);
  }

  /** The assets of a space, as they come. */
  in(space: string): readonly Asset[] {
    return [...this.#assets.values()].filter((asset) => asset.space === space);
  }
}

export interface MemorySourceOptions {
  readonly tenant: MemoryTenant;
  readonly system?: SourceSystem;
  /** False: a source without change tokens, so that every asset is read in every run. */
  readonly tokens?: boolean;
  readonly meter?: Meter;
}

const BATCH = 100;

/** A source whose assets stand in memory. A space that the state knows and that is missing or empty is an incomplete listing. */
export function createMemorySource({ tenant, system = "datasphere", tokens = true, meter }: MemorySourceOptions): Source {
  function exchange(received: unknown): void {
    meter?.count({ requests: 1, bytes: { sent: 0, received: Buffer.byteLength(JSON.stringify(received ?? null)) } });
  }

  function listed(asset: Asset): Listed {
    return { id: asset.id, scope: asset.space, token: tokens ? tokenOf(asset) : null, locator: null };
  }

  function scopeToken(space: string): string {
    return hashOf(tenant.in(space).map((asset) => [asset.id, tokenOf(asset)]));
  }

  function* listSpace(space: string, { known, tellsTokens }: ListOptions): Iterable<ListingEvent> {
    const items = tenant.in(space).map(listed);
    const problem =
      tenant.unreadable.get(space) ??
      (items.length === 0 && known.has(space) ? "it is empty or gone, and assets of it were synced before" : undefined);
    if (problem !== undefined) {
      const message = `Space ${space} could not be listed completely: ${problem}. Nothing of it is deleted.`;
      yield { kind: "problem", problem: { scope: space, code: "listing_incomplete", message } };
      yield { kind: "certificate", certificate: { scope: space, complete: false, count: 0, problem } };
      return;
    }
    for (let at = 0; at < items.length; at += BATCH) {
      exchange(items.slice(at, at + BATCH));
      yield { kind: "listed", items: items.slice(at, at + BATCH) };
    }
    const token = tokens && tellsTokens === true ? { token: scopeToken(space) } : {};
    yield { kind: "certificate", certificate: { scope: space, complete: true, count: items.length }, ...token };
  }

  return {
    system,
    scope: { type: "memory" },
    basis: { type: "memory" },
    async *list(options) {
      const missing = [...options.known].filter((space) => !tenant.spaces().includes(space));
      for (const space of [...tenant.spaces(), ...missing].toSorted(compareCodePoints)) {
        options.signal.throwIfAborted();
        if (options.wanted?.(space) === false) continue;
        yield* listSpace(space, options);
      }
    },
    async isAsListed(known, { signal }) {
      signal.throwIfAborted();
      exchange([...known.values()]);
      const spaces = tenant.spaces();
      return (
        spaces.length === known.size && spaces.every((space) => !tenant.unreadable.has(space) && known.get(space) === scopeToken(space))
      );
    },
    async *read(items, { signal }) {
      for (const { id, scope } of items) {
        signal.throwIfAborted();
        const asset = tenant.get(id);
        exchange(asset);
        const reason =
          tenant.unreadable.get(scope) ?? tenant.broken.get(id) ?? (asset === undefined ? "it is gone since it was listed" : undefined);
        if (asset !== undefined && reason === undefined)
          yield { kind: "asset", id, asset, token: tokens ? tokenOf(asset) : null, warnings: [] };
        else
          yield { kind: "failed", id, problem: { asset_id: id, code: "asset_unreadable", message: `${id} could not be read: ${reason}.` } };
      }
    },
    async confirm(ids, { signal }) {
      signal.throwIfAborted();
      return new Map(
        ids.map((id): [AssetId, Presence] => {
          const space = spaceOf(id);
          exchange(id);
          if (tenant.unreadable.has(space) || !tenant.spaces().includes(space)) return [id, "unknown"];
          return [id, tenant.get(id) === undefined ? "gone" : "present"];
        }),
      );
    },
    close: async () => undefined,
  };
}

function tokenOf(asset: Asset): string {
  return hashOf(asset as unknown as Json);
}

function hashOf(value: Json): string {
  return createHash("sha256").update(canonicalText(value)).digest("hex");
}
