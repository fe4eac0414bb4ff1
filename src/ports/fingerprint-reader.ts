import type { AssetId } from "../model/asset.ts";
import type { Problem } from "../model/errors.ts";
import type { Fingerprint } from "../model/fingerprint.ts";
import type { Listed } from "../model/listing.ts";
import type { CallOptions } from "./call.ts";

/** What an asset's reading came to, without the asset. */
export type FingerprintRead =
  | { readonly kind: "fingerprint"; readonly id: AssetId; readonly fingerprint: Fingerprint; readonly warnings: readonly Problem[] }
  | { readonly kind: "failed"; readonly id: AssetId; readonly problem: Problem };

/**
 * Reads assets and tells no more of them than their fingerprints, so that whoever reads them may do it elsewhere: in other threads, to which
 * places in files are handed and from which hashes come back.
 */
export interface FingerprintReader {
  /** For each batch, in their order, what became of its items, in any order. Takes some more batches before it gives what the first came to. */
  reads(batches: AsyncIterable<readonly Listed[]>, options: CallOptions): AsyncIterable<readonly FingerprintRead[]>;
}
