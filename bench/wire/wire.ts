import { type Act, costsOf, FIRST_SYNC, type RunCost } from "../../test/scenarios/tenant-cost.ts";
import { rounded } from "../detect/median.ts";
import type { Bench, Row } from "../run.ts";

/** What the original promises: of 1,000 assets, how much less than a full sync the run transfers and takes. */
const ORIGINAL = {
  "10 % changed": { bytes: 85.6, time: 80.7 },
  "5 % metadata only": { bytes: 98, time: 93.1 },
} as const;

const change = (percent: number): Act => ({
  act: `${percent} % changed`,
  edits: [{ edit: "random", does: "change", percent, seed: percent }],
});

/** Everything is read, and every table looked at: what is as it should be is not written, so that it costs less than a first sync. */
const AGAIN: Act = { act: "sync --full", edits: [], full: true };
const METADATA: Act = {
  act: "5 % metadata only",
  edits: [{ edit: "random", does: "change", percent: 5, kinds: ["metadata"], seed: 2 }],
};
const CURVE: readonly Act[] = [1, 5, 10, 25, 50].map(change);
const NOTHING: Act = { act: "nothing changed", edits: [] };

/**
 * The original's table on the wire: from a sandbox tenant to a sandbox Glue over HTTP, everything and then what changed, in the same run
 * with the same readers, compression, concurrency and round trip. The full sync that savings are told against is the first one, which reads
 * every asset and writes every table. Under the tenant's rate limit the clock is simulated: what it would wait
 * is jumped over and counted. Without the curve only the original's two rows are run, and one where nothing changed.
 */
export const wireBench: Bench = {
  name: "wire",
  options: { assets: 1_000, latency: 20, limited: 1, profiles: 4, curve: 1 },
  async *rows({ assets = 0, latency = 0, limited = 0, profiles = 0, curve = 0 }) {
    for (const profile of PROFILES.slice(0, profiles)) {
      const acts = curve === 0 ? [FIRST_SYNC, change(10), METADATA, NOTHING] : [FIRST_SYNC, ...CURVE, METADATA, NOTHING, AGAIN];
      const wire = { latencyMs: latency, requestsPerMinute: limited === 0 ? null : PER_MINUTE };
      const costs = await costsOf(profile, assets, acts, wire);
      const full = costs.find(({ act }) => act === FIRST_SYNC.act) as RunCost;
      const common = { profile, assets, round_trip_ms: latency, requests_per_minute: wire.requestsPerMinute };
      for (const cost of costs) yield { ...common, ...rowOf(cost, full) };
    }
  },
};

const PER_MINUTE = 300;
const PROFILES = ["tokens", "etags", "bulk", "none"] as const;

function rowOf(cost: RunCost, full: RunCost): Row {
  const { act, changed, reads, requests, bytes, simulated_seconds, bound } = cost;
  const saved = (part: number, whole: number): number => rounded((1 - part / whole) * 100, 1);
  const [bytes_saved, time_saved] = [saved(bytes.all, full.bytes.all), saved(simulated_seconds, full.simulated_seconds)];
  const promised = act in ORIGINAL ? ORIGINAL[act as keyof typeof ORIGINAL] : null;
  return {
    act,
    changed,
    reads,
    requests: requests.all,
    requests_source: requests.source,
    requests_target: requests.target,
    bytes: bytes.all,
    bytes_source: bytes.source,
    bytes_target: bytes.target,
    seconds: simulated_seconds,
    requests_saved: saved(requests.all, full.requests.all),
    bytes_saved,
    time_saved,
    // Whoever asks for everything has no bound.
    ...(act === AGAIN.act ? {} : { bound: bound.requests, ratio: bound.ratio, bytes_bound: bound.bytes, bytes_ratio: bound.bytes_ratio }),
    original_bytes_saved: promised?.bytes ?? null,
    original_time_saved: promised?.time ?? null,
    reached:
      promised === null
        ? null
        : `${bytes_saved >= promised.bytes ? "bytes" : "not bytes"}, ${time_saved >= promised.time ? "time" : "not time"}`,
  };
}
