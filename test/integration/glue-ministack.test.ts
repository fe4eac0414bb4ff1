import { afterAll } from "vitest";
import { targetConformance } from "../../src/testing/target-conformance.ts";
import { glueHarness } from "../helpers/glue-harness.ts";
import { resetEmulator, startMiniStack } from "../helpers/glue-emulators.ts";

const miniStack = await startMiniStack();
afterAll(() => miniStack?.close());

targetConformance(
  "Glue, at MiniStack,",
  async () => {
    if (miniStack === null) throw new Error("MiniStack is not to be had");
    await resetEmulator(miniStack);
    return glueHarness(miniStack.url, async () => undefined, { database_prefix: "dsp_" });
  },
  { skip: miniStack === null },
);
