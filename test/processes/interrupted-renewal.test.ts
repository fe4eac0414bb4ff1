import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, openSync, readdirSync, readSync, closeSync, statSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import type { RunReport } from "../../src/model/report.ts";
import { makeHeavy } from "../helpers/a-heavy-state.ts";
import { runCli } from "../helpers/cli.ts";
import { aGlueSandbox } from "../helpers/sandbox-glue.ts";
import { sqliteStore } from "../helpers/sqlite-harness.ts";
import { aPipeline } from "../scenarios/a-pipeline.ts";
import { emptyExports } from "../scenarios/exports-folder.ts";

const main = join(import.meta.dirname, "../../src/cli/main.ts");

test(
  "SIGINT while the copy of a state of 100 MB is made ends the run within 10 s, and the next run has nothing to recover",
  { timeout: 180_000 },
  async () => {
    const { sandbox } = await aGlueSandbox();
    const exports = await emptyExports();
    onTestFinished(() => exports[Symbol.asyncDispose]());
    const pipeline = await aPipeline(exports.root, sandbox.url);
    const put = async (type: string): Promise<void> => {
      const definitions = { T: { kind: "entity", elements: { ID: { type } } } };
      await mkdir(join(exports.path, "SALES"), { recursive: true });
      await writeFile(join(exports.path, "SALES", "all.json"), JSON.stringify({ definitions }));
    };
    await put("cds.Integer");
    await pipeline.sync();
    const folder = join(exports.root, "checkpoints", "test");
    await (async () => {
      await using lease = await sqliteStore(folder).acquire();
      await makeHeavy(lease, 70_000);
    })();
    expect(statSync(join(folder, "state.db")).size).toBeGreaterThan(90e6);
    const journal = firstBytes(join(folder, "journal.ndjson"));

    await put("cds.Integer64");
    const child = spawn(process.execPath, [main, "sync", "--json"], { cwd: exports.root, stdio: ["ignore", "pipe", "inherit"] });
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
    const ended = once(child, "close");
    const isCopying = (): boolean =>
      readdirSync(folder).some((name) => name.startsWith("begin-") && existsSync(join(folder, name, "previous.db")));
    while (child.exitCode === null && !isCopying()) await pause(5);
    const asked = performance.now();
    child.kill("SIGINT");
    const [code] = await ended;
    expect(performance.now() - asked).toBeLessThan(10_000);

    // The commit was durable by then: the run did all that it was to do.
    expect([code, (JSON.parse(output) as RunReport).status]).toEqual([0, "succeeded"]);
    expect(isCopying()).toBe(false);
    expect(firstBytes(join(folder, "journal.ndjson"))).toEqual(journal);

    sandbox.reset({ counts: true });
    const next = await runCli(["sync", "--json"], { cwd: exports.root });
    expect([next.code, JSON.parse(next.stdout)]).toMatchObject([0, { status: "succeeded", problems: [], summary: { unchanged: 1 } }]);
    expect([sandbox.counts().writes, sandbox.counts().operations["GetDatabases"]?.calls ?? 0]).toEqual([0, 0]);
    expect(statSync(join(folder, "journal.ndjson")).size).toBeLessThan(10_000);
    expect((await sqliteStore(folder).verify())?.problems).toEqual([]);
  },
);

/** The first line of a journal, and so which one it is. */
function firstBytes(path: string): string {
  const [file, bytes] = [openSync(path, "r"), Buffer.alloc(100)];
  readSync(file, bytes, 0, 100, 0);
  closeSync(file);
  return bytes.toString();
}
