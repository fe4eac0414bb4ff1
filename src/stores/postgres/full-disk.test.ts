import { rmSync } from "node:fs";
import { expect, onTestFinished, test } from "vitest";
import { notice } from "../../../test/helpers/notice.ts";
import { hasPostgres, type PostgresServer, startPostgres } from "../../../test/helpers/postgres.ts";
import { postgresStore } from "../../../test/helpers/postgres-harness.ts";
import { fillUp, mountSmallDisk, type SmallDisk } from "../../../test/helpers/small-disk.ts";
import type { CheckpointLease } from "../../ports/checkpoint-store.ts";
import { aCheckpoint, aHead, anIntent, anOutcome } from "../../testing/checkpoint-builders.ts";

const MIB = 1 << 20;
/** Room for an empty server, and what two or three thousand checkpoints take. */
const DISK = 128 * MIB;

const disk = mountSmallDisk(MIB);
disk?.[Symbol.dispose]();
if (disk === null) notice("Tests of a server's full disk were skipped: this user may not mount one.");

interface OnSmallDisk {
  readonly server: PostgresServer;
  readonly url: string;
  /** Leaves no byte of the server's disk free. */
  fill(): void;
  makeRoom(): void;
}

/** A server all of whose files lie on a disk of their own. */
async function onSmallDisk(): Promise<OnSmallDisk> {
  const small = mountSmallDisk(DISK) as SmallDisk;
  const server = (await startPostgres({ fsync: "on", parent: small.path })) as PostgresServer;
  onTestFinished(async () => {
    await server[Symbol.asyncDispose]();
    small[Symbol.dispose]();
  });
  let ballast = "";
  return {
    server,
    url: await server.createDatabase(),
    fill: () => (ballast = fillUp(small)),
    makeRoom: () => rmSync(ballast),
  };
}

test.skipIf(disk === null || !hasPostgres())(
  "a write on the server's full disk says so and changes nothing, and the same lease goes on when there is room",
  async () => {
    const { url, fill, makeRoom } = await onSmallDisk();
    await using lease = await postgresStore({ url }).acquire();
    await lease.begin(aHead());
    await batch(lease, 0);
    fill();
    const acknowledged = { batches: 1 };
    await expect(writeBatches(lease, acknowledged)).rejects.toMatchObject({
      code: "state_unwritable",
      message: expect.stringContaining("the server's disk is full") as unknown,
      remedy: expect.stringContaining("Make room on the server's disk") as unknown,
    });
    expect(await lease.count()).toBe(acknowledged.batches * SIZE);

    makeRoom();
    const open = await lease.intents();
    await lease.record(open.map(({ seq, asset_id }) => ({ seq, asset_id, checkpoint: undefined })));
    await batch(lease, 10_000);
    expect(await lease.count()).toBe((acknowledged.batches + 1) * SIZE);
    expect(await postgresStore({ url }).verify()).toEqual({ checkpoints: (acknowledged.batches + 1) * SIZE, problems: [] });
  },
);

test.skipIf(disk === null || !hasPostgres())(
  "of a server that a full disk brings down, as it does where its log finds no room, all that was acknowledged is there",
  async () => {
    const { server, url, fill, makeRoom } = await onSmallDisk();
    const acknowledged = { batches: 0 };
    {
      await using lease = await postgresStore({ url }).acquire();
      await lease.begin(aHead());
      for (; acknowledged.batches < 5; acknowledged.batches++) await batch(lease, acknowledged.batches);
      fill();
      // The log goes on in a new file, for which there is no room.
      await Promise.allSettled([1, 2, 3].map(() => server.ask("SELECT pg_switch_wal() FROM pg_logical_emit_message(true, 'test', 'any')")));
      await expect(writeBatches(lease, acknowledged)).rejects.toMatchObject({
        code: "state_unwritable",
        message: expect.stringContaining("the connection to the server was lost") as unknown,
      });
    }
    makeRoom();
    await server.start();
    await using reader = await postgresStore({ url }).reader();
    const count = await reader.count();
    // The batch that failed may have become durable before the answer did: then it is there whole.
    expect([acknowledged.batches * SIZE, (acknowledged.batches + 1) * SIZE]).toContain(count);
    expect(await postgresStore({ url }).verify()).toEqual({ checkpoints: count, problems: [] });
  },
);

const SIZE = 100;

async function writeBatches(lease: CheckpointLease, acknowledged: { batches: number }): Promise<void> {
  for (let n = 100; n < 1_000; n++) {
    await batch(lease, n);
    acknowledged.batches++;
  }
}

async function batch(lease: CheckpointLease, n: number): Promise<void> {
  const ids = Array.from({ length: SIZE }, (_, at) => `SALES.T${n * SIZE + at}`);
  const intents = await lease.intend(ids.map((id) => anIntent(id)));
  await lease.record(intents.map((intent) => anOutcome(intent.seq, aCheckpoint(intent.asset_id))));
}
