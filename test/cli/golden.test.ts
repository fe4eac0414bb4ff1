import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { buildProgram, forEachCommand } from "../../src/cli/program.ts";
import { rootHelp } from "../../src/cli/root-help.ts";
import type { CliResult } from "../helpers/cli.ts";
import { runCliHere } from "../helpers/cli-here.ts";
import { peopleOf } from "../helpers/glue-harness.ts";
import { glueClient } from "../helpers/sandbox-glue.ts";
import { aWorkplace, tables, type Workplace } from "./a-workplace.ts";

// What people read, as files: `npm test -- test/cli/golden.test.ts -u` renews them, and the diff shows what changes for them.
const GOLDEN = join(import.meta.dirname, "golden");

test("the help of every command is as it was", async () => {
  await expect(rootHelp()).toMatchFileSnapshot(join(GOLDEN, "help/tidemark.txt"));
  expect(
    rootHelp(60)
      .split("\n")
      .filter((line) => line.length > 60),
  ).toEqual([]);
  const program = await buildProgram(
    () => async () => undefined,
    () => true,
  );
  const helps = new Map<string, string>();
  forEachCommand(program, (command) => {
    if (command === program || command.name() === "help") return;
    let text = "";
    command.configureOutput({ writeOut: (part) => (text += part), getOutHelpWidth: () => 80 }).outputHelp();
    const parent = command.parent === program || command.parent === null ? "" : `${command.parent.name()}-`;
    helps.set(`${parent}${command.name()}`, text);
  });
  for (const [name, text] of helps) await expect(text).toMatchFileSnapshot(join(GOLDEN, `help/${name}.txt`));
});

test("what the commands print about a pipeline is as it was", async () => {
  const { cwd, exported, see, session } = await aSession("    sync_strategies: { max_parallel_jobs: 1 }\n");
  await see("config", "validate");
  await see("status");
  await exported({
    ...tables(1, 12),
    Orders: { ID: { type: "cds.Integer", key: true }, NET: { type: "cds.Decimal", precision: 15, scale: 2 } },
  });
  await see("plan");
  await see("sync");
  await exported({
    ...tables(2, 12),
    Orders: { ID: { type: "cds.Integer", key: true }, NET: { type: "cds.Decimal", precision: 17, scale: 2 } },
  });
  await see("plan", "--out", "a.plan");
  await see("changes");
  await see("plan", "--select", "name:Ord*", "--json");
  await see("diff", "SALES.Orders");
  await see("diff", "SALES.Orders", "--json");
  await see("diff", "SALES.T02");
  await see("diff", "SALES.Nothing");
  await see("apply", "a.plan");
  await see("apply", "a.plan");
  await see("verify");
  await see("status");
  await see("history", "SALES.Orders");
  await see("runs", "list");
  await see("runs", "show", "last");
  await see("runs", "show", "nope");
  await writeFile(join(cwd, "tidemark.yaml"), (await readFile(join(cwd, "tidemark.yaml"), "utf8")).replace("csn", "csm"));
  await see("config", "validate");
  await expect(session()).toMatchFileSnapshot(join(GOLDEN, "session.txt"));
});

test("what the commands print that begin, check and undo is as it was", async () => {
  const { cwd, exported, run, see, session, sandbox } = await aSession("    sync_strategies: { max_parallel_jobs: 1 }\n");
  await see("init", "--yes", "--config", "other.yaml");
  await see("init", "--yes", "--config", "other.yaml");
  await see("config", "show");
  await see("config", "show", "--origin");
  await see("doctor");
  await see("doctor", "--iam-policy");
  const glue = glueClient(sandbox.url);
  await peopleOf(glue).make("dsp_sales.theirs", { description: "theirs" });
  glue.destroy();
  await exported({ ...tables(1, 8), Theirs: null });
  await see("sync", "--quiet");
  await see("adopt", "SALES.Theirs", "--dry-run");
  await see("adopt", "SALES.Theirs");
  await exported(tables(1, 1));
  await see("plan");
  await see("sync");
  await exported({ ...tables(1, 8), T02: { ID: { type: "cds.Integer", key: true }, NEW: { type: "cds.Date" } }, Theirs: null });
  const { run_id } = JSON.parse((await run("sync", "--json")).stdout) as { readonly run_id: string };
  await see("revert", "--run", run_id, "--dry-run");
  await see("revert", "--run", run_id);
  await see("revert", "--run", run_id, "--yes");
  await see("revert", "--asset", "SALES.T08", "--to", "2");
  await see("retire", "--space", "SALES", "--dry-run");
  await see("retire", "--space", "SALES");
  await see("retire", "--space", "SALES", "--allow-deletes", "9");
  await writeFile(join(cwd, "assets.ndjson"), '{"technical_name":"A"}\nnot JSON\n');
  await see("fingerprint", "--scheme", "reference", "assets.ndjson");
  await see("completion", "fish");
  await see("demo", "--assets", "20");
  await expect(session()).toMatchFileSnapshot(join(GOLDEN, "begin-and-undo.txt"));
});

