import { parentPort, workerData } from "node:worker_threads";
import { createCsnSourceInThread } from "../connectors/csn/source.ts";
import { readFingerprints } from "../engine/fingerprint-reads.ts";
import type { Listed } from "../model/listing.ts";
import { createMeter } from "../wrappers/meter.ts";
import type { FailedThere, ReadThere, ThreadData } from "./fingerprint-threads.ts";

// A thread of fingerprintThreads: reads one batch after the other from the same exports, and answers with hashes.
const { source: options, scheme } = workerData as ThreadData;
const { signal } = new AbortController();
let before: Promise<void> = Promise.resolve();

parentPort?.on("message", (items: readonly Listed[]) => {
  // In the order of the questions, which is all that tells their answers apart.
  before = before.then(async () => parentPort?.postMessage(await answer(items), []));
});

async function answer(items: readonly Listed[]): Promise<ReadThere | FailedThere> {
  const meter = createMeter();
  try {
    const reads = await readFingerprints(createCsnSourceInThread({ ...options, meter }), scheme, items, { signal });
    return { reads, cost: meter.reading() };
  } catch (error) {
    return { problem: (error as Error).message };
  }
}
