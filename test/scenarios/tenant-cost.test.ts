import { describe, expect, test } from "vitest";
import { costsOf } from "./tenant-cost.ts";

// The clock is a simulated one: pauses that the limit of 300 requests a minute asks for are jumped over.
const ASSETS = 320;
const FEW = 100;

describe("at 300 requests a minute, a sync of a tenant", () => {
  test("that tells times reads no asset that did not change, and costs at most a tenth more than it must", async () => {
    const [first, ...runs] = await costsOf("tokens", ASSETS);
    expect(first).toMatchObject({ changed: ASSETS, reads: ASSETS, throttled: 0 });
    expect(runs.map(({ changed, reads }) => [changed, reads])).toEqual([
      [32, 32],
      [16, 16],
      [0, 0],
    ]);
    for (const { unchanged_reads, flow_reads, throttled, bound } of runs) {
      expect([unchanged_reads, flow_reads, throttled]).toEqual([0, 0, 0]);
      expect(bound.ratio).toBeLessThanOrEqual(1.1);
    }
  }, 120_000);

  test("that has entity tags asks for each asset once, and gets those alone that changed", async () => {
    const [first, ...runs] = await costsOf("etags", FEW);
    for (const run of runs) {
      expect(run.reads).toBeLessThanOrEqual(FEW * 1.05);
      expect(run.throttled).toBe(0);
      expect(run.bytes.source).toBeLessThan((first?.bytes.source ?? 0) * 0.9);
    }
  }, 120_000);

  test("that is read space by space costs a few requests, whatever it has in it", async () => {
    for (const { reads, requests } of await costsOf("bulk", FEW)) {
      expect(reads).toBeLessThan(20);
      expect(requests.source).toBeLessThan(120);
    }
  }, 120_000);

  test("that offers nothing reads each asset once a run, and is never throttled", async () => {
    for (const { reads, throttled } of await costsOf("none", FEW)) expect([reads, throttled]).toEqual([FEW, 0]);
  }, 120_000);
});
