import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { aWorkplace, tables, type Workplace } from "./a-workplace.ts";

async function twiceSynced(): Promise<Workplace> {
  const workplace = await aWorkplace();
  await workplace.exported(tables(1, 6));
  expect((await workplace.run("sync")).code).toBe(0);
  await workplace.exported(tables(1, 8));
  expect((await workplace.run("sync")).code).toBe(0);
  return workplace;
}

function json(text: string): { readonly [key: string]: unknown } {
  return JSON.parse(text) as { readonly [key: string]: unknown };
}

test("a backup is made, listed and restored; the loss is told first, and without leave nothing is changed", async () => {
  const { cwd, run } = await twiceSynced();
  const listed = json((await run("checkpoint", "backup", "--list", "--json")).stdout);
  expect(listed["backups"]).toMatchObject([{ generation: 1, reason: "daily", checkpoints: 6 }]);

  const refused = await run("checkpoint", "restore");
  expect([refused.code, refused.stderr]).toEqual([
    1,
    expect.stringMatching(/forget 2 checkpoints, go back 1 generation .*--yes/s) as unknown,
  ]);
  const restored = await run("checkpoint", "restore", "--generation", "1", "--yes", "--json");
  expect(json(restored.stdout)).toMatchObject({
    generation: 3,
    checkpoints: 6,
    loss: { forgotten: 2, generations: 1 },
    backup: { reason: "restore", generation: 2 },
  });
  expect(await readdir(join(cwd, "checkpoints/sales/quarantine"))).toEqual(["1"]);
  const next = await run("sync", "--json");
  expect(json(next.stdout)).toMatchObject({ status: "succeeded", summary: { assets: 8, created: 0, deleted: 0 } });

  const made = json((await run("checkpoint", "backup", "--json")).stdout);
  expect(made["backup"]).toMatchObject({ reason: "manual", checkpoints: 8 });
  const deep = await run("checkpoint", "verify", "--deep", "--json");
  expect([deep.code, json(deep.stdout)]).toMatchObject([0, { intact: true, backups: { good: 3, damaged: [] } }]);
});

test("two generations are compared, an asset is shown, an old run's changes are reverted", async () => {
  const { run, sandbox } = await twiceSynced();
  const diff = await run("checkpoint", "diff", "--from", "1", "--json");
  expect([diff.code, json(diff.stdout)["differences"]]).toEqual([
    2,
    [
      { asset_id: "SALES.T07", kind: "added", fields: [] },
      { asset_id: "SALES.T08", kind: "added", fields: [] },
    ],
  ]);
  expect(json((await run("checkpoint", "show", "SALES.T07", "--json")).stdout)).toMatchObject({
    sync_version: 1,
    versions: [{ generation: 1 }],
  });
  expect((await run("checkpoint", "diff", "SALES.T07")).code).toBe(0);

  const [last] = json((await run("runs", "list", "--json")).stdout)["runs"] as readonly { run_id: string }[];
  const run_id = last?.run_id ?? "";
  const writes = sandbox.counts().writes;
  expect((await run("revert", "--run", run_id, "--dry-run")).code).toBe(2);
  expect((await run("revert", "--run", run_id)).code).toBe(1);
  expect(sandbox.counts().writes).toBe(writes);
  const reverted = await run("revert", "--run", run_id, "--yes", "--json");
  expect([reverted.code, json(reverted.stdout)]).toMatchObject([0, { summary: { deleted: 2 } }]);
});

test("an export is imported where there is no state, refused over a newer one, and the sync after it writes nothing", async () => {
  const { cwd, run, sandbox } = await twiceSynced();
  expect((await run("checkpoint", "export", "state.ndjson.zst")).code).toBe(0);
  await rm(join(cwd, "checkpoints"), { recursive: true });
  expect((await run("checkpoint", "import", "state.ndjson.zst")).code).toBe(0);
  sandbox.reset({ counts: true });
  expect((await run("sync")).code).toBe(0);
  expect(sandbox.counts().writes).toBe(0);

  const older = await run("checkpoint", "import", "state.ndjson.zst", "--yes");
  expect([older.code, older.stderr]).toEqual([1, expect.stringContaining("--force") as unknown]);
});

