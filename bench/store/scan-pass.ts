import { join } from "node:path";
import { kernelLock } from "../../src/stores/lock/index.ts";
import { keepHeapSmall } from "../../src/cli/small-heap.ts";
import { SqliteStore } from "../../src/stores/sqlite/index.ts";
import { aCheckpoint, aHead } from "../../src/testing/checkpoint-builders.ts";

keepHeapSmall();
// Fills a state with so many small checkpoints (`fill`), or scans it in order by tokens and by entries (`scan`). Prints what it took, as JSON.
const [what, folder, count] = process.argv.slice(2) as ["fill" | "scan", string, string];
const store = new SqliteStore({
  folder: join(folder),
  lock: kernelLock(folder),
  holder: () => ({ pid: process.pid, host: "bench", since: "" }),
});
const BATCH = 5_000;

if (what === "fill") {
  await using lease = await store.acquire();
  await lease.begin(aHead());
  const started = performance.now();
  for (let at = 0; at < Number(count); at += BATCH) {
    const ids = Array.from({ length: Math.min(BATCH, Number(count) - at) }, (_, i) => `SALES.V_${String(at + i).padStart(8, "0")}_Orders`);
    await lease.record(ids.map((asset_id) => ({ seq: null, asset_id, checkpoint: aCheckpoint(asset_id) })));
  }
  process.stdout.write(`${JSON.stringify({ ms: performance.now() - started })}\n`);
} else {
  await using reader = await store.reader();
  for (const by of ["tokens", "entries"] as const) {
    const started = performance.now();
    let rows = 0;
    if (by === "tokens") for await (const page of reader.tokens?.({ basis: "basis", mapping: "mapping-1" }) ?? []) rows += page.ids.length;
    else for await (const page of reader.entries()) rows += page.length;
    process.stdout.write(`${JSON.stringify({ by, rows, ms: performance.now() - started })}\n`);
  }
}
