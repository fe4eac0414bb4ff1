import { aCheckpoint, aHead, anIntent, anOutcome } from "../../src/testing/checkpoint-builders.ts";
import { sqliteStore } from "./sqlite-harness.ts";

// Run as a process of its own: takes the lease on the folder given and records batches of three assets, telling each one that was
// acknowledged, until it is killed.
await using lease = await sqliteStore(process.argv[2] ?? "").acquire();
await lease.begin(aHead());
for (let n = await lease.count(); ; n += 3) {
  const ids = ["A", "B", "C"].map((table) => `SALES.${table}${String(n).padStart(6, "0")}`);
  const intents = await lease.intend(ids.map((id) => anIntent(id)));
  await lease.record(intents.map((intent) => anOutcome(intent.seq, aCheckpoint(intent.asset_id))));
  process.stdout.write(`${n + 3}\n`);
  if (n % 30 === 0) await lease.commit({ head: aHead({ clean: true }), memory: new Map([["n", n]]), report: null });
}
