import { spawn } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { GlueSandbox } from "../../src/sandbox/glue/start-glue-sandbox.ts";
import { runCli } from "../helpers/cli.ts";
import { aGlueSandbox } from "../helpers/sandbox-glue.ts";
import { aPipeline } from "../scenarios/a-pipeline.ts";
import { emptyExports } from "../scenarios/exports-folder.ts";

const main = join(import.meta.dirname, "../../src/cli/main.ts");
const ASSETS = 12;

/** A pipeline whose every write takes a while, and a sync of it that has begun to write. */
async function aSlowSync(): Promise<{
  readonly folder: string;
  readonly sandbox: GlueSandbox;
  readonly child: ReturnType<typeof spawn>;
  readonly ended: Promise<number | null>;
  readonly output: () => string;
}> {
  const { sandbox } = await aGlueSandbox();
  const exports = await emptyExports();
  onTestFinished(() => exports[Symbol.asyncDispose]());
  await aPipeline(exports.root, sandbox.url);
  const definitions = Object.fromEntries(
    Array.from({ length: ASSETS }, (_, at) => [`T${at}`, { kind: "entity", elements: { ID: { type: "cds.Integer" } } }]),
  );
  await mkdir(join(exports.path, "SALES"));
  await writeFile(join(exports.path, "SALES", "all.json"), JSON.stringify({ definitions }));
  sandbox.settings({ latency_ms: 400 });
  const child = spawn(process.execPath, [main, "sync", "--json"], { cwd: exports.root, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
  const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
  while (sandbox.counts().writes_applied < 2) await new Promise((resolve) => setTimeout(resolve, 20));
  return { folder: exports.root, sandbox, child, ended, output: () => output };
}

test(
  "of two runs at once one acts, the other exits 5 and names the holder; a killed holder frees the lease at once",
  { timeout: 120_000 },
  async () => {
    const { folder, sandbox, child, ended } = await aSlowSync();
    // Whatever is left of the first run takes longer than the second one's start.
    sandbox.settings({ latency_ms: 20_000 });
    const second = await runCli(["sync", "--json"], { cwd: folder });
    expect(second.code).toBe(5);
    const { error } = JSON.parse(second.stdout) as { error: { code: string; message: string } };
    expect(error.code).toBe("lease_held");
    expect(error.message).toContain(String(child.pid));
    expect(error.message).toContain(hostname());
    child.kill("SIGKILL");
    await ended;
    sandbox.settings({ latency_ms: 0 });
    expect((await runCli(["sync", "--json"], { cwd: folder })).code).toBe(0);
    expect(sandbox.tables("dsp_sales")).toHaveLength(ASSETS);
  },
);

test.each(["SIGINT", "SIGTERM"] as const)(
  "%s stops new writes, settles what is in flight, exits 130, and the next run has nothing to recover",
  { timeout: 120_000 },
  async (signal) => {
    const { folder, sandbox, child, ended, output } = await aSlowSync();
    const asked = performance.now();
    child.kill(signal);
    expect(await ended).toBe(130);
    expect(performance.now() - asked).toBeLessThan(10_000);
    const report = JSON.parse(output()) as { status: string; summary: { created: number }; problems: { code: string }[] };
    expect(report.status).toBe("failed");
    expect(report.problems.map(({ code }) => code)).toContain("interrupted");
    // What was written was recorded, and nothing else.
    expect(sandbox.tables("dsp_sales")).toHaveLength(report.summary.created);
    sandbox.settings({ latency_ms: 0 });
    sandbox.reset({ counts: true });
    const next = JSON.parse((await runCli(["sync", "--json"], { cwd: folder })).stdout) as {
      summary: { created: number; unchanged: number };
    };
    expect(next.summary).toMatchObject({ created: ASSETS - report.summary.created, unchanged: report.summary.created });
    // No intent to read back, no orphan to scan for: the reads are those of a run that creates.
    expect(sandbox.counts().operations["GetDatabases"]?.calls ?? 0).toBe(0);
  },
);
