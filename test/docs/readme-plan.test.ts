import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { aWorkplace } from "../cli/a-workplace.ts";
import { runCliHere } from "../helpers/cli-here.ts";
import { root } from "./page.ts";

const label = (text: string): object => ({ "@EndUserText.label": text });
const id = { type: "cds.Integer", key: true };
const plain = Object.fromEntries(Array.from({ length: 37 }, (_, n) => [`T${n}`, { kind: "entity", elements: { ID: id } }]));
const before = {
  ...plain,
  Employees: { kind: "entity", elements: { ID: { ...id, ...label("ID") } } },
  Products: { kind: "entity", ...label("Products"), elements: { ID: id, Name: { type: "cds.String", length: 5000 } } },
  SalesOrgText: { kind: "entity", elements: { ID: id } },
};
const after = {
  ...plain,
  Employees: { kind: "entity", elements: { ID: { ...id, ...label("Staff number") } } },
  Products: {
    kind: "entity",
    ...label("Products and services"),
    elements: { ID: id, Name: { type: "cds.String", length: 120 }, Launched: { type: "cds.Date" } },
  },
};

test("the plan that README shows is what the command prints of such a change", async () => {
  const { cwd, sandbox } = await aWorkplace();
  const env = { GLUE: sandbox.url, AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test", NO_COLOR: "1" };
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  onTestFinished(() => void vi.unstubAllEnvs());
  const exported = (definitions: object): Promise<void> => writeFile(join(cwd, "exports/SALES/all.json"), JSON.stringify({ definitions }));
  await exported(before);
  await runCliHere(["sync"], { cwd, env });
  await exported(after);

  const { stdout, code } = await runCliHere(["plan"], { cwd, env });

  const shown = /This is what a plan looks like[^`]*```\n([\s\S]*?)```/.exec(readFileSync(join(root, "README.md"), "utf8"))?.[1];
  expect([code, shown]).toEqual([2, stdout]);
});
