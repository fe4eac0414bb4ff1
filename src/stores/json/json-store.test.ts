import { jsonHarness } from "../../../test/helpers/json-harness.ts";
import { memoryHarness } from "../../../test/helpers/memory-harness.ts";
import { sequencesOn } from "../../../test/helpers/sequences.ts";
import { storeConformance } from "../../testing/store-conformance.ts";
import { storeEquivalence } from "../../testing/store-equivalence.ts";

storeConformance("the json store", () => jsonHarness());
storeEquivalence("the json store", { makeModel: memoryHarness, make: () => jsonHarness({ on: "memory" }), ...sequencesOn("json") });
