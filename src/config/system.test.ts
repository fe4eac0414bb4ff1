import { hostname } from "node:os";
import { expect, test, vi } from "vitest";
import { systemClock, systemRandom, thisProcess } from "./system.ts";

const never = new AbortController().signal;

test("sleep takes about as long as it says", async () => {
  const before = systemClock.monotonic();
  await systemClock.sleep(20, never);
  expect(systemClock.monotonic() - before).toBeGreaterThanOrEqual(19);
});

test("sleep ends with the signal's reason, at once when it has aborted already", async () => {
  const reason = new Error("enough");
  const controller = new AbortController();
  const sleeping = systemClock.sleep(60_000, controller.signal);
  controller.abort(reason);
  await expect(sleeping).rejects.toBe(reason);
  await expect(systemClock.sleep(60_000, controller.signal)).rejects.toBe(reason);
});

test("a sleep that is over no longer listens to its signal", async () => {
  const { signal } = new AbortController();
  const removed = vi.spyOn(signal, "removeEventListener");
  await systemClock.sleep(1, signal);
  expect(removed).toHaveBeenCalledTimes(1);
});

test("a sleep longer than any timer does not end at once", async () => {
  const controller = new AbortController();
  const sleeping = systemClock.sleep(2 ** 40, controller.signal);
  await systemClock.sleep(20, never);
  controller.abort(new Error("still asleep"));
  await expect(sleeping).rejects.toThrow("still asleep");
});

test("a process names itself by number, host and time", () => {
  const clock = { ...systemClock, now: () => Date.UTC(2026, 2, 4) };
  expect(thisProcess(clock)).toEqual({ pid: process.pid, host: hostname(), since: "2026-03-04T00:00:00.000Z" });
  expect(Math.abs(systemClock.now() - Date.now())).toBeLessThan(1_000);
});

test("randomness stays within its bounds, and no two uuids are the same", () => {
  const numbers = Array.from({ length: 100 }, () => systemRandom.next());
  expect(numbers.every((number) => number >= 0 && number < 1)).toBe(true);
  expect(new Set(Array.from({ length: 100 }, () => systemRandom.uuid())).size).toBe(100);
});
