import { expect } from "vitest";
import { aCheckpoint, aHead, anOutcome } from "../checkpoint-builders.ts";
import { type Claim, withState } from "../store-harness.ts";
import { wholeState } from "../whole-state.ts";

/** How a state comes to be. */
export function beginning(claim: Claim): void {
  claim("where there is no state, a reader says so and every question has an empty answer", async (harness) => {
    await using reader = await harness.open().reader();
    expect(await wholeState(reader, ["any"])).toEqual({
      head: null,
      count: 0,
      spaces: [],
      entries: [],
      checkpoints: [],
      intents: [],
      history: [],
      runs: [],
      memory: [undefined],
      versions: [],
      records: [],
    });
    expect(await reader.get(["SALES.Orders"])).toEqual(new Map());
  });

  claim("a lease alone begins no state", async (harness) => {
    await (await harness.open().acquire())[Symbol.asyncDispose]();
    await using reader = await harness.open().reader();
    expect(await reader.head()).toBeNull();
  });

  claim("a state begins in use, at generation 0", async (harness) => {
    await using lease = await harness.open().acquire();
    const head = await lease.begin(aHead({ clean: true }));
    expect(head).toEqual({ ...aHead(), format: head.format, generation: 0, clean: false });
    expect(await lease.head()).toEqual(head);
  });

  claim("beginning again marks the state as in use and replaces nothing", async (harness) => {
    await withState(harness, async (lease) => {
      await lease.record([anOutcome(null, aCheckpoint("SALES.Orders"))]);
      await lease.commit({ head: aHead({ clean: true }), memory: new Map(), report: null });
    });
    await using lease = await harness.open().acquire();
    const head = await lease.begin(aHead({ lineage: "another", scope: "another" }));
    expect(head).toEqual({ ...aHead(), format: head.format, generation: 1, clean: false });
    expect(await lease.count()).toBe(1);
  });

  claim("a state that was not begun cannot be written", async (harness) => {
    await using lease = await harness.open().acquire();
    await expect(lease.record([anOutcome(null, aCheckpoint("SALES.Orders"))])).rejects.toThrow(/before it was begun/);
  });
}
