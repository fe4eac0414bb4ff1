import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import { aStateFolder, sqliteStore } from "../../../test/helpers/sqlite-harness.ts";

/** How often the writer is killed. */
const KILLS = Number(process.env["KILLS"] ?? 12);

const WRITER = join(import.meta.dirname, "../../../test/helpers/write-batches.ts");

test("after kill -9 at any moment of writing, all that was acknowledged is there, and each batch is there whole or not at all", async () => {
  await using state = await aStateFolder();
  let acknowledged = 0;
  for (let round = 0; round < KILLS; round++) {
    acknowledged = Math.max(acknowledged, await killed(state.folder, (round * 37) % 60));
    await using reader = await sqliteStore(state.folder).reader();
    const count = await reader.count();
    expect(count % 3).toBe(0);
    expect(count).toBeGreaterThanOrEqual(acknowledged);
    expect(count).toBeLessThanOrEqual(acknowledged + 3);
    expect((await Array.fromAsync(reader.entries())).flat().length).toBe(count);
    expect([0, 3]).toContain((await reader.intents()).length % 6);
    expect(await sqliteStore(state.folder).verify()).toEqual({ checkpoints: count, problems: [] });
    acknowledged = count;
  }
  expect(acknowledged).toBeGreaterThan(0);
});

/** Lets a process write until `ms` after its first acknowledgement, kills it, and answers with the last count that it told. */
async function killed(folder: string, ms: number): Promise<number> {
  const child = spawn(process.execPath, [WRITER, folder], { stdio: ["ignore", "pipe", "inherit"] });
  const exited = once(child, "exit");
  let told = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (told += text));
  await Promise.race([once(child.stdout, "data"), exited]);
  await pause(ms);
  child.kill("SIGKILL");
  await exited;
  // A count counts as told only with the end of its line.
  return Number(told.split("\n").at(-2) ?? 0);
}