test("what the commands print about a state is as it was", async () => {
  const { cwd, exported, see, session } = await aSession("    sync_strategies: { max_parallel_jobs: 1 }\n");
  for (const command of ["list", "backup", "verify", "export x.ndjson", "diff --from 1", "prune --yes", "unlock"])
    await see("checkpoint", ...command.split(" "));
  await exported(tables(1, 3));
  await see("sync", "--quiet");
  await exported({ ...tables(1, 2), T03: { ID: { type: "cds.Integer", key: true }, NEW: { type: "cds.Date" } } });
  await see("sync", "--quiet");
  for (const command of [
    "list",
    "show SALES.T03",
    "show SALES.T04",
    "verify",
    "backup",
    "backup --list",
    "verify --deep",
    "diff --from 1",
    "diff",
    "export state.ndjson",
    "unlock",
    "repair",
    "prune --yes",
    "restore --generation 1",
    "restore --generation 1 --yes",
    "forget SALES.T03",
    "rebuild",
    "rebuild --set-aside",
    "migrate --to json",
  ])
    await see("checkpoint", ...command.split(" "));
  await rm(join(cwd, "checkpoints"), { recursive: true });
  await see("checkpoint", "import", "state.ndjson");
  await see("checkpoint", "import", "nowhere.ndjson");
  await writeFile(join(cwd, "checkpoints/sales/state.db"), "no database at all".repeat(300));
  for (const command of ["status", "checkpoint verify", "checkpoint repair", "checkpoint repair --yes"]) await see(...command.split(" "));
  await expect(session()).toMatchFileSnapshot(join(GOLDEN, "state.txt"));
});

test("what the commands print that serve, and the schema, is as it was", async () => {
  const { see, run, session } = await aSession("");
  await see("sandbox", "glue");
  await see("sandbox", "glue", "--json");
  await see("sandbox", "datasphere", "--assets", "3");
  await see("sandbox", "datasphere", "--assets", "3", "--json");
  await expect(session()).toMatchFileSnapshot(join(GOLDEN, "serve.txt"));
  const schema = await readFile(join(import.meta.dirname, "../../schema/tidemark.schema.json"), "utf8");
  expect(await run("config", "schema")).toEqual({ code: 0, stdout: schema, stderr: "" });
});

/** A workplace, and all that the commands print there that are seen. They run in this process: a start costs more than most of them. */
async function aSession(further: string) {
  const place = await aWorkplace({}, further);
  const env = { GLUE: place.sandbox.url, AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test", NO_COLOR: "1" };
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  onTestFinished(() => void vi.unstubAllEnvs());
  const seen: string[] = [];
  const run = (...args: readonly string[]): Promise<CliResult> =>
    // A server is interrupted as soon as it is ready.
    runCliHere(args, { cwd: place.cwd, env, ...(args[0] === "sandbox" ? { signal: AbortSignal.abort() } : {}) });
  const see = async (...args: readonly string[]): Promise<void> => {
    const { code, stdout, stderr } = await run(...args);
    const printed = args.includes("--origin") ? stdout.replaceAll(/(?<=\S) {2,}/g, "  ") : stdout;
    seen.push(`$ tidemark ${args.join(" ")}\n${printed}${stderr === "" ? "" : `[stderr]\n${stderr}`}[exit ${code}]\n`);
  };
  return { ...place, run, see, session: () => normal(seen.join("\n"), place) };
}

/** What differs from run to run, as a word for it. */
function normal(text: string, { cwd, sandbox }: Workplace): string {
  return text
    .replaceAll(cwd, "<folder>")
    .replaceAll(sandbox.url, "<glue>")
    .replaceAll(/(?<=http:\/\/127\.0\.0\.1:)\d+/g, "<port>")
    .replaceAll(/(?<=Node |SQLite )\d+\.\d+\.\d+/g, "<version>")
    .replaceAll(/(?<=· The run of)[^·]*?(?=\n\n)/g, " …")
    .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, "<uuid>")
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, "<time>")
    .replaceAll(/(?<=_)\d{8}T\d{6}Z(?=_g)/g, "<time>")
    .replaceAll(/[\d.,]+ (?:B|KB|MB)\b/g, "<bytes>")
    .replaceAll(/-?\d+\.\d %/g, "<share>")
    .replaceAll(/(?<![\w.])(?:\d+ h \d+ min|\d+ min \d+ s|[\d.]+ s|\d+ ms)\b/g, "<duration>")
    .replaceAll(/ {2,}(?=<(?:bytes|duration|share)>)/g, "  ")
    .replaceAll(/(<(?:bytes|duration|share)>) +/g, "$1 ")
    .replaceAll(/(<folder>[^ \n]*) {2,}/g, "$1  ");
}
