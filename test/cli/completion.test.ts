import { execFileSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runCli } from "../helpers/cli.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";

test.each([
  [["pl"], ["plan"]],
  [["sync", "--dry"], ["--dry-run"]],
  [
    ["checkpoint", ""],
    ["list", "show", "verify", "diff", "backup"],
  ],
  [["runs", "show", "--al"], ["--all"]],
])("bash completes %j", async (words, expected) => {
  const folder = await temporaryFolder();
  const { stdout } = await runCli(["completion", "bash"]);
  const script = join(folder, "completion.sh");
  await writeFile(
    script,
    `${stdout}\nCOMP_WORDS=(tidemark ${words.map((word) => `'${word}'`).join(" ")})\nCOMP_CWORD=${words.length}\n_tidemark\nprintf '%s\\n' "\${COMPREPLY[@]}"\n`,
  );

  const offered = execFileSync("bash", [script], { encoding: "utf8" }).trim().split("\n");

  expect(offered.slice(0, expected.length)).toEqual(expected);
});

test.each(["zsh", "fish"])("%s gets a script that names every command", async (shell) => {
  const { code, stdout } = await runCli(["completion", shell]);

  expect(code).toBe(0);
  for (const name of ["plan", "checkpoint", "completion"]) expect(stdout).toContain(name);
});
