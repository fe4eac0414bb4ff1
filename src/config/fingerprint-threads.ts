import type { CsnSourceOptions } from "../connectors/csn/source.ts";
import { readFingerprints } from "../engine/fingerprint-reads.ts";
import { TidemarkError } from "../model/errors.ts";
import type { HashScheme } from "../model/fingerprint.ts";
import type { Listed } from "../model/listing.ts";
import type { Cost } from "../model/report.ts";
import type { CallOptions } from "../ports/call.ts";
import type { FingerprintRead, FingerprintReader } from "../ports/fingerprint-reader.ts";
import type { Source } from "../ports/source.ts";
import { inOrder } from "../threads/in-order.ts";
import { besides, ThreadPool } from "../threads/thread-pool.ts";

/** What each thread opens: the same folder of exports, and the scheme. */
export interface ThreadData {
  readonly source: Omit<CsnSourceOptions, "meter">;
  readonly scheme: HashScheme;
}

/** What a thread answers a batch: with what it cost. */
export interface ReadThere {
  readonly reads: readonly FingerprintRead[];
  readonly cost: Cost;
}

export interface FailedThere {
  readonly problem: string;
}

/** So few are read sooner here than threads have started. */
const READ_HERE = 128;
/** MiB: in the one that V8 begins with a thread spends a quarter of its time on collecting. */
const ROOM_FOR_NEW = 4;
/** Batches that each thread has before it. */
const AHEAD = 3;

/** Has other threads read, map and hash the assets of a folder of exports. */
export function fingerprintThreads({ source, scheme, options }: ThreadedOptions): FingerprintReader {
  const pool = new ThreadPool<readonly Listed[], ReadThere | FailedThere>(besides(import.meta.url, "fingerprint-thread"), {
    data: { source: withoutMeter(options), scheme } satisfies ThreadData,
    roomForNew: ROOM_FOR_NEW,
  });
  let asked = 0;

  async function read(batch: readonly Listed[], call: CallOptions): Promise<readonly FingerprintRead[]> {
    call.signal.throwIfAborted();
    asked += batch.length;
    if (asked <= READ_HERE || batch.length === 0) return await readFingerprints(source, scheme, batch, call);
    const answer = await pool.ask(batch, []);
    if ("problem" in answer) throw new TidemarkError("source_unavailable", `The exports could not be read: ${answer.problem}`);
    options.meter.count(answer.cost);
    return answer.reads;
  }

  return {
    reads: (batches, call) => inOrder(batches, pool.threads * AHEAD, (batch) => read(batch, call)),
    [Symbol.asyncDispose]: () => pool[Symbol.asyncDispose](),
  };
}

interface ThreadedOptions {
  /** Reads the first few. */
  readonly source: Source;
  readonly scheme: HashScheme;
  readonly options: CsnSourceOptions;
}

function withoutMeter({ meter: _meter, ...options }: CsnSourceOptions): ThreadData["source"] {
  return options;
}
