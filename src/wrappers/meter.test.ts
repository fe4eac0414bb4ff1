import { expect, test } from "vitest";
import { createMeter } from "./meter.ts";

const cost = (requests: number, sent: number, received: number) => ({ requests, bytes: { sent, received } });

test("a meter adds up what it is told, and starts at nothing", () => {
  const meter = createMeter();
  expect(meter.reading()).toEqual(cost(0, 0, 0));
  meter.count(cost(1, 100, 2_000));
  meter.count(cost(2, 50, 10));
  expect(meter.reading()).toEqual(cost(3, 150, 2_010));
  expect(meter.reading("never used")).toEqual(cost(0, 0, 0));
});

test("two works that run at once each get their own cost, and the whole gets both", async () => {
  const meter = createMeter();
  const work = (label: string, sent: number, pause: number) =>
    meter.during(label, async () => {
      await new Promise((resolve) => setTimeout(resolve, pause));
      meter.count(cost(1, sent, 0));
      await Promise.resolve();
      meter.count(cost(1, sent, 0));
    });
  await Promise.all([work("full", 10, 3), work("delta", 1, 1), work("full", 10, 1)]);
  meter.count(cost(1, 500, 0));
  expect(meter.reading("full")).toEqual(cost(4, 40, 0));
  expect(meter.reading("delta")).toEqual(cost(2, 2, 0));
  expect(meter.reading()).toEqual(cost(7, 542, 0));
});

test("a work inside another counts for both labels, and once for its own where it is repeated", async () => {
  const meter = createMeter();
  await meter.during("run", () => meter.during("asset", () => meter.during("run", async () => meter.count(cost(1, 7, 7)))));
  expect(meter.reading("run")).toEqual(cost(1, 7, 7));
  expect(meter.reading("asset")).toEqual(cost(1, 7, 7));
  expect(meter.reading()).toEqual(cost(1, 7, 7));
});

test("what a work throws or answers comes through", async () => {
  const meter = createMeter();
  expect(await meter.during("a", async () => 42)).toBe(42);
  await expect(meter.during("a", () => Promise.reject(new Error("no")))).rejects.toThrow("no");
});

test("the three calls that took longest are kept, however many there were", () => {
  const meter = createMeter();
  const one = { requests: 1, bytes: { sent: 0, received: 0 } };
  meter.count(one);
  for (const duration_ms of [5, 70, 3, 70, 900, 1, 12]) meter.count(one, { what: `call of ${duration_ms}`, status: 200, duration_ms });
  expect(meter.slowest()).toEqual([
    { what: "call of 900", duration_ms: 900 },
    { what: "call of 70", duration_ms: 70 },
    { what: "call of 70", duration_ms: 70 },
  ]);
  expect(meter.reading().requests).toBe(8);
});
