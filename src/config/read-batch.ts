import { createCsnSourceInThread } from "../connectors/csn/source.ts";
import { readFingerprints } from "../engine/fingerprint-reads.ts";
import type { Listed } from "../model/listing.ts";
import { createMeter } from "../wrappers/meter.ts";
import type { FailedThere, ReadThere, ThreadData } from "./export-threads.ts";

const { signal } = new AbortController();

/** What a thread of ExportThreads does for its fingerprints: reads a batch from the exports, and answers with hashes. */
export async function readBatch(items: readonly Listed[], { source: options, scheme }: ThreadData): Promise<ReadThere | FailedThere> {
  const meter = createMeter();
  try {
    const reads = await readFingerprints(createCsnSourceInThread({ ...options, meter }), scheme, items, { signal });
    return { reads, cost: meter.reading() };
  } catch (error) {
    return { problem: (error as Error).message };
  }
}
