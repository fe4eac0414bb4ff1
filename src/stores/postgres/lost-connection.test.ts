import { afterAll, describe, expect, onTestFinished, test } from "vitest";
import { type CuttingProxy, startCuttingProxy } from "../../../test/helpers/cutting-proxy.ts";
import { postgresServer } from "../../../test/helpers/postgres.ts";
import { postgresStore } from "../../../test/helpers/postgres-harness.ts";
import { OPEN_TO_ALL } from "../../../test/helpers/sqlite-harness.ts";
import { aCheckpoint, aHead, anOutcome } from "../../testing/checkpoint-builders.ts";

const server = await postgresServer();
afterAll(() => server?.[Symbol.asyncDispose]());

const one = anOutcome(null, aCheckpoint("SALES.A"));

async function throughProxy(): Promise<{ readonly proxy: CuttingProxy; readonly url: string; readonly direct: string }> {
  if (server === null) throw new Error("there is no server");
  const direct = await server.createDatabase();
  const proxy = await startCuttingProxy(server.port);
  onTestFinished(() => proxy[Symbol.asyncDispose]());
  return { proxy, url: direct.replace(`:${server.port}/`, `:${proxy.port}/`), direct };
}

async function count(url: string): Promise<number> {
  await using reader = await postgresStore({ url }).reader();
  expect(await postgresStore({ url }).verify()).toMatchObject({ problems: [] });
  return await reader.count();
}

describe.skipIf(server === null)("a connection that breaks", () => {
  test("a commit that took effect, and whose answer never came, is read back: the run goes on", async () => {
    const { proxy, url, direct } = await throughProxy();
    await using lease = await postgresStore({ url }).acquire();
    await lease.begin(aHead());
    proxy.cutAt("COMMIT", "when the server has answered");
    await lease.record([one]);
    expect(await count(direct)).toBe(1);
    await lease.record([anOutcome(null, aCheckpoint("SALES.B"))]);
    expect(await count(direct)).toBe(2);
  });

  test("a commit that never arrived is read back too: nothing was written, and the run is told", async () => {
    const { proxy, url, direct } = await throughProxy();
    await using lease = await postgresStore({ url }).acquire();
    await lease.begin(aHead());
    proxy.cutAt("COMMIT", "before the server has it");
    await expect(lease.record([one])).rejects.toMatchObject({
      code: "state_unwritable",
      message: expect.stringMatching(/the write with it/),
    });
    expect(await count(direct)).toBe(0);
  });

  test("a state whose first commit took effect without an answer is begun, once", async () => {
    const { proxy, url, direct } = await throughProxy();
    await using lease = await postgresStore({ url }).acquire();
    proxy.cutAt("COMMIT", "when the server has answered");
    expect((await lease.begin(aHead())).generation).toBe(0);
    await lease.record([one]);
    expect(await count(direct)).toBe(1);
  });

  test("a state whose first commit never arrived is not begun, and the run is told", async () => {
    const { proxy, url, direct } = await throughProxy();
    await using lease = await postgresStore({ url }).acquire();
    proxy.cutAt("COMMIT", "before the server has it");
    await expect(lease.begin(aHead())).rejects.toMatchObject({ code: "state_unwritable" });
    await using reader = await postgresStore({ url: direct }).reader();
    expect(await reader.head()).toBeNull();
  });

  test("where the server does not come back, the run says that it does not know, and what it may be", async () => {
    const { proxy, url, direct } = await throughProxy();
    await using lease = await postgresStore({ url }).acquire();
    await lease.begin(aHead());
    proxy.cutAt("COMMIT", "when the server has answered");
    const written = lease.record([one]);
    proxy.closed = true;
    await expect(written).rejects.toMatchObject({ code: "state_unwritable", message: expect.stringMatching(/being made durable/) });
    expect(await count(direct)).toBe(1);
  });

  test("between two writes it is told as what it is, at a write and at a read, and nothing of the write is there", async () => {
    const { proxy, url, direct } = await throughProxy();
    await using lease = await postgresStore({ url }).acquire();
    await lease.begin(aHead());
    await using reader = await postgresStore({ url }).reader();
    proxy.cut();
    await expect(lease.record([one])).rejects.toMatchObject({
      code: "state_unwritable",
      message: expect.stringMatching(/connection to the server was lost/),
    });
    await expect(reader.head()).rejects.toMatchObject({ code: "state_unwritable" });
    expect(await count(direct)).toBe(0);
  });

  test("while a run that died is still committing, the next one waits for that commit and then sees it", async () => {
    const { url } = await throughProxy();
    await using first = await postgresStore({ url }, OPEN_TO_ALL).acquire();
    await first.begin(aHead());
    const [written, second] = await Promise.all([
      first.record([one]).catch((error: unknown) => error),
      postgresStore({ url }, OPEN_TO_ALL).acquire(),
    ]);
    await using lease = second;
    expect(await lease.count()).toBe(written === undefined ? 1 : 0);
    await expect(first.record([one])).rejects.toMatchObject({ code: "lease_lost" });
  });

  test("the lock's connection alone is cut off by the server: who takes the lease then writes, and who lost it is told", async () => {
    const { direct } = await throughProxy();
    await using first = await postgresStore({ url: direct }).acquire();
    await first.begin(aHead());
    await expect(postgresStore({ url: direct }).acquire()).rejects.toMatchObject({ code: "lease_held" });
    await server?.ask(
      "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 1 AND pid <> pg_backend_pid()",
    );
    await first.record([one]);
    await using second = await postgresStore({ url: direct }).acquire();
    await second.record([anOutcome(null, aCheckpoint("SALES.B"))]);
    await expect(first.record([anOutcome(null, aCheckpoint("SALES.C"))])).rejects.toMatchObject({ code: "lease_lost" });
    expect(await count(direct)).toBe(2);
  });
});
