import { NO_OVERLAY, type Overlay } from "../../csn/overlay.ts";
import { TidemarkError } from "../../model/errors.ts";
import type { Json } from "../../model/json.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Random } from "../../ports/random.ts";
import type { RateLimiter } from "../../ports/rate-limiter.ts";
import type { Source } from "../../ports/source.ts";
import { GlueCalls } from "./calls.ts";
import { catalogScope } from "./catalog-scope.ts";
import { type ClientOptions, createClient, type GlueApi, type GlueConnection } from "./client.ts";
import { MAPPING_VERSION } from "./marks.ts";
import { SOURCE_MAPPING_VERSION } from "./source-asset.ts";
import { listCatalog } from "./source-list.ts";
import type { GlueSourceParts, IdentityRule, TableFilter } from "./source-pages.ts";
import { presences, readTables } from "./source-read.ts";
import { DatabasePatterns } from "./source-spaces.ts";
import { listToldAssets, presencesOfTold } from "./source-told.ts";

export interface GlueSourceOptions extends GlueConnection, Partial<Overlay> {
  /** Names of databases, or patterns with `*` and `?`. Default: all. */
  readonly databases?: readonly string[];
  /** Default: all; with the identity `asset`, own. */
  readonly tables?: TableFilter;
  /** Default: place. With `asset`, only tables that bear marks are listed. */
  readonly identity?: IdentityRule;
  /** Through which every request goes; destroyed with the source. */
  readonly agents: ClientOptions["agents"];
  /** The one for this endpoint. */
  readonly limiter: RateLimiter;
  readonly clock: Clock;
  readonly random: Random;
  /** For a whole exchange. Default 60 s. */
  readonly requestTimeoutMs?: number;
}

/**
 * AWS Glue Data Catalog as a source: a database is a space, a table an asset.
 *
 * A listing takes one request for a hundred tables, and a table whose definition has the same hash as before is not read again. Nothing
 * is ever written.
 */
export function createGlueSource(options: GlueSourceOptions): Source {
  const { region, endpoint, catalog_id, databases = ["*"], identity = "place", limiter, clock, random } = options;
  if (databases.length === 0) throw new TidemarkError("config_invalid", "The Glue source names no database: `databases` is empty.");
  const tables = options.tables ?? (identity === "asset" ? "own" : "all");
  if (identity === "asset" && tables !== "own")
    throw new TidemarkError(
      "config_invalid",
      `The Glue source cannot call tables by the assets that their marks name: it lists ${tables} tables.`,
      {
        remedy: "Leave `tables` out, or say own.",
      },
    );
  const address = endpoint ?? region ?? "the environment's region";
  let client: Promise<GlueApi> | null = null;
  const calls = new GlueCalls({
    client: () => (client ??= createClient({ ...options, requestTimeoutMs: options.requestTimeoutMs ?? 60_000 })),
    limiter,
    clock,
    random,
    address,
  });
  const overlay: Overlay = {
    owners: options.owners ?? NO_OVERLAY.owners,
    stewards: options.stewards ?? NO_OVERLAY.stewards,
    tags: options.tags ?? NO_OVERLAY.tags,
  };
  const parts: GlueSourceParts = {
    calls,
    address,
    catalogId: catalog_id,
    databases: new DatabasePatterns(databases),
    tables,
    identity,
    overlay,
  };
  return {
    system: "glue",
    scope: { ...catalogScope(options), databases: [...databases].toSorted(), tables, identity },
    basis: { mapping: `${SOURCE_MAPPING_VERSION}/${MAPPING_VERSION}`, overlay: overlay as unknown as Json },
    list: (call) => (identity === "asset" ? listToldAssets(parts, call) : listCatalog(parts, call)),
    read: (items, { signal }) => readTables(parts, items, signal),
    confirm: (ids, { signal }) => (identity === "asset" ? presencesOfTold(parts, ids, signal) : presences(parts, ids, signal)),
    async close() {
      if (client !== null) (await client.catch(() => null))?.destroy();
    },
  };
}
