import { expect, test } from "vitest";
import { JSON_CONTRACTS, LINE_CONTRACTS } from "../../scripts/reference/json-contracts.ts";
import { aWorkplace } from "../cli/a-workplace.ts";

test("every command prints with --json what its contract says, key by key", { timeout: 300_000 }, async () => {
  const place = await aWorkplace();
  const printed: Record<string, unknown[]> = {};
  const see = async (command: string, ...options: readonly string[]): Promise<void> => {
    const { stdout } = await place.run(...command.split(" "), ...options, "--json");
    (printed[command] ??= []).push(JSON.parse(stdout));
  };
  await place.exported({ Orders: { ID: { type: "cds.Integer", key: true } }, Old: null });
  await see("plan");
  await see("sync");
  await place.exported({ Orders: { ID: { type: "cds.Integer", key: true }, New: { type: "cds.Date" } }, Fresh: null });
  await see("plan");
  for (const command of [
    "sync",
    "status",
    "runs list",
    "history",
    "verify",
    "checkpoint list",
    "checkpoint verify",
    "doctor",
    "config validate",
  ])
    await see(command);
  await see("runs show", "last");
  const { stdout } = await place.run("sync", "--jsn", "--json");
  printed["(any, where there is no result)"] = [JSON.parse(stdout)];

  expect(Object.keys(printed).sort()).toEqual(Object.keys(JSON_CONTRACTS).sort());
  const wrong = Object.entries(printed).flatMap(([command, values]) =>
    values.flatMap((value) =>
      (JSON_CONTRACTS[command]?.safeParse(value).error?.issues ?? []).map(
        ({ path, message }) => `${command}: ${path.join(".")} ${message}`,
      ),
    ),
  );
  expect(wrong).toEqual([]);
});

test("every line that -o ndjson prints is one of its command's contract; the first tells the format, the last that it is whole", async () => {
  const place = await aWorkplace();
  const printed: Record<string, readonly { readonly type: string; readonly format_version?: number }[]> = {};
  const see = async (command: string, ...options: readonly string[]): Promise<void> => {
    const { stdout } = await place.run(...command.split(" "), ...options, "-o", "ndjson");
    printed[command] = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as { type: string });
  };
  await place.exported({ Orders: null, Old: null });
  await see("plan");
  await place.run("sync");
  await place.exported({ Orders: { ID: { type: "cds.Integer", key: true }, New: { type: "cds.Date" } }, Fresh: null });
  await see("sync");
  for (const command of ["history", "runs list", "checkpoint list"]) await see(command);
  await see("status");
  printed["(any, where it fails)"] = printed["status"] ?? [];
  delete printed["status"];

  expect(Object.fromEntries(Object.entries(printed).map(([command, lines]) => [command, countsOf(lines)]))).toEqual({
    plan: { header: 1, change: 2, listing: 1, summary: 1 },
    sync: { header: 1, phase: 4, problem: 1, report: 1 },
    history: { header: 1, step: 5, summary: 1 },
    "runs list": { header: 1, run: 2, summary: 1 },
    "checkpoint list": { header: 1, checkpoint: 2, summary: 1 },
    "(any, where it fails)": { error: 1 },
  });
  expect(Object.keys(printed).sort()).toEqual(Object.keys(LINE_CONTRACTS).sort());
  const wrong = Object.entries(printed).flatMap(([command, lines]) =>
    lines.filter((line) => LINE_CONTRACTS[command]?.every((kind) => !kind.safeParse(line).success) ?? true),
  );
  expect(wrong).toEqual([]);
  for (const lines of Object.values(printed)) {
    expect(lines[0]?.format_version).toBe(1);
    expect(["summary", "report", "error"]).toContain(lines.at(-1)?.type);
  }
});

function countsOf(lines: readonly { readonly type: string }[]): { readonly [type: string]: number } {
  return Object.fromEntries([...Map.groupBy(lines, ({ type }) => type)].map(([type, alike]) => [type, alike.length]));
}
