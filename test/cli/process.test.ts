import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { runCli } from "../helpers/cli.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";

const MAIN = join(import.meta.dirname, "../../src/cli/main.ts");

test.each(["SIGINT", "SIGTERM"] as const)(
  "a sandbox says where it listens in one line, answers there, and ends well on %s",
  async (signal) => {
    const child = spawn(process.execPath, [MAIN, "sandbox", "glue", "--port", "0"], { stdio: ["ignore", "pipe", "inherit"] });
    const lines = createInterface(child.stdout);
    const [first] = (await once(lines, "line")) as [string];
    const url = /^listening on (http:\/\/127\.0\.0\.1:\d+)$/.exec(first)?.[1];

    const answer = await fetch(`${url}/__sandbox/counts`);
    const rest: string[] = [];
    lines.on("line", (line) => rest.push(line));
    child.kill(signal);
    const [code] = (await once(child, "close")) as [number | null];

    expect([answer.status, code, rest]).toEqual([200, 0, []]);
  },
);

test("a reader that goes away ends the command quietly", async () => {
  const cwd = await temporaryFolder();
  const asset = '{"technical_name": "Orders", "schema_info": {"columns": []}}\n';
  await writeFile(join(cwd, "assets.ndjson"), asset.repeat(20_000));
  const child = spawn(
    "bash",
    ["-c", `"${process.execPath}" "${MAIN}" fingerprint --scheme reference assets.ndjson | head -n 1; echo "\${PIPESTATUS[0]}"`],
    { cwd },
  );
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk) => (stdout += chunk));
  child.stderr.on("data", (chunk) => (stderr += chunk));

  await once(child, "close");

  expect(stderr).toBe("");
  expect(stdout.split("\n")).toEqual([expect.stringContaining("content_hash") as unknown, "0", ""]);
});

test("whatever prints much or lists something ends quietly, with the exit code that it would have had, when its reader goes away", async () => {
  const cwd = await temporaryFolder();
  await mkdir(join(cwd, "exports/SALES"), { recursive: true });
  // More than a pipe takes before it is read.
  const names = Array.from({ length: 600 }, (_, index) => `A_table_${"with_a_long_name_".repeat(6)}${index}`);
  const exported = (type: string): Promise<void> =>
    writeFile(
      join(cwd, "exports/SALES/all.json"),
      JSON.stringify({ definitions: Object.fromEntries(names.map((name) => [name, { kind: "entity", elements: { ID: { type } } }])) }),
    );
  await writeFile(
    join(cwd, "tidemark.yaml"),
    "pipelines:\n  - name: sales\n    source: { type: csn, path: ./exports }\n    target: { type: changefeed, path: ./feed.ndjson }\n",
  );
  await exported("cds.Integer");
  expect((await runCli(["sync", "--quiet"], { cwd })).code).toBe(0);
  await exported("cds.Date");
  const upTo = async (lines: 0 | 1, command: string): Promise<readonly [number, string]> => {
    const line = `"${process.execPath}" "${MAIN}" ${command} | head -n ${lines} > /dev/null; echo "\${PIPESTATUS[0]}"`;
    const { stdout, stderr } = await promisify(execFile)("bash", ["-c", line], { cwd });
    return [Number(stdout), stderr];
  };

  for (const command of ["plan --all", "plan --json", "plan -o ndjson"])
    expect([command, ...(await upTo(1, command))]).toEqual([command, 2, ""]);
  for (const command of [
    "history --limit 600",
    "history --json --limit 600",
    "history --format csv",
    "checkpoint list",
    "checkpoint list --json",
  ])
    expect([command, ...(await upTo(1, command))]).toEqual([command, 0, ""]);
  // These print few lines, which a pipe takes: their reader is gone before they come.
  for (const command of ["runs list", "runs show last --json", "status", "config show --origin", "--version", "--help", "plan --help"])
    expect([command, ...(await upTo(0, command))]).toEqual([command, 0, ""]);
});
