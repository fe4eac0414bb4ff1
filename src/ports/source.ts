import type { AssetId } from "../model/asset.ts";
import type { SourceSystem } from "../model/checkpoint.ts";
import type { Json } from "../model/json.ts";
import type { ListingEvent, Presence, ReadResult, Wanted } from "../model/listing.ts";
import type { CallOptions } from "./call.ts";

/** Remembers small values of a source between runs: what a file held when it had these bytes, what a tenant was found to offer. */
export interface SourceMemory {
  get(key: string): Promise<Json | undefined>;
  /** Kept only if the run commits. May be called until the run's last read ends. */
  set(key: string, value: Json): void;
}

export interface ListOptions extends CallOptions {
  readonly memory: SourceMemory;
  /** Spaces that the state holds checkpoints of: one that is now missing or empty is an incomplete listing, not an empty one. */
  readonly known: ReadonlySet<string>;
  /** The run believes nothing that was remembered of definitions: everything is read, whatever proves it unchanged. */
  readonly readsAll?: boolean;
  /** Asks for a token of each scope beside its certificate, from those who have one: see {@link Source.isAsListed}. */
  readonly tellsTokens?: boolean;
  /** Batches may come as text, from those who have them so. */
  readonly takesText?: boolean;
  /** Which spaces are asked for; the others may be left out, certificate and all. Absent: every space in scope. */
  readonly wanted?: (space: string) => boolean;
}

/**
 * Where assets are read.
 *
 * Obligations:
 * - `list` yields every asset in scope in bounded batches and, after the last batch of a scope, that scope's certificate. A doubt of
 *   any kind (an error, a gap, a duplicate within one paged listing, a count that disagrees) makes the certificate incomplete; it
 *   never shortens the listing in silence.
 * - The listing of one scope fails alone. Only what leaves nothing to list at all throws `source_unavailable`.
 * - A token is given only where equal tokens prove equal definitions.
 * - `read` answers each of the items exactly once, in any order; one that fails does not stop the others. It answers `unchanged` only
 *   to an item with a `known` token.
 * - `confirm` says `gone` only after a read that shows the space readable and the definition absent.
 */
export interface Source {
  readonly system: SourceSystem;
  /** What `list` covers, for the scope fingerprint: tenant, configured spaces, filters. Never a path, never what was found. */
  readonly scope: Json;
  /** Everything that turns bytes into facets here: mapping version and options. Part of every raw fingerprint's basis. */
  readonly basis: Json;
  list(options: ListOptions): AsyncIterable<ListingEvent>;
  /**
   * Whether a listing would now yield these scopes and no other, each under the token that it had, told for far less than a listing. Left out
   * where it costs as much.
   */
  isAsListed?(tokens: ReadonlyMap<string, string>, options: CallOptions): Promise<boolean>;
  read(items: readonly Wanted[], options: CallOptions): AsyncIterable<ReadResult>;
  confirm(ids: readonly AssetId[], options: CallOptions): Promise<ReadonlyMap<AssetId, Presence>>;
  close(): Promise<void>;
}
