import { startGlueSandbox } from "../../src/sandbox/glue/start-glue-sandbox.ts";
import { targetConformance } from "../../src/testing/target-conformance.ts";
import { glueHarness } from "../helpers/glue-harness.ts";

targetConformance("Glue, at the sandbox,", async () => {
  const sandbox = await startGlueSandbox();
  return glueHarness(sandbox.url, () => sandbox.close(), { database_prefix: "dsp_" });
});
