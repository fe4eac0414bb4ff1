import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { kernelLock } from "../../src/stores/lock/index.ts";
import { aWorkplace, tables } from "./a-workplace.ts";

async function aMovingWorkplace() {
  const place = await aWorkplace({}, "checkpoint_management: { storage_type: sqlite }\n");
  await place.exported(tables(1, 3));
  const file = join(place.cwd, "tidemark.yaml");
  const use = async (store: string): Promise<void> =>
    await writeFile(file, (await readFile(file, "utf8")).replace(/storage_type: \w+/, `storage_type: ${store}`));
  expect((await place.run("sync")).code).toBe(0);
  return { ...place, use };
}

test("a state moves between the two stores that share a folder, and the runs after it write nothing", async () => {
  const { run, use, sandbox } = await aMovingWorkplace();
  const writes = sandbox.counts().writes_applied;
  for (const [here, there, place] of [
    ["sqlite", "json", "quarantine/1"],
    ["json", "sqlite", "quarantine/2"],
  ] as const) {
    const { code, stdout } = await run("checkpoint", "migrate", "--to", there);
    expect([there, code, stdout]).toEqual([there, 0, expect.stringMatching(new RegExp(`to ${there}, generation .*${place}`)) as unknown]);
    // Who still looks at the old place finds no state, and no older one either.
    expect([here, (await run("sync")).code]).toEqual([here, 6]);
    await use(there);
    expect((await run("sync")).code).toBe(0);
    expect((await run("checkpoint", "verify")).stdout).toContain("is intact: 3 checkpoints");
  }
  expect(sandbox.counts().writes_applied).toBe(writes);
});

test("a state is not moved while a run holds its lease, and nothing is made where it would go", async () => {
  const { cwd, run, use } = await aMovingWorkplace();
  const taken = await kernelLock(join(cwd, "checkpoints", "sales")).acquire({ pid: 1, host: "here", since: "" });
  if (!taken.ok) throw new Error("the lock is not free");
  expect((await run("checkpoint", "migrate", "--to", "json")).code).toBe(5);
  await taken.release();
  expect((await run("sync")).code).toBe(0);
  await use("json");
  expect((await run("checkpoint", "list")).stdout).not.toContain("SALES.T01");
});
