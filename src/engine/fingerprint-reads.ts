import { fingerprintAsset } from "../detect/fingerprint-asset.ts";
import type { HashScheme } from "../model/fingerprint.ts";
import type { Listed } from "../model/listing.ts";
import type { CallOptions } from "../ports/call.ts";
import type { FingerprintRead, FingerprintReader } from "../ports/fingerprint-reader.ts";
import type { Source } from "../ports/source.ts";

/** Reads fingerprints from a source, here and one batch after the other. */
export function fingerprintReader(source: Pick<Source, "read">, scheme: HashScheme): FingerprintReader {
  return {
    async *reads(batches, options) {
      for await (const batch of batches) yield await readFingerprints(source, scheme, batch, options);
    },
  };
}

/** Reads some assets and tells their fingerprints under a scheme. */
export async function readFingerprints(
  source: Pick<Source, "read">,
  scheme: HashScheme,
  items: readonly Listed[],
  options: CallOptions,
): Promise<readonly FingerprintRead[]> {
  const reads: FingerprintRead[] = [];
  if (items.length === 0) return reads;
  for await (const read of source.read(items, options)) {
    // Never `unchanged`: that is answered to whoever says what he knows.
    if (read.kind === "failed") reads.push(read);
    if (read.kind === "asset")
      reads.push({ kind: "fingerprint", id: read.id, fingerprint: fingerprintAsset(read.asset, scheme), warnings: read.warnings });
  }
  return reads;
}
