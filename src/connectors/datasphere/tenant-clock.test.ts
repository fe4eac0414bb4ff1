import { expect, test } from "vitest";
import type { Clock } from "../../ports/clock.ts";
import { TenantClock } from "./tenant-clock.ts";

const call = { signal: new AbortController().signal };

function stillClock(): Clock & { pass(ms: number): void; readonly slept: number[] } {
  let now = 0;
  const slept: number[] = [];
  return {
    now: () => 9_999_999,
    monotonic: () => now,
    sleep: async (ms) => {
      slept.push(ms);
      now += ms;
    },
    pass: (ms) => void (now += ms),
    slept,
  };
}

test("a tenant that never said a time has reached none", async () => {
  const clock = stillClock();
  const tenant = new TenantClock(clock);
  tenant.hear(null);
  expect([tenant.hasReached(0), await tenant.reach(0, call), clock.slept]).toEqual([false, false, []]);
});

test("its clock goes on from what it said, and never back", () => {
  const clock = stillClock();
  const tenant = new TenantClock(clock);
  tenant.hear(10_000);
  clock.pass(900);
  expect([tenant.hasReached(10_900), tenant.hasReached(10_901)]).toEqual([true, false]);
  tenant.hear(10_000);
  expect(tenant.hasReached(10_900)).toBe(true);
  tenant.hear(11_000);
  expect([tenant.hasReached(11_000), tenant.hasReached(11_001)]).toEqual([true, false]);
});

test("a time that is near is waited for, one that is far is not", async () => {
  const clock = stillClock();
  const tenant = new TenantClock(clock);
  tenant.hear(10_000);
  expect(await tenant.reach(12_000, call)).toBe(true);
  expect(await tenant.reach(12_000, call)).toBe(true);
  expect(await tenant.reach(18_000, call)).toBe(false);
  expect(clock.slept).toEqual([2_000]);
});
