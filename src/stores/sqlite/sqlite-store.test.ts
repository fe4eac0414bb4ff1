import { memoryHarness } from "../../../test/helpers/memory-harness.ts";
import { sqliteHarness } from "../../../test/helpers/sqlite-harness.ts";
import { sequencesOn } from "../../../test/helpers/sequences.ts";
import { storeConformance } from "../../testing/store-conformance.ts";
import { storeEquivalence } from "../../testing/store-equivalence.ts";

storeConformance("the sqlite store", () => sqliteHarness());
storeEquivalence("the sqlite store", { makeModel: memoryHarness, make: () => sqliteHarness({ on: "memory" }), ...sequencesOn("sqlite") });
