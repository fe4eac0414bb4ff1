import { afterAll } from "vitest";
import { startGlueSandbox } from "../../src/sandbox/glue/start-glue-sandbox.ts";
import { sourceConformance } from "../../src/testing/source-conformance.ts";
import { resetEmulator, startMoto } from "../helpers/glue-emulators.ts";
import { glueSourceHarness } from "../helpers/glue-source.ts";

sourceConformance("Glue, at the sandbox,", async () => {
  const sandbox = await startGlueSandbox();
  return glueSourceHarness(sandbox.url, () => sandbox.close());
});

const moto = await startMoto();
afterAll(() => moto?.close());

if (moto !== null)
  sourceConformance("Glue, at moto,", async () => {
    await resetEmulator(moto);
    return glueSourceHarness(moto.url, async () => undefined);
  });
