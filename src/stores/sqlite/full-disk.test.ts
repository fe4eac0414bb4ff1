import { statSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeHeavy } from "../../../test/helpers/a-heavy-state.ts";
import { notice } from "../../../test/helpers/notice.ts";
import { fillUp, mountSmallDisk, type SmallDisk } from "../../../test/helpers/small-disk.ts";
import { sqliteStore } from "../../../test/helpers/sqlite-harness.ts";
import type { CheckpointLease } from "../../ports/checkpoint-store.ts";
import { aCheckpoint, aHead, anIntent, anOutcome } from "../../testing/checkpoint-builders.ts";

/** How many sizes of disk are tried between nearly nothing and enough. */
const SIZES = Number(process.env["DISK_SIZES"] ?? 16);
const KIB = 1_024;

const disk = mountSmallDisk(64 * KIB);
disk?.[Symbol.dispose]();
if (disk === null) notice("Tests of a full disk were skipped: this user may not mount one.");

test.skipIf(disk === null)(
  "on a disk that fills up at any moment, what was acknowledged stands, and the next run goes on when there is room",
  async () => {
    const stopped = new Set<string>();
    for (let i = 0; i < SIZES; i++) {
      using small = mountSmallDisk((16 + Math.round((i * 700) / SIZES)) * KIB) as SmallDisk;
      const folder = join(small.path, "checkpoints", "sales");
      const acknowledged = { batches: 0 };
      const error = await writeUntilFull(folder, acknowledged);
      expect(error).toMatchObject({ code: "state_unwritable", message: expect.stringMatching(/cannot be written|cannot be taken/) });
      stopped.add((error as Error).message.replaceAll(/\S*\/tmp\S*/g, "…"));
      small.enlarge();
      await using reader = await sqliteStore(folder).reader();
      // The batch that failed may have become durable before the answer did: then it is there whole.
      expect([acknowledged.batches * 3, (acknowledged.batches + 1) * 3]).toContain(await reader.count());
      expect((await sqliteStore(folder).verify())?.problems ?? []).toEqual([]);
      await using lease = await sqliteStore(folder).acquire();
      await lease.begin(aHead());
      await batch(lease, 1_000);
      expect((await Array.fromAsync(lease.checkpoints())).flat().length).toBe(await lease.count());
    }
    expect(stopped.size).toBeGreaterThan(1);
  },
);

test.skipIf(disk === null)("a write on a full disk changes nothing, and the same lease goes on when there is room", async () => {
  using small = mountSmallDisk(4_096 * KIB) as SmallDisk;
  await using lease = await sqliteStore(join(small.path, "sales")).acquire();
  await lease.begin(aHead());
  await batch(lease, 1);
  fillUp(small);
  await expect(writeBatches(lease, { batches: 0 })).rejects.toMatchObject({
    code: "state_unwritable",
    message: expect.stringMatching(/the disk is full/),
  });
  const before = await lease.count();
  small.enlarge();
  await batch(lease, 2_000);
  expect(await lease.count()).toBe(before + 3);
});

test.skipIf(disk === null)("a commit stands for whose copy the disk has no room, and it is told", async () => {
  using small = mountSmallDisk(16 * KIB * KIB) as SmallDisk;
  const store = sqliteStore(join(small.path, "sales"));
  const told: string[] = [];
  await using lease = await store.acquire({ onFailure: ({ message }) => told.push(message) });
  await lease.begin(aHead());
  await makeHeavy(lease, 4_000);
  const ballast = fillUp(small);
  truncateSync(ballast, statSync(ballast).size - 1_024 * KIB);
  const commit = { head: aHead({ clean: true }), memory: new Map(), report: null };
  expect(await lease.commit(commit)).toMatchObject({ generation: 1, clean: true });
  const [why, copy] = [
    /previous\.db cannot be written: it takes \d\.\d MB, and the disk has \d\.\d free/,
    join(small.path, "sales", "previous.db"),
  ];
  expect([told, statSync(copy).size < 100 * KIB]).toEqual([[expect.stringMatching(why)], true]);
  small.enlarge();
  await lease.commit(commit);
  expect([told.length, statSync(copy).size > 4_000 * KIB, (await store.verify())?.problems]).toEqual([1, true, []]);
});

async function writeUntilFull(folder: string, acknowledged: { batches: number }): Promise<unknown> {
  try {
    await using lease = await sqliteStore(folder).acquire();
    await lease.begin(aHead());
    await writeBatches(lease, acknowledged);
  } catch (error) {
    return error;
  }
  return null;
}

async function writeBatches(lease: CheckpointLease, acknowledged: { batches: number }): Promise<void> {
  for (let n = 10; n < 1_000; n++) {
    await batch(lease, n);
    acknowledged.batches++;
  }
}

/** Three assets, with their intents. */
async function batch(lease: CheckpointLease, n: number): Promise<void> {
  const ids = ["A", "B", "C"].map((table) => `SALES.${table}${n}`);
  const intents = await lease.intend(ids.map((id) => anIntent(id)));
  await lease.record(intents.map((intent) => anOutcome(intent.seq, aCheckpoint(intent.asset_id))));
}
