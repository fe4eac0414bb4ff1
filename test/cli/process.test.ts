import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, test } from "vitest";
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
