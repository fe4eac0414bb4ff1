import * as z from "zod";

/** What can be turned while the sandbox runs. */
export interface Settings {
  /** Requests that a minute lets through, all together; null for no limit. */
  readonly requests_per_minute: number | null;
  /** Added before every answer. */
  readonly latency_ms: number;
  /** How long a token is good for, from its issue. */
  readonly token_lifetime_s: number;
  /** Answer compressed where the caller accepts it. */
  readonly gzip: boolean;

  /** Lists tell `createdOn`, `changedOn` and `deployedOn`. */
  readonly timestamps: boolean;
  /** Times are cut to this many milliseconds: with 1000, two changes within a second bear the same one. */
  readonly timestamp_resolution_ms: number;
  /** Reads bear an `ETag`, and `If-None-Match` is honoured. */
  readonly etags: boolean;
  /** All definitions of a space come in one answer. */
  readonly bulk: boolean;
  /** There is a discovery document. */
  readonly discovery: boolean;
  /** Service documents bear `@odata.metadataEtag`. */
  readonly metadata_etags: boolean;
  /** The catalog's paths of today answer. */
  readonly new_paths: boolean;
  /** The catalog's deprecated paths answer. */
  readonly old_paths: boolean;

  /** The largest `top` that lists of objects take. */
  readonly list_limit: number;
  /** Rows of a catalog page. */
  readonly catalog_page: number;
  readonly next_links: "absolute" | "path" | "relative";
  /** A catalog page bears a link to the next one although the caller asked for `$top`. */
  readonly next_links_with_top: boolean;
  /** The catalog answers with spaces as a bare array. */
  readonly bare_spaces: boolean;
  /** Reads hold namespaces and stand-ins for foreign objects beside the definition that was asked for. */
  readonly by_catch: boolean;
}

/** A tenant that offers nothing but what was seen or documented somewhere. */
export const DEFAULT_SETTINGS: Settings = {
  requests_per_minute: 300,
  latency_ms: 0,
  token_lifetime_s: 86_399,
  gzip: true,
  timestamps: false,
  timestamp_resolution_ms: 1,
  etags: false,
  bulk: false,
  discovery: true,
  metadata_etags: true,
  new_paths: true,
  old_paths: true,
  list_limit: 200,
  catalog_page: 500,
  next_links: "absolute",
  next_links_with_top: false,
  bare_spaces: false,
  by_catch: false,
};

/** What a tenant offers to tell what changed, as far as nobody knows for certain whether real ones do. */
export const PROFILES: Readonly<Record<"tokens" | "etags" | "bulk" | "none", Partial<Settings>>> = {
  tokens: { timestamps: true },
  etags: { etags: true },
  bulk: { bulk: true },
  none: {},
};
export type Profile = keyof typeof PROFILES;

/** Settings as the control API takes them: any part of them. */
export const settingsChange: z.ZodType<Partial<Settings>> = z
  .strictObject({
    requests_per_minute: z.int().min(1).nullable(),
    latency_ms: z.number().min(0),
    token_lifetime_s: z.number().min(0),
    gzip: z.boolean(),
    timestamps: z.boolean(),
    timestamp_resolution_ms: z.int().min(1),
    etags: z.boolean(),
    bulk: z.boolean(),
    discovery: z.boolean(),
    metadata_etags: z.boolean(),
    new_paths: z.boolean(),
    old_paths: z.boolean(),
    list_limit: z.int().min(1),
    catalog_page: z.int().min(1),
    next_links: z.enum(["absolute", "path", "relative"]),
    next_links_with_top: z.boolean(),
    bare_spaces: z.boolean(),
    by_catch: z.boolean(),
  })
  .partial() as z.ZodType<Partial<Settings>>;
