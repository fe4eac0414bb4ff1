import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, describe, expect, test } from "vitest";
import { postgresServer } from "../../../test/helpers/postgres.ts";
import { postgresStore } from "../../../test/helpers/postgres-harness.ts";
import { editSmallState, fillSmallState, MEMORY_KEYS } from "../../../test/helpers/small-state.ts";
import type { CheckpointReader } from "../../ports/checkpoint-store.ts";
import { aCheckpoint, anOutcome } from "../../testing/checkpoint-builders.ts";
import { wholeState } from "../../testing/whole-state.ts";

// Written by the code of the first format, by the two functions of test/helpers/small-state.ts, and dumped with `pg_dump --inserts`.
const FIXTURE = join(import.meta.dirname, "../../../test/fixtures/state-format-1/postgres.sql.gz");

const server = await postgresServer();
afterAll(() => server?.[Symbol.asyncDispose]());

/** The URL of a database with a state of the first format. */
async function laidOut(): Promise<string> {
  const url = (await server?.createDatabase()) ?? "";
  await server?.ask(gunzipSync(readFileSync(FIXTURE)).toString(), undefined, url);
  return url;
}

async function asked(url: string, sql: string): Promise<unknown> {
  return (await server?.ask(sql, [], url))?.[0]?.[0];
}

async function told(reader: CheckpointReader) {
  const head = await reader.head();
  return { format: head?.format, whole: await wholeState(reader, MEMORY_KEYS) };
}

/** What that state holds, as a state of the present tells it. */
async function held() {
  await using lease = await postgresStore({ url: (await server?.createDatabase()) ?? "" }).acquire();
  await fillSmallState(lease);
  return await editSmallState(lease);
}

const VERSION = "SELECT max(version) FROM tidemark.migration";

describe.skipIf(server === null)("a state in PostgreSQL of the first format", () => {
  test("is read as it is, and nothing of it is written", async () => {
    const url = await laidOut();
    {
      await using reader = await postgresStore({ url }).reader();
      expect(await told(reader)).toEqual({ format: 1, whole: await held() });
    }
    const store = postgresStore({ url });
    expect(await store.verify()).toEqual({ checkpoints: 3, problems: [] });
    expect((await store.size())?.parts["versions"]).toBeGreaterThan(1_000);
    expect(await store.holder()).toBeNull();
    expect(await asked(url, VERSION)).toBe(1);
  });

  test("becomes one of the present with the next lease, loses nothing, and is packed as it is written", async () => {
    const url = await laidOut();
    const whole = await held();
    await using lease = await postgresStore({ url }).acquire();
    expect(await told(lease)).toEqual({ format: 2, whole });
    expect(await asked(url, VERSION)).toBe(2);
    await lease.record([anOutcome(null, aCheckpoint("SALES.Orders", { version: 5 }))]);
    const [newest] = (await Array.fromAsync(lease.versions())).flat();
    expect(newest?.snapshot).toEqual(aCheckpoint("SALES.Orders", { version: 4 }).snapshot);
    expect(await asked(url, "SELECT array_agg(asset_id) FROM tidemark.record WHERE packed IS NOT NULL")).toEqual(["SALES.Orders"]);
    expect(await asked(url, "SELECT count(*)::int FROM tidemark.version WHERE packed IS NOT NULL")).toBe(1);
    expect(await postgresStore({ url }).verify()).toEqual({ checkpoints: 3, problems: [] });
  });

  test("that is damaged is told as damaged, and so is one of the present whose version says the first", async () => {
    const url = await laidOut();
    await asked(url, "DELETE FROM tidemark.version WHERE seq = 6");
    const problems = [expect.stringContaining("version should hold 8 rows and holds 7") as unknown];
    expect(await postgresStore({ url }).verify()).toEqual({ checkpoints: 3, problems });
    await (await postgresStore({ url }).acquire())[Symbol.asyncDispose]();
    await asked(url, "DELETE FROM tidemark.migration WHERE version = 2");
    for (const open of [() => postgresStore({ url }).reader(), () => postgresStore({ url }).acquire()])
      await expect(open()).rejects.toMatchObject({
        code: "state_damaged",
        message: expect.stringContaining("nothing tells which version"),
      });
  });
});
