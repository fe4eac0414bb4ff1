import { expect, test } from "vitest";
import { aGlueSandbox } from "../../../test/helpers/sandbox-glue.ts";
import { DEFAULT_SETTINGS } from "./settings.ts";
import { Throttle } from "./throttle.ts";

test("a rate lets one second's worth through at once, and then as much as time brings", () => {
  const throttle = new Throttle({ ...DEFAULT_SETTINGS, writes_per_second: 20 });
  const letThrough = (calls: number, at: number): number =>
    Array.from({ length: calls }, () => throttle.allows("UpdateTable", true, at)).filter(Boolean).length;

  expect(letThrough(30, 5000)).toBe(20);
  expect(letThrough(10, 5100)).toBe(2);
  expect(letThrough(100, 60_000)).toBe(20);
});

test("the rate of writes is one for all writing operations and none for reading ones", () => {
  const throttle = new Throttle({ ...DEFAULT_SETTINGS, writes_per_second: 1 });

  expect(throttle.allows("CreateTable", true, 0)).toBe(true);
  expect(throttle.allows("UpdateTable", true, 0)).toBe(false);
  expect(throttle.allows("GetTables", false, 0)).toBe(true);
});

test("an operation may have a rate of its own", () => {
  const throttle = new Throttle({ ...DEFAULT_SETTINGS, calls_per_second: { GetTables: 2 } });

  expect([0, 0, 0].map((now) => throttle.allows("GetTables", false, now))).toEqual([true, true, false]);
  expect(throttle.allows("GetTable", false, 0)).toBe(true);
});

test("a throttled call has no effect and is counted", async () => {
  const { glue, sandbox } = await aGlueSandbox({ writesPerSecond: 2 });
  const outcomes = await Promise.allSettled(["a", "b", "c", "d"].map((Name) => glue.createDatabase({ DatabaseInput: { Name } })));

  const refused = outcomes.filter((outcome) => outcome.status === "rejected");
  expect(refused.length).toBeGreaterThan(0);
  expect(refused.every(({ reason }) => (reason as Error).name === "ThrottlingException")).toBe(true);
  expect((await glue.getDatabases({})).DatabaseList?.length).toBe(4 - refused.length);
  expect(sandbox.counts()).toMatchObject({
    writes: 4,
    writes_applied: 4 - refused.length,
    throttled: refused.length,
    errors: refused.length,
  });
});

test("latency comes before every answer of the service", async () => {
  const { glue } = await aGlueSandbox({ latencyMs: 50 });
  const start = performance.now();
  await glue.getDatabases({});

  expect(performance.now() - start).toBeGreaterThan(45);
});
