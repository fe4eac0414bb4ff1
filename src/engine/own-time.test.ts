import { describe, expect, test } from "vitest";
import { cutOff, DAY, isPlausible, type Moment, passedBetween, withMoment } from "./own-time.ts";
import { supersededBackups } from "./superseded-backups.ts";

const START = Date.parse("2026-03-01T00:00:00Z");

function at(days: number): string {
  return new Date(START + days * DAY).toISOString();
}

function momentsOf(days: readonly number[]): readonly Moment[] {
  return days.reduce<readonly Moment[]>((moments, day) => withMoment(moments, at(day), 30 * DAY), []);
}

test("a clock that goes back passes nothing, one that leaps passes a day", () => {
  expect([passedBetween(at(1), at(0)), passedBetween(at(0), at(0.5)), passedBetween(at(0), at(27_000))]).toEqual([0, DAY / 2, DAY]);
  expect([isPlausible(undefined, at(0)), isPlausible(at0, at(-1)), isPlausible(at0, at(7)), isPlausible(at0, at(8))]).toEqual([
    true,
    false,
    true,
    false,
  ]);
});

const at0: Moment = { at: at(0), elapsed_ms: 0 };

test("what is older than the retention is so by days that were lived through, not by the clock", () => {
  const month = momentsOf(Array.from({ length: 41 }, (_, day) => day));
  expect(cutOff(month, 30 * DAY)).toBe(at(10));
  expect(cutOff(momentsOf([0, 1, 27_000, 27_001]), 30 * DAY)).toBeNull();
  expect(month.length).toBeLessThan(40);
});

test("moments that crowd are one", () => {
  expect(momentsOf(Array.from({ length: 2_000 }, (_, n) => n / 1_000)).length).toBeLessThan(12);
});

describe("backups", () => {
  const daily = Array.from({ length: 40 }, (_, n) => ({ number: n + 1, made_at: at(n) }));

  test("the newest of each day stay for the retention, and the newest seven in any case", () => {
    expect(supersededBackups(daily, 30).map(({ number }) => number)).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1]);
    expect(supersededBackups(daily, 0)).toHaveLength(33);
    expect(supersededBackups(daily.slice(0, 7), 0)).toEqual([]);
  });

  test("of several a day beyond the seven the newest stays", () => {
    const hourly = Array.from({ length: 20 }, (_, n) => ({ number: n + 1, made_at: at(Math.floor(n / 10) + (n % 10) / 100) }));
    const gone = new Set(supersededBackups(hourly, 30).map(({ number }) => number));
    expect(hourly.filter(({ number }) => !gone.has(number)).map(({ number }) => number)).toEqual([10, 14, 15, 16, 17, 18, 19, 20]);
  });

  test("a clock that jumps to 1970 and 2100 and back makes none of them old", () => {
    const jumping = Array.from({ length: 25 }, (_, n) => ({ number: n + 1, made_at: at([n, -20_000 + n, 27_000 + n][n % 3] as number) }));
    expect(supersededBackups(jumping, 30)).toEqual([]);
  });
});