test("checkpoints of the original program keep identity, times and versions, and equal tables are adopted without a write", async () => {
  const { cwd, run, sandbox } = await twiceSynced();
  const { checkpoints } = json((await run("checkpoint", "list", "--json")).stdout) as { checkpoints: readonly { asset_id: string }[] };
  const python = Object.fromEntries(
    checkpoints.map((one) => [
      one.asset_id,
      { ...one, last_sync_time: "2024-05-06T07:08:09.123456", sync_version: 17, content_hash: "of other bytes" },
    ]),
  );
  await writeFile(join(cwd, "datasphere_checkpoints.json"), JSON.stringify({ ...python, nameless: { asset_id: "nameless" } }, null, 2));
  await rm(join(cwd, "checkpoints"), { recursive: true });

  const imported = await run("checkpoint", "import", "datasphere_checkpoints.json", "--json");
  expect([imported.code, json(imported.stdout)]).toMatchObject([0, { checkpoints: 8, skipped: [expect.stringContaining("nameless")] }]);
  sandbox.reset({ counts: true });
  const next = await run("sync", "--json");
  expect([next.code, json(next.stdout)]).toMatchObject([0, { summary: { assets: 8, unchanged: 8, created: 0, modified: 0, deleted: 0 } }]);
  expect(sandbox.counts().writes).toBe(0);
  const after = json((await run("checkpoint", "list", "--json")).stdout)["checkpoints"];
  expect(after).toMatchObject(
    checkpoints.map(({ asset_id }) => ({ asset_id, sync_version: 17, last_sync_time: "2024-05-06T07:08:09.123Z" })),
  );
  const again = await run("checkpoint", "import", "datasphere_checkpoints.json", "--yes");
  expect([again.code, again.stderr]).toEqual([1, expect.stringContaining("--force") as unknown]);
});

test("a damaged state is repaired from its journal, else from the newest good backup, with leave only", async () => {
  const { cwd, run } = await twiceSynced();
  const folder = join(cwd, "checkpoints/sales");
  expect((await run("checkpoint", "repair")).stdout).toContain("nothing to repair");
  const garbage = "no database at all, but long enough to look like one".repeat(100);
  await writeFile(join(folder, "state.db"), garbage);
  expect((await run("checkpoint", "repair")).code).toBe(1);
  expect(await readFile(join(folder, "state.db"), "utf8")).toBe(garbage);
  expect(json((await run("checkpoint", "repair", "--yes", "--json")).stdout)).toMatchObject({ repaired: "journal" });
  expect((await run("sync")).code).toBe(0);

  for (const name of ["state.db", "previous.db", "journal.ndjson"]) await writeFile(join(folder, name), garbage);
  const repaired = await run("checkpoint", "repair", "--yes", "--json");
  expect([repaired.code, json(repaired.stdout)]).toMatchObject([0, { repaired: "backup", checkpoints: 6 }]);
  expect((await run("sync")).code).toBe(0);
  expect((await run("checkpoint", "verify")).code).toBe(0);
});

test("pruning needs leave, keeps the newest runs, and unlock says that there is nothing to unlock", async () => {
  const { run } = await twiceSynced();
  expect((await run("checkpoint", "prune")).code).toBe(1);
  const pruned = await run("checkpoint", "prune", "--before", "2999-01-01", "--keep", "1", "--yes", "--json");
  expect([pruned.code, json(pruned.stdout)]).toMatchObject([0, { runs: 1, history: 6, versions: 6 }]);
  expect(json((await run("checkpoint", "list", "--json")).stdout)["checkpoints"]).toHaveLength(8);
  expect((await run("checkpoint", "unlock")).stdout).toContain("nothing to unlock");
});
