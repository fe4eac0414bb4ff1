import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { buildProgram, forEachCommand } from "../../src/cli/program.ts";
import { rootHelp } from "../../src/cli/root-help.ts";
import { aWorkplace, tables, type Workplace } from "./a-workplace.ts";

// What people read, as files: `npm test -- test/cli/golden.test.ts -u` renews them, and the diff shows what changes for them.
const GOLDEN = join(import.meta.dirname, "golden");

test("the help of every command is as it was", async () => {
  await expect(rootHelp()).toMatchFileSnapshot(join(GOLDEN, "help/tidemark.txt"));
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
  const place = await aWorkplace({}, "    sync_strategies: { max_parallel_jobs: 1 }\n");
  const { cwd, exported, run } = place;
  const seen: string[] = [];
  const see = async (...args: readonly string[]): Promise<void> => {
    const { code, stdout, stderr } = await run(...args);
    seen.push(`$ tidemark ${args.join(" ")}\n${stdout}${stderr === "" ? "" : `[stderr]\n${stderr}`}[exit ${code}]\n`);
  };
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
  await see("runs", "show", "nope");
  await writeFile(join(cwd, "tidemark.yaml"), (await readFile(join(cwd, "tidemark.yaml"), "utf8")).replace("csn", "csm"));
  await see("config", "validate");
  await mkdir(GOLDEN, { recursive: true });
  await expect(normal(seen.join("\n"), place)).toMatchFileSnapshot(join(GOLDEN, "session.txt"));
});

/** What differs from run to run, as a word for it. */
function normal(text: string, { cwd, sandbox }: Workplace): string {
  return text
    .replaceAll(cwd, "<folder>")
    .replaceAll(sandbox.url, "<glue>")
    .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, "<uuid>")
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, "<time>")
    .replaceAll(/[\d.,]+ (?:B|KB|MB)\b/g, "<bytes>")
    .replaceAll(/-?\d+\.\d %/g, "<share>")
    .replaceAll(/(?<![\w.])(?:\d+ h \d+ min|\d+ min \d+ s|[\d.]+ s|\d+ ms)\b/g, "<duration>")
    .replaceAll(/(<(?:bytes|duration|share)>) +/g, "$1 ");
}
