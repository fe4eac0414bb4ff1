import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runCli } from "../helpers/cli.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";

interface DemoRun {
  readonly name: string;
  readonly changed: number;
  readonly glue_requests: number;
  readonly saved_percent: { readonly requests: number; readonly bytes: number } | null;
  readonly report: { readonly status: string };
}

test("the demo syncs all, then what changed, then nothing, and measures what that saved", async () => {
  const folder = await temporaryFolder();
  const { code, stdout } = await runCli(["demo", "--assets", "40", "--json"], { env: { TMPDIR: folder }, timeout: 100_000 });
  const { runs } = JSON.parse(stdout) as { readonly runs: readonly DemoRun[] };
  expect(code).toBe(0);
  expect(runs.map(({ name, changed, report }) => [name, changed, report.status])).toEqual([
    ["full", 40, "succeeded"],
    ["changed", 4, "succeeded"],
    ["metadata", 2, "succeeded"],
    ["unchanged", 0, "succeeded"],
  ]);
  const [full, changed, metadata, unchanged] = runs as readonly [DemoRun, DemoRun, DemoRun, DemoRun];
  expect(changed.glue_requests).toBeLessThan(full.glue_requests / 4);
  expect(metadata.saved_percent?.bytes).toBeGreaterThan(changed.saved_percent?.bytes ?? 100);
  expect(unchanged.glue_requests).toBe(0);
  expect(await readdir(folder)).toEqual([]);
});

test("for people it tells each run, the table and what to do next", async () => {
  const { code, stdout } = await runCli(["demo", "--assets", "20", "--seed", "7"], { timeout: 100_000 });
  expect(code).toBe(0);
  expect(stdout).toContain("20 assets (seed 7)");
  expect(stdout.match(/^✓ /gm)).toHaveLength(4);
  expect(stdout).toContain("Saved against the full sync");
  expect(stdout).toContain("tidemark init");
});

test("interrupted, it exits with 130 and leaves nothing behind", async () => {
  const folder = await temporaryFolder();
  const main = join(import.meta.dirname, "../../src/cli/main.ts");
  const child = spawn(process.execPath, [main, "demo", "--assets", "300"], {
    env: { ...process.env, NODE_OPTIONS: undefined, TMPDIR: folder },
  });
  child.stderr.resume();
  await once(child.stdout, "data");
  const during = await readdir(folder);
  child.kill("SIGINT");
  const [code] = (await once(child, "close")) as [number | null];
  expect(during.filter((name) => name.startsWith("tidemark-demo-"))).toHaveLength(1);
  expect({ code, left: await readdir(folder) }).toEqual({ code: 130, left: [] });
});
