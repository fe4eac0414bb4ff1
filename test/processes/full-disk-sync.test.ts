import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { runCli } from "../helpers/cli.ts";
import { notice } from "../helpers/notice.ts";
import { fillUp, mountSmallDisk } from "../helpers/small-disk.ts";
import { aWorkplace, tables } from "../cli/a-workplace.ts";
import { fullDiskSync } from "./full-disk-sync.ts";

const KIB = 1_024;

const disk = mountSmallDisk(64 * KIB);
disk?.[Symbol.dispose]();
if (disk === null) notice("Syncs on a full disk were skipped: this user may not mount one.");

test.skipIf(disk === null).each([
  { store: "sqlite", sizes: [24, 96, 160, 224, 320, 480] },
  { store: "json", sizes: [24, 64, 96, 160, 320] },
])(
  "a sync whose $store state fills its disk stops with the generation before it intact, and goes on when there is room",
  { timeout: 300_000 },
  async ({ store, sizes }) => {
    const met = new Set<string | null>();
    for (const kib of sizes) {
      const { full, findings } = await fullDiskSync(kib * KIB, store);
      expect({ kib, findings }).toEqual({ kib, findings: [] });
      met.add(full);
    }
    expect(met.size).toBeGreaterThan(1);
  },
);

test.skipIf(disk === null)("on a full disk the command line exits 7 with a clear sentence before the target is touched", async () => {
  const { cwd, sandbox, exported } = await aWorkplace();
  const small = mountSmallDisk(64 * KIB);
  if (small === null) throw new Error("A disk could be mounted a moment ago.");
  onTestFinished(() => small[Symbol.dispose]());
  await exported(tables(1, 3));
  fillUp(small);
  await mkdir(join(cwd, "own"));
  const config = {
    pipelines: [
      {
        name: "sales",
        source: { type: "csn", path: join(cwd, "exports") },
        target: { type: "glue", region: "eu-central-1", endpoint: sandbox.url },
      },
    ],
    checkpoint_management: { path: join(small.path, "checkpoints") },
  };
  await writeFile(join(cwd, "own", "tidemark.json"), JSON.stringify(config));
  const { code, stdout } = await runCli(["sync", "--json"], {
    cwd: join(cwd, "own"),
    env: { AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" },
  });

  expect([code, JSON.parse(stdout)]).toMatchObject([
    7,
    {
      error: {
        code: "state_unwritable",
        message: expect.stringContaining(small.path) as unknown,
        remedy: expect.stringContaining("Make room") as unknown,
      },
    },
  ]);
  expect(sandbox.tables()).toEqual([]);
});
