import { expect, test } from "vitest";
import { JSON_CONTRACTS } from "../../scripts/reference/json-contracts.ts";
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
