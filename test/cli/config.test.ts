import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { originsText } from "../../src/cli/views/human/origins.ts";
import { PLAIN } from "../../src/cli/views/human/text.ts";
import { runCli } from "../helpers/cli.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";

const two = `pipelines:
  - name: sales
    source: { type: csn, path: ./sales }
    target: { type: glue, region: eu-central-1 }
  - name: people
    source: { type: csn, path: ./people }
    target: { type: glue, region: "\${REGION}" }
`;

async function folderWith(text: string): Promise<string> {
  const cwd = await temporaryFolder();
  await writeFile(join(cwd, "tidemark.yaml"), text);
  return cwd;
}

test("init writes a file that is valid, and says what comes next", async () => {
  const cwd = await temporaryFolder();

  const written = await runCli(["init", "--yes"], { cwd });
  const checked = await runCli(["config", "validate", "--json"], { cwd });

  expect([written.code, written.stderr]).toEqual([0, ""]);
  expect(written.stdout).toContain("tidemark plan");
  expect(JSON.parse(checked.stdout)).toEqual({
    format_version: 1,
    valid: true,
    file: join(cwd, "tidemark.yaml"),
    pipelines: ["datasphere"],
  });
});

test("init asks nothing where there is no terminal, and takes its options as they are", async () => {
  const cwd = await temporaryFolder();
  const options = [
    "--name",
    "hr",
    "--path",
    'a "b"\n# ${HOME}',
    "--region",
    "us-east-1",
    "--endpoint",
    "http://127.0.0.1:4566",
    "--prefix",
    "",
  ];

  const { code } = await runCli(["init", ...options, "--config", "other.yaml"], { cwd });

  const shown = await runCli(["config", "show", "--config", "other.yaml", "--json"], { cwd });
  expect(code).toBe(0);
  expect(JSON.parse(shown.stdout)).toMatchObject({
    pipelines: [{ name: "hr", target: { type: "glue", region: "us-east-1", endpoint: "http://127.0.0.1:4566", database_prefix: "" } }],
  });
  expect(
    (parse(await readFile(join(cwd, "other.yaml"), "utf8")) as { pipelines: { source: { path: string } }[] }).pipelines[0]?.source.path,
  ).toBe('a "b"\n# $${HOME}');
});

test("init never overwrites", async () => {
  const cwd = await folderWith("mine\n");

  const { code, stdout, stderr } = await runCli(["init", "--yes", "--json"], { cwd });

  expect([code, JSON.parse(stdout)]).toMatchObject([
    1,
    { error: { code: "usage", message: "tidemark.yaml exists already, and is not overwritten." } },
  ]);
  expect(stderr).toContain("Move it away");
  expect(await readFile(join(cwd, "tidemark.yaml"), "utf8")).toBe("mine\n");
});

test("a mistake in the configuration is told with file, line, column and key, by whatever command reads it", async () => {
  const cwd = await folderWith(two.replace("region: eu-central-1", "regoin: eu-central-1"));
  const complaint = 'tidemark.yaml:4:27: pipelines[0].target.regoin is not a known key; did you mean "region"?';

  for (const command of ["config validate", "plan", "sync", "status", "checkpoint list"]) {
    const { code, stdout, stderr } = await runCli([...command.split(" "), "--json"], { cwd, env: { REGION: "eu-west-1" } });
    expect([command, code, JSON.parse(stdout)]).toMatchObject([command, 1, { error: { code: "config_invalid", message: complaint } }]);
    expect(stderr).toContain(complaint);
  }
});

test("where there are several pipelines, one must be named", async () => {
  const cwd = await folderWith(two);
  const env = { REGION: "eu-west-1" };

  const unnamed = await runCli(["status"], { cwd, env });
  const named = await runCli(["status", "--pipeline", "people", "--json"], { cwd, env });
  const unknown = await runCli(["plan", "--pipeline", "sale"], { cwd, env });

  expect([unnamed.code, unnamed.stderr]).toEqual([1, "error: There are several pipelines: sales, people.\nName one with --pipeline.\n"]);
  expect([named.code, JSON.parse(named.stdout)]).toEqual([
    0,
    { format_version: 1, pipeline: "people", state: null, last_run: null, health: null },
  ]);
  expect([unknown.code, unknown.stderr]).toMatchObject([1, expect.stringContaining('did you mean "sales"?')]);
});

test("config show never shows what the environment gave", async () => {
  const cwd = await folderWith(two);

  const { code, stdout } = await runCli(["config", "show", "--pipeline", "people"], { cwd, env: { REGION: "canary-4711" } });

  expect(code).toBe(0);
  expect(parse(stdout)).toMatchObject({ pipelines: [{ name: "people", target: { region: "${REGION}" }, retry: { attempts: 5 } }] });
  expect(stdout).not.toContain("canary");
});

