import type { Asset, AssetId } from "./asset.ts";
import type { Problem } from "./errors.ts";
import type { Json } from "./json.ts";

/** One id in a listing, with what the source gives for free beside it. */
export interface Listed {
  readonly id: AssetId;
  /** The scope (a space) that the id was listed in. */
  readonly scope: string;
  /** Equal tokens prove equal definitions: a hash of raw bytes, a strong revision. Null where the source offers none. Never a time or a size of a file. */
  readonly token: string | null;
  /** Where the source finds the definition again; opaque to everyone else. */
  readonly locator: Json;
}

/** A listed id that is to be read. */
export interface Wanted extends Listed {
  /** The token of what was last applied of it under the same basis. Absent where it is to be read whatever is known. */
  readonly known?: string;
  /** What was last applied of it, whatever is known: a source that can only read it more poorly now fails it rather. */
  readonly applied?: Asset;
}

/** What stands at the end of each scope's listing. Only a complete one may lead to deletions. */
export interface ListingCertificate {
  readonly scope: string;
  readonly complete: boolean;
  readonly count: number;
  /** Why not complete: one sentence. */
  readonly problem?: string;
  /** What it left out, by reason, where the source counts that. */
  readonly skipped?: { readonly [reason: string]: number };
  /** What it found that is no asset, by kind. */
  readonly beside?: { readonly [kind: string]: number };
  /** Of a plan and a state: when the scope was last listed completely, ISO 8601. For people and monitors only; nothing is decided by it. */
  readonly complete_at?: string;
}

/**
 * Listed ids of one scope as texts of `count` lines, where no value holds an end of line: what passes through as it came costs no object for
 * each id.
 */
export interface ListedText {
  readonly scope: string;
  readonly count: number;
  /** In strictly ascending code-point order. */
  readonly ids: string;
  /** None of them null. */
  readonly tokens: string;
  /** As JSON. */
  readonly locators: string;
}

/** What a source's listing yields: batches of ids in any order, a certificate at the end of each scope, problems as they are met. */
export type ListingEvent =
  | { readonly kind: "listed"; readonly items: readonly Listed[] }
  /** To those who take text. */
  | ({ readonly kind: "text" } & ListedText)
  /** Equal tokens of a scope prove that it is listed just the same: every id with its token, every problem, the certificate. */
  | { readonly kind: "certificate"; readonly certificate: ListingCertificate; readonly token?: string }
  | { readonly kind: "problem"; readonly problem: Problem };

/** The answer to a read of one listed id. */
export type ReadResult =
  | {
      readonly kind: "asset";
      readonly id: AssetId;
      readonly asset: Asset;
      readonly token: string | null;
      readonly warnings: readonly Problem[];
    }
  /** Instead of an asset, where the source proved that what `known` stands for is what it still holds. */
  | { readonly kind: "unchanged"; readonly id: AssetId }
  | { readonly kind: "failed"; readonly id: AssetId; readonly problem: Problem };

/**
 * Whether a vanished asset is really gone.
 *
 * ```
 * gone        its space is readable and its definition is not in it
 * withdrawn   the source has it, and shows it no longer to those whom the pipeline reads for
 * present     the source has it, and yet it was not listed
 * forbidden   the source refuses to tell
 * unknown     it could not be found out
 * ```
 */
export type Presence = "gone" | "withdrawn" | "present" | "forbidden" | "unknown";
