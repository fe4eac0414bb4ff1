import { readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { holdLease } from "../../../test/helpers/lease-process.ts";
import { aStateFolder, OPEN_TO_ALL, sqliteStore } from "../../../test/helpers/sqlite-harness.ts";
import { aCheckpoint, aHead, anOutcome } from "../../testing/checkpoint-builders.ts";
import type { Lock } from "../../ports/lock.ts";
import { kernelLock } from "./kernel-lock.ts";

const ME = { pid: process.pid, host: hostname(), since: "2026-03-04T05:06:07.000Z" };

async function letGo(taken: Awaited<ReturnType<Lock["acquire"]>>): Promise<void> {
  if (!taken.ok) throw new Error("the lock should have been free");
  await taken.release();
}

test("one takes the lock, another is told who has it, and can take it once it is let go", async () => {
  await using state = await aStateFolder();
  await mkdir(state.folder, { recursive: true });
  const first = await kernelLock(state.folder).acquire(ME);
  expect(await kernelLock(state.folder).acquire(ME)).toEqual({ ok: false, holder: ME });
  await letGo(first);
  await letGo(first);
  await letGo(await kernelLock(state.folder).acquire(ME));
});

test("a note of the holder that cannot be removed fails nothing: the lock is free, and whoever takes it next is told of", async () => {
  await using state = await aStateFolder();
  await mkdir(state.folder, { recursive: true });
  const held = await kernelLock(state.folder).acquire(ME);
  const note = join(state.folder, "lock.json");
  rmSync(note);
  // A folder in its place is removed by nobody who removes a file.
  await mkdir(note);
  await letGo(held);
  rmSync(note, { recursive: true });
  writeFileSync(note, JSON.stringify({ ...ME, since: "2020-01-01T00:00:00.000Z" }));
  const next = await kernelLock(state.folder).acquire(ME);
  expect(await kernelLock(state.folder).acquire(ME)).toEqual({ ok: false, holder: ME });
  await letGo(next);
});

test("only its owner may read the lock's files", async () => {
  await using state = await aStateFolder();
  await mkdir(state.folder, { recursive: true });
  const held = await kernelLock(state.folder).acquire(ME);
  for (const name of ["lock.db", "lock.json"]) expect(statSync(join(state.folder, name)).mode & 0o777).toBe(0o600);
  await letGo(held);
});

test("an attempt within the process that holds the lock does not free it for other processes", async () => {
  await using state = await aStateFolder();
  await using _lease = await sqliteStore(state.folder).acquire();
  await expect(sqliteStore(state.folder).acquire()).rejects.toMatchObject({ code: "lease_held" });
  await using _reader = await sqliteStore(state.folder).reader();
  expect(await holdLease(state.folder)).toBeNull();
});

test("kill -9 frees the lease at once, and what was written stands", async () => {
  await using state = await aStateFolder();
  for (let round = 0; round < 3; round++) {
    const holder = await holdLease(state.folder);
    if (holder === null) throw new Error("the lease should be free");
    const message = `The state in ${state.folder} is in use: process ${holder.pid} on ${hostname()} since `;
    await expect(sqliteStore(state.folder).acquire()).rejects.toMatchObject({
      code: "lease_held",
      message: expect.stringContaining(message),
    });
    await holder.kill("SIGKILL");
    await using lease = await sqliteStore(state.folder).acquire();
    expect(await lease.head()).toMatchObject({ generation: 0, clean: false });
  }
});

test("the note of a dead holder is not believed, and a damaged note is none", async () => {
  await using state = await aStateFolder();
  await mkdir(state.folder, { recursive: true });
  const held = await kernelLock(state.folder).acquire(ME);
  for (const note of ["", "{", '{"pid":"x"}', JSON.stringify({ ...ME, pid: 2 ** 22 + 1 })]) {
    writeFileSync(join(state.folder, "lock.json"), note);
    expect(await kernelLock(state.folder).acquire(ME)).toEqual({ ok: false, holder: null });
  }
  writeFileSync(join(state.folder, "lock.json"), JSON.stringify({ ...ME, pid: 1, host: "elsewhere" }));
  expect(await kernelLock(state.folder).acquire(ME)).toEqual({ ok: false, holder: { ...ME, pid: 1, host: "elsewhere" } });
  await letGo(held);
});

test("a holder who was paused while the lock's file was deleted writes nothing when it goes on", async () => {
  await using state = await aStateFolder();
  await using first = await sqliteStore(state.folder).acquire();
  await first.begin(aHead());
  rmSync(join(state.folder, "lock.db"));
  await using second = await sqliteStore(state.folder).acquire();
  await expect(first.record([anOutcome(null, aCheckpoint("SALES.A"))])).rejects.toMatchObject({ code: "lease_lost" });
  await second.begin(aHead());
  await second.record([anOutcome(null, aCheckpoint("SALES.B"))]);
  expect(await second.count()).toBe(1);
});

test("a state that was moved away beneath its holder is not written on", async () => {
  await using state = await aStateFolder();
  await using lease = await sqliteStore(state.folder, OPEN_TO_ALL).acquire();
  await lease.begin(aHead());
  const bytes = readFileSync(state.path);
  rmSync(state.path);
  await expect(lease.record([anOutcome(null, aCheckpoint("SALES.A"))])).rejects.toMatchObject({
    code: "lease_lost",
    message: expect.stringMatching(/moved, replaced or removed/),
  });
  writeFileSync(state.path, bytes);
  await expect(lease.record([anOutcome(null, aCheckpoint("SALES.A"))])).rejects.toMatchObject({ code: "lease_lost" });
});

test("a folder where no lock can be made says so", async () => {
  await using state = await aStateFolder();
  await expect(kernelLock(state.folder).acquire(ME)).rejects.toMatchObject({
    code: "state_unwritable",
    message: expect.stringMatching(/lock\.db cannot be taken \(ENOENT/),
  });
});
