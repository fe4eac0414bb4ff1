import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { aWorkplace, tables } from "./a-workplace.ts";

test("status tells how old the newest backup is and what the state takes; the metrics file has the same, whole", async () => {
  const { cwd, exported, run } = await aWorkplace();
  await exported(tables(1, 3));
  expect((await run("sync")).code).toBe(0);
  expect((await run("sync", "--metrics-file", "metrics.prom")).code).toBe(0);

  const { health } = JSON.parse((await run("status", "--json")).stdout) as {
    health: { storage: { total: number; bytes_per_asset: number } };
  };
  expect(health).toMatchObject({
    backups: { enabled: true, count: 1, damaged: 0, newest: { generation: 1, reason: "daily", generations_behind: 1 } },
  });
  expect(health.storage.bytes_per_asset).toBe(Math.round(health.storage.total / 3));
  expect((await run("status")).stdout).toMatch(/backup +generation 1, .* 1 generation behind; 1 backup in all; the state takes/);

  const metrics = await readFile(join(cwd, "metrics.prom"), "utf8");
  expect(metrics).toContain('tidemark_checkpoints{pipeline="sales"} 3\n');
  expect(metrics).toContain('tidemark_backup_generations_behind{pipeline="sales"} 1\n');
  expect(metrics).toContain("# TYPE tidemark_backup_timestamp_seconds gauge\n");
  expect((await readdir(cwd)).filter((name) => name.includes("partial"))).toEqual([]);
});
