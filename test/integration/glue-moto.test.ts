import { afterAll, test } from "vitest";
import { targetConformance, type TargetHarness } from "../../src/testing/target-conformance.ts";
import { glueHarness } from "../helpers/glue-harness.ts";
import { startMoto } from "../helpers/python.ts";

const moto = await startMoto();
afterAll(() => moto?.close());

if (moto === null) {
  test.skip("Glue, at moto", () => undefined);
} else {
  const aCatalog = async (): Promise<TargetHarness> => {
    await fetch(`${moto.url}/moto-api/reset`, { method: "POST" });
    return glueHarness(moto.url, async () => undefined, { database_prefix: "dsp_" });
  };
  targetConformance("Glue, at moto,", aCatalog, {
    except: { "an edit that lands between a look at the table and the write is not lost": "moto takes an update whatever its VersionId" },
  });
}
