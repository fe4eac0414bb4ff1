import { expect } from "vitest";
import type { CheckpointLease } from "../../ports/checkpoint-store.ts";
import { aCheckpoint, aHead, anIntent, anOutcome, aReport } from "../checkpoint-builders.ts";
import { type Claim, withState } from "../store-harness.ts";
import { wholeState } from "../whole-state.ts";

/** One writes at a time, and the fence holds where the lock does not. */
export function excluding(claim: Claim): void {
  claim("while one holds the lease, another is told who holds it, and reading goes on", async (harness) => {
    await withState(harness, async () => {
      await expect(harness.open().acquire()).rejects.toMatchObject({
        code: "lease_held",
        message: expect.stringMatching(/process \d+ on \S+ since \d{4}-\d\d-\d\dT/),
      });
      await using reader = await harness.open().reader();
      expect((await reader.head())?.pipeline).toBe("sales");
    });
    await (await harness.open().acquire())[Symbol.asyncDispose]();
  });

  claim("where the lock fails, the one who was overtaken changes nothing and is told", async (harness) => {
    await using first = await harness.open().acquire();
    await first.begin(aHead());
    const [intent] = await first.intend([anIntent("SALES.A")]);
    await using second = await harness.openUnlocked().acquire();
    await second.begin(aHead());
    await second.record([anOutcome(null, aCheckpoint("SALES.B"))]);
    const before = await wholeState(second);
    for (const write of writesOf(first)) await expect(write()).rejects.toMatchObject({ code: "lease_lost" });
    expect(await wholeState(second)).toEqual(before);
    expect(before.intents).toEqual([intent]);
    await second.commit({ head: aHead(), memory: new Map(), report: null });
  });

  claim("where the lock fails before there is a state, only one begins it", async (harness) => {
    await using first = await harness.open().acquire();
    await using second = await harness.openUnlocked().acquire();
    await second.begin(aHead({ lineage: "second" }));
    await expect(first.begin(aHead({ lineage: "first" }))).rejects.toMatchObject({ code: "lease_lost" });
    expect((await second.head())?.lineage).toBe("second");
  });

  claim("a lease that was let go is free for the next", async (harness) => {
    for (let runs = 1; runs <= 3; runs++) {
      const { generation } = await withState(harness, (lease) => lease.commit({ head: aHead(), memory: new Map(), report: null }));
      expect(generation).toBe(runs);
    }
  });
}

function writesOf(lease: CheckpointLease): (() => Promise<unknown>)[] {
  return [
    () => lease.begin(aHead()),
    () => lease.intend([anIntent("SALES.C")]),
    () => lease.record([anOutcome(null, aCheckpoint("SALES.C"))]),
    () => lease.refresh([]),
    () => lease.keep([]),
    () => lease.addRun(aReport("run-9")),
    () => lease.prune({ before: "9999", keep: 0 }),
    () => lease.commit({ head: aHead(), memory: new Map([["key", 1]]), report: aReport("run-9") }),
  ];
}
