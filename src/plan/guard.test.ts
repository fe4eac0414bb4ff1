import { expect, test } from "vitest";
import { judge } from "./guard.ts";

const LIMITS = { floor: 5, share: 0.1, allow: null };

// Deletions of so many owned assets, under a floor of 5 and a share of 10 %.
test.each([
  [0, 0, true],
  [0, 100, true],
  [1, 1, true],
  [1, 100, true],
  [5, 5, true],
  [5, 21, true],
  [6, 6, false],
  [6, 59, false],
  [6, 60, true],
  [7, 60, false],
  [10, 100, true],
  [11, 100, false],
  [100, 1_000, true],
  [101, 1_000, false],
  [1_000, 1_000, false],
  [1_000_000, 10_000_000, true],
  [1_000_001, 10_000_000, false],
])("%d deletions of %d owned assets pass: %s", (deletions, owned, ok) => {
  expect(judge({ deletions, owned, limits: LIMITS }).ok).toBe(ok);
});

test("the exact number of the plan is allowed, and no other", () => {
  const allowing = (allow: number) => judge({ deletions: 50, owned: 100, limits: { ...LIMITS, allow } }).ok;
  expect([49, 50, 51, 0].map(allowing)).toEqual([false, true, false, false]);
});

test("a number that allows some other plan does not stop one within the limit", () => {
  expect(judge({ deletions: 3, owned: 100, limits: { ...LIMITS, allow: 50 } })).toEqual({ ok: true });
});

test("a share that no float can hold exactly is met exactly", () => {
  const limits = { floor: 0, share: 0.29, allow: null };
  expect([28, 29, 30].map((deletions) => judge({ deletions, owned: 100, limits }).ok)).toEqual([true, true, false]);
});

test("the whole may go where the share is 1, nothing where both limits are 0", () => {
  expect(judge({ deletions: 100, owned: 100, limits: { floor: 0, share: 1, allow: null } }).ok).toBe(true);
  expect(judge({ deletions: 1, owned: 100, limits: { floor: 0, share: 0, allow: null } }).ok).toBe(false);
});

test("a refusal says how much, of what, which limit, and the way out", () => {
  expect(judge({ deletions: 212, owned: 640, limits: LIMITS })).toEqual({
    ok: false,
    message:
      "The plan would delete 212 of 640 owned assets (33.1 %), and the limit is the larger of 5 and 10 %. Nothing was written." +
      " Look at the deletions with `tidemark plan`; if they are meant, pass --allow-deletes 212.",
  });
});

test("a refusal in spite of a number says what that number allows", () => {
  const verdict = judge({ deletions: 6, owned: 6, limits: { ...LIMITS, allow: 7 } });
  expect(verdict).toMatchObject({
    message: expect.stringContaining("Nothing was written. --allow-deletes 7 was meant for a plan of 7. Look at"),
  });
});
