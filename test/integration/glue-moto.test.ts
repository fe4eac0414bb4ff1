import { afterAll } from "vitest";
import { targetConformance } from "../../src/testing/target-conformance.ts";
import { glueHarness } from "../helpers/glue-harness.ts";
import { resetEmulator, startMoto } from "../helpers/glue-emulators.ts";

const moto = await startMoto();
afterAll(() => moto?.close());

/** Where moto differs from the documented service, as far as a target meets it. */
const DIFFERENCES = {
  "an edit that lands between a look at the table and the write is not lost": "moto takes an update whatever its VersionId",
};

targetConformance(
  "Glue, at moto,",
  async () => {
    if (moto === null) throw new Error("moto is not to be had");
    await resetEmulator(moto);
    return glueHarness(moto.url, async () => undefined, { database_prefix: "dsp_" });
  },
  { except: DIFFERENCES, skip: moto === null },
);
