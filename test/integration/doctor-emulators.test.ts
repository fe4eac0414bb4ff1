import { afterAll, expect, test } from "vitest";
import { targetUse } from "../../src/config/doctor/glue-use.ts";
import { glueChecks } from "../../src/config/doctor/glue-checks.ts";
import { resetEmulator, startMiniStack, startMoto } from "../helpers/glue-emulators.ts";
import { glueClient } from "../helpers/sandbox-glue.ts";

const emulators = { moto: await startMoto(), MiniStack: await startMiniStack() };
afterAll(async () => {
  await emulators.moto?.close();
  await emulators.MiniStack?.close();
});

test.skipIf(emulators.moto === null).each(["moto", "MiniStack"] as const)(
  "doctor finds every permission at %s, and its probes leave nothing there",
  async (which) => {
    const emulator = emulators[which];
    if (emulator === null) throw new Error(`${which} is not to be had`);
    await resetEmulator(emulator);
    const use = targetUse({ type: "glue", endpoint: emulator.url, database_prefix: "dsp_", delete_empty_databases: true });
    const checks = await Array.fromAsync(glueChecks(use, { probeWrites: true, signal: new AbortController().signal }));

    expect(checks.filter(({ status }) => status === "failed" || status === "warning")).toEqual([]);
    expect(checks.filter(({ name, status }) => name.startsWith("glue:") && status === "ok")).toHaveLength(use.permissions.length - 1);
    const glue = glueClient(emulator.url);
    expect((await glue.getDatabases({})).DatabaseList).toEqual([]);
    glue.destroy();
  },
);
