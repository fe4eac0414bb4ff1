import { expect, test } from "vitest";
import { aCheckpoint, aHead, anIntent, anOutcome } from "../../testing/checkpoint-builders.ts";
import { memoryHarness } from "../../../test/helpers/memory-harness.ts";
import { storeConformance } from "../../testing/store-conformance.ts";
import { createMemoryStore } from "./memory-store.ts";

storeConformance("the memory store", memoryHarness);

test("a process that dies leaves all that it wrote, and its lease free", async () => {
  const store = createMemoryStore({ pipeline: "sales" });
  const lease = await store.as(1).acquire();
  await lease.begin(aHead());
  const [intent] = await lease.intend([anIntent("SALES.A")]);
  store.processDied(2);
  await expect(store.as(3).acquire()).rejects.toMatchObject({ code: "lease_held" });
  store.processDied(1);
  await using next = await store.as(3).acquire();
  expect(await next.intents()).toEqual([intent]);
  expect((await next.head())?.clean).toBe(false);
});

test("a reader keeps the moment at which it was opened", async () => {
  const store = createMemoryStore({ pipeline: "sales" });
  await using lease = await store.acquire();
  await lease.begin(aHead());
  await using reader = await store.reader();
  await lease.record([anOutcome(null, aCheckpoint("SALES.A"))]);
  expect(await reader.count()).toBe(0);
  expect(await lease.count()).toBe(1);
});

test("the holder is named as the caller names processes", async () => {
  const store = createMemoryStore({
    pipeline: "sales",
    holder: (process) => ({ pid: process, host: "build-7", since: "2026-03-04T05:06:07.000Z" }),
  });
  await using _held = await store.as(41).acquire();
  await expect(store.as(42).acquire()).rejects.toThrow(
    "The state of sales is in use: process 41 on build-7 since 2026-03-04T05:06:07.000Z holds its lease.",
  );
});
