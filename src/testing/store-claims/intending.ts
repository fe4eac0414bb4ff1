import { expect } from "vitest";
import { aCheckpoint, anIntent, anOutcome } from "../checkpoint-builders.ts";
import { type Claim, withState } from "../store-harness.ts";

/** Intents: what is about to be done outlives the process. */
export function intending(claim: Claim): void {
  claim("intents are numbered upwards in their order, survive the process, and end with their outcome", async (harness) => {
    const [first, second, third] = await withState(harness, (lease) =>
      lease.intend([anIntent("SALES.B"), anIntent("SALES.A"), anIntent("SALES.C", { op: "remove", pending: null })]),
    );
    expect([first, second, third].map((intent) => intent?.asset_id)).toEqual(["SALES.B", "SALES.A", "SALES.C"]);
    expect(second?.seq).toBeGreaterThan(first?.seq ?? 0);
    expect(third?.seq).toBeGreaterThan(second?.seq ?? 0);
    await withState(harness, async (lease) => {
      expect(await lease.intents()).toEqual([first, second, third]);
      await lease.record([
        anOutcome(first?.seq ?? 0, aCheckpoint("SALES.B")),
        { seq: third?.seq ?? 0, asset_id: "SALES.C", checkpoint: undefined },
      ]);
    });
    await using reader = await harness.open().reader();
    expect(await reader.intents()).toEqual([second]);
    expect(await reader.count()).toBe(1);
  });

  claim("a number is never given twice, not even after all intents ended", async (harness) => {
    const [first] = await withState(harness, (lease) => lease.intend([anIntent("SALES.A")]));
    await withState(harness, (lease) => lease.record([anOutcome(first?.seq ?? 0, aCheckpoint("SALES.A"))]));
    const [second] = await withState(harness, (lease) => lease.intend([anIntent("SALES.A")]));
    expect(second?.seq).toBeGreaterThan(first?.seq ?? 0);
  });

  claim("an intent that stays open is replaced in its place, and one that ended stays ended", async (harness) => {
    await withState(harness, async (lease) => {
      const [first, second] = await lease.intend([anIntent("SALES.A"), anIntent("SALES.B")]);
      if (first === undefined || second === undefined) throw new Error("two intents were asked for");
      await lease.record([{ seq: second.seq, asset_id: "SALES.B", checkpoint: undefined }]);
      await lease.keep([
        { ...first, limbo: 1 },
        { ...second, limbo: 1 },
      ]);
      expect(await lease.intents()).toEqual([{ ...first, limbo: 1 }]);
    });
  });
}
