import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { COMMANDS, GLOBAL_OPTIONS } from "../../src/cli/commands.ts";
import { buildProgram, forEachCommand } from "../../src/cli/program.ts";
import { FAILURES } from "../../src/model/errors.ts";
import { runCli } from "../helpers/cli.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";

const { version } = JSON.parse(readFileSync(join(import.meta.dirname, "../../package.json"), "utf8")) as { version: string };

test.each([["--version"], ["-V"]])("%s prints the version and nothing else", async (option) => {
  expect(await runCli([option])).toEqual({ code: 0, stdout: `${version}\n`, stderr: "" });
});

test("the version is also to be had as JSON", async () => {
  const { code, stdout } = await runCli(["--version", "--json"]);

  expect([code, JSON.parse(stdout)]).toEqual([0, { format_version: 1, version }]);
});

test.each([[[]], [["--help"]], [["-h"]], [["help"]]])("tidemark %j shows every command, with no configuration anywhere", async (args) => {
  const { code, stdout, stderr } = await runCli(args, { cwd: await temporaryFolder() });

  expect([code, stderr]).toEqual([0, ""]);
  for (const { name, summary } of COMMANDS)
    expect(stdout).toMatch(new RegExp(`^ {2}${name} +${summary.replaceAll(/[.()]/g, "\\$&")}$`, "m"));
});

test("a command's help needs no configuration, and names the options of every command", async () => {
  const { code, stdout, stderr } = await runCli(["plan", "--help"], { cwd: await temporaryFolder() });

  expect([code, stderr]).toEqual([0, ""]);
  expect(stdout).toContain("Usage: tidemark plan");
  for (const { flags } of GLOBAL_OPTIONS) expect(stdout).toContain(flags);
});

test.each([[["plan", "--help", "--json"]], [["--json", "help", "plan"]], [["--help", "--json"]]])(
  "help with --json (%j) is one JSON value, as everything with --json is",
  async (args) => {
    const { code, stdout, stderr } = await runCli(args);

    expect([code, stderr]).toEqual([0, ""]);
    expect(JSON.parse(stdout)).toEqual({ format_version: 1, help: expect.stringContaining("Usage: tidemark") as unknown });
  },
);

test.each([80, 60])("every command's help teaches with an example, and fits into %i columns but for the examples", async (width) => {
  const program = await buildProgram(
    () => async () => undefined,
    () => true,
  );

  forEachCommand(program, (command) => {
    if (command === program || command.name() === "help") return;
    let text = "";
    command.configureOutput({ writeOut: (part) => (text += part), getOutHelpWidth: () => width }).outputHelp();
    const [described = "", examples = ""] = text.split("Examples:");
    expect(examples).toContain(command.name());
    expect(described.split("\n").filter((line) => line.length > width)).toEqual([]);
  });
});

test.each([
  [["plna"], "Unknown command 'plna'. Did you mean plan?", "tidemark --help"],
  [["plan", "--jsn"], "Unknown option '--jsn'. Did you mean --json?", "tidemark plan --help"],
  [["sync", "--dryrun"], "Unknown option '--dryrun'. Did you mean --dry-run?", "tidemark sync --help"],
  [["checkpoint", "lst"], "Unknown command 'lst'. Did you mean list?", "tidemark checkpoint --help"],
  [["checkpoint"], "`tidemark checkpoint` needs a sub-command.", "tidemark checkpoint --help"],
  [["help", "nope"], "There is no command 'nope'.", "tidemark --help"],
  [["status", "extra"], "Too many arguments", "tidemark status --help"],
  [["plan", "--config"], "Option '--config <file>' argument missing.", "tidemark plan --help"],
  [["sync", "--allow-deletes", "many"], "It must be a whole number, at least 0.", "tidemark sync --help"],
  [["sync", "--allow-deletes", "-1"], "It must be a whole number, at least 0.", "tidemark sync --help"],
  [["completion", "tcsh"], "Allowed choices are bash, zsh, fish.", "tidemark completion --help"],
  [["fingerprint", "--scheme", "refrence"], "Allowed choices are config, reference.", "tidemark fingerprint --help"],
])("%j is refused with exit code 1 and the way out", async (args, message, help) => {
  const { code, stdout, stderr } = await runCli(args, { cwd: await temporaryFolder() });

  expect([code, stdout]).toEqual([1, ""]);
  expect(stderr).toMatch(/^error: /);
  expect(stderr).toContain(message);
  expect(stderr).toContain(`See \`${help}\`.`);
});

test.each([[["plan", "--json", "--bogus"]], [["--json", "plna"]], [["checkpoint", "--json"]]])(
  "with --json, the refusal of %j is one value on standard output too",
  async (args) => {
    const { code, stdout } = await runCli(args, { cwd: await temporaryFolder() });

    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toEqual({
      format_version: 1,
      error: { code: "usage", message: expect.any(String) as unknown, remedy: expect.stringMatching(/^See `tidemark/) as unknown },
    });
  },
);

test.each([
  ["plan"],
  ["sync"],
  ["status"],
  ["checkpoint list"],
  ["history"],
  ["runs list"],
  ["runs show last"],
  ["config validate"],
  ["config show"],
])("%s without a configuration says how to get one, for people and as JSON", async (command) => {
  const cwd = await temporaryFolder();
  const { code, stdout, stderr } = await runCli([...command.split(" "), "--json"], { cwd });
  const message = `There is no tidemark.yaml and no tidemark.json in ${cwd}.`;
  const remedy = "Write one with `tidemark init`, or name a file with --config.";

  expect([code, JSON.parse(stdout)]).toEqual([1, { format_version: 1, error: { code: "config_missing", message, remedy } }]);
  expect(stderr).toBe(`error: ${message}\n${remedy}\n`);
});

test("the options of every command may stand before its name", async () => {
  const cwd = await temporaryFolder();
  const { code, stderr } = await runCli(["--config", "absent.yaml", "plan"], { cwd });

  expect([code, stderr]).toEqual([1, expect.stringContaining("absent.yaml cannot be read") as unknown]);
});

test("an error with no way out of its own ends with its code's", async () => {
  const { code, stdout, stderr } = await runCli(["plan", "--config", "absent.yaml", "--json"], { cwd: await temporaryFolder() });

  const { remedy } = FAILURES.config_missing;
  expect([code, stderr]).toEqual([1, expect.stringMatching(/^error: .*absent\.yaml cannot be read.*\n.*\n$/) as unknown]);
  expect(stderr).toContain(`\n${remedy}\n`);
  expect(JSON.parse(stdout)).toMatchObject({ error: { code: "config_missing", remedy } });
});
