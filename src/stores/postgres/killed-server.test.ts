import { setTimeout as pause } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { hasPostgres, type PostgresServer, startPostgres } from "../../../test/helpers/postgres.ts";
import { postgresStore } from "../../../test/helpers/postgres-harness.ts";
import { TidemarkError } from "../../model/errors.ts";
import { aCheckpoint, aHead, anIntent, anOutcome } from "../../testing/checkpoint-builders.ts";

/** How often each thing is done to the server. */
const KILLS = Number(process.env["KILLS"] ?? 4);

const BACKENDS = "SELECT pid FROM pg_stat_activity WHERE application_name = 'tidemark' AND backend_type = 'client backend'";

const ENDINGS: { readonly [what: string]: (server: PostgresServer) => Promise<void> } = {
  "whose backend is killed with SIGKILL": async (server) => {
    // With one of its own gone this way, PostgreSQL ends all the others and recovers.
    const [[pid] = []] = await server.ask(BACKENDS);
    if (pid !== undefined) process.kill(Number(pid), "SIGKILL");
  },
  "that is killed with SIGKILL, as by a loss of power": async (server) => {
    await server.kill();
    await server.start();
  },
  "that restarts": async (server) => {
    await server.stop();
    await server.start();
  },
  "that ends our connections": async (server) => {
    await server.ask(`SELECT pg_terminate_backend(pid) FROM (${BACKENDS}) AS ours`);
  },
};

test.skipIf(!hasPostgres()).each(Object.keys(ENDINGS))(
  "with a server %s in mid-write, all that was acknowledged is there, each write whole or not at all",
  async (what) => {
    const server = (await startPostgres({ fsync: "on" })) as PostgresServer;
    onTestFinished(() => server[Symbol.asyncDispose]());
    const url = await server.createDatabase();
    let acknowledged = 0;
    for (let round = 0; round < KILLS; round++) {
      const begun = Promise.withResolvers<void>();
      let ended = false;
      const writer = writeUntilItFails(url, (count) => {
        acknowledged = count;
        if (count >= 3) begun.resolve();
        return ended ? "enough" : "go on";
      });
      // A server that is still coming back may send it away before it has written.
      await Promise.race([begun.promise, writer]);
      await pause((round * 37) % 60);
      await ENDINGS[what]?.(server);
      ended = true;
      // A commit that took effect without an answer is read back once the server has recovered, and its run goes on.
      expect([undefined, "state_unwritable", "lease_lost"]).toContain((await writer)?.code);
      await settled(url);
      await using reader = await postgresStore({ url }).reader();
      const count = await reader.count();
      expect(count % 3).toBe(0);
      expect(count).toBeGreaterThanOrEqual(acknowledged);
      expect(count).toBeLessThanOrEqual(acknowledged + 3);
      expect([0, 3]).toContain((await reader.intents()).length);
      expect(await postgresStore({ url }).verify()).toEqual({ checkpoints: count, problems: [] });
    }
    expect(acknowledged).toBeGreaterThan(0);
  },
);

/** Records three assets at a time, first their intents, until the store says no, or it was enough. */
async function writeUntilItFails(url: string, tell: (count: number) => "go on" | "enough"): Promise<TidemarkError | undefined> {
  try {
    await using lease = await postgresStore({ url }).acquire();
    await lease.begin(aHead());
    const open = await lease.intents();
    await lease.record(open.map(({ seq, asset_id }) => ({ seq, asset_id, checkpoint: undefined })));
    for (let count = await lease.count(); ; count += 3) {
      if (tell(count) === "enough") return undefined;
      const ids = [0, 1, 2].map((at) => `SALES.T${String(count + at).padStart(6, "0")}`);
      const intents = await lease.intend(ids.map((id) => anIntent(id)));
      await lease.record(intents.map(({ seq, asset_id }) => anOutcome(seq, aCheckpoint(asset_id))));
    }
  } catch (error) {
    if (error instanceof TidemarkError) return error;
    throw error;
  }
}

/** Waits until the server lets in and the lease is free: what a run finds that begins a little later. */
async function settled(url: string): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      await (await postgresStore({ url }).acquire())[Symbol.asyncDispose]();
      return;
    } catch (error) {
      if (attempt > 100 || !(error instanceof TidemarkError)) throw error;
      await pause(100);
    }
  }
}