test("config show --origin tells for each setting where it comes from, and never what the environment gave", async () => {
  const cwd = await folderWith(two);
  const args = ["config", "show", "--origin", "--pipeline", "people"];

  const { code, stdout } = await runCli(args, { cwd, env: { REGION: "canary-4711" } });
  const json = await runCli([...args, "--json"], { cwd, env: { REGION: "canary-4711" } });

  expect(code).toBe(0);
  const lines = stdout.split("\n").map((line) => line.trim().replaceAll(/ {2,}/g, " | "));
  expect(lines).toContain("Pipeline people");
  expect(lines).toContain("target.region | ${REGION} | line 7, environment: REGION");
  expect(lines).toContain(`source.path | ${join(cwd, "people")} | line 6`);
  expect(lines).toContain("retry.attempts | 5 | default");
  expect(stdout).not.toContain("canary");
  expect(JSON.parse(json.stdout)).toMatchObject({
    format_version: 1,
    file: join(cwd, "tidemark.yaml"),
    pipelines: [
      { pipeline: "people", settings: expect.arrayContaining([{ setting: "retry.attempts", value: 5, from: "default" }]) as unknown },
    ],
  });
});

test("where each setting comes from fits into 60 columns", () => {
  const settings = [
    { setting: "checkpoint_management.cleanup_interval_hours", value: 24, from: "default" },
    { setting: "source.path", value: `/data/${"long/".repeat(20)}\u001b[2J`, from: "environment", line: 12, variables: ["WHERE"] },
  ] as const;
  const text = originsText("/tidemark.yaml", [{ pipeline: "sales", settings }], { ...PLAIN, width: 60 });

  expect(text).toBe(`/tidemark.yaml

Pipeline sales
  checkpoint_management.cleanup_interval_hours
      24 · default
  source.path
      /data/long/long/long/lo… · line 12, environment: WHERE
`);
  expect(originsText("/tidemark.yaml", [{ pipeline: "sales", settings }], PLAIN)).toContain(
    "long/\\u{1b}[2J  line 12, environment: WHERE\n",
  );
});

test("config schema prints the shipped JSON Schema", async () => {
  const { code, stdout } = await runCli(["config", "schema"], { cwd: await temporaryFolder() });

  expect([code, stdout]).toEqual([0, await readFile(join(import.meta.dirname, "../../schema/tidemark.schema.json"), "utf8")]);
});

test("a store that there is not is refused by validate as by sync, with one sentence", async () => {
  const cwd = await folderWith(`${two}checkpoint_management: { storage_type: files }\n`);
  const complaint = "tidemark.yaml:8:40: checkpoint_management.storage_type";

  for (const command of ["config validate", "sync --pipeline sales", "status --pipeline sales"]) {
    const { code, stderr } = await runCli(command.split(" "), { cwd, env: { REGION: "x" } });
    expect([command, code, stderr]).toEqual([command, 1, expect.stringContaining(complaint) as unknown]);
  }
});

test("a file in the place of the state's folder is no pipeline without state", async () => {
  const cwd = await folderWith(two);
  await writeFile(join(cwd, "checkpoints"), "");

  for (const command of ["status", "checkpoint list", "history", "runs list"]) {
    const { code, stderr } = await runCli([...command.split(" "), "--pipeline", "sales"], { cwd, env: { REGION: "x" } });
    expect([command, code, stderr]).toEqual([command, 7, expect.stringContaining("but a file stands in its way") as unknown]);
  }
});

test.each([
  [["--name", "a b"], 'A pipeline cannot be named "a b"', "--name a-b"],
  [["--name", "../x"], 'A pipeline cannot be named "../x"', "--name x"],
  [["--name", "  "], 'A pipeline cannot be named "  "', "--name datasphere"],
  [["--prefix", "dsp-"], "must be letters, digits and _ only", ""],
  [["--endpoint", "here"], "must be a URL", ""],
])("init refuses %j, which makes no valid file, and writes none", async (options, message, suggestion) => {
  const cwd = await temporaryFolder();

  const { code, stderr } = await runCli(["init", "--yes", ...options], { cwd });

  expect(code).toBe(1);
  expect(stderr).toContain(message);
  expect(stderr).toContain(suggestion);
  await expect(readFile(join(cwd, "tidemark.yaml"))).rejects.toMatchObject({ code: "ENOENT" });
});

test("looking at a pipeline that was never synced creates nothing", async () => {
  const cwd = await folderWith(two);
  const env = { REGION: "x" };
  const run = (...args: string[]): ReturnType<typeof runCli> => runCli([...args, "--pipeline", "sales"], { cwd, env });

  expect((await run("status")).stdout).toBe("Pipeline sales has no state yet: the first `tidemark sync` makes it.\n");
  expect((await run("checkpoint", "list")).stdout).toBe("Pipeline sales has no state yet.\n");
  expect(JSON.parse((await run("checkpoint", "list", "--json")).stdout)).toEqual({ format_version: 1, pipeline: "sales", checkpoints: [] });
  expect((await run("history")).stdout).toBe("Nothing was done yet.\n");
  expect((await run("runs", "list")).stdout).toBe("Pipeline sales has no runs yet.\n");
  expect((await run("runs", "show", "last")).code).toBe(1);
  await expect(readFile(join(cwd, "checkpoints"))).rejects.toMatchObject({ code: "ENOENT" });
});
