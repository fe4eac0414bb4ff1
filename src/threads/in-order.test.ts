import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import { inOrder } from "./in-order.ts";

async function* numbers(count: number): AsyncIterable<number> {
  for (let n = 0; n < count; n++) yield n;
}

test("what is made of items comes in their order, however long each takes, and no more are begun than may be", async () => {
  let [begun, most] = [0, 0];
  const work = async (n: number): Promise<number> => {
    most = Math.max(most, ++begun);
    await pause((n * 7) % 5);
    begun--;
    return n * 10;
  };
  expect(await Array.fromAsync(inOrder(numbers(20), 3, work))).toEqual(Array.from({ length: 20 }, (_, n) => n * 10));
  expect(most).toBe(4);
});

test("a failure comes when its item's turn does", async () => {
  const made: number[] = [];
  const work = async (n: number): Promise<number> => {
    if (n === 2) throw new Error("two");
    await pause(1);
    return n;
  };
  const all = async (): Promise<void> => {
    for await (const one of inOrder(numbers(9), 4, work)) made.push(one);
  };
  await expect(all()).rejects.toThrow("two");
  expect(made).toEqual([0, 1]);
});
