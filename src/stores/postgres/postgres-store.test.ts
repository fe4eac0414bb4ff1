import { afterAll, describe } from "vitest";
import { memoryHarness } from "../../../test/helpers/memory-harness.ts";
import { postgresServer } from "../../../test/helpers/postgres.ts";
import { postgresHarness } from "../../../test/helpers/postgres-harness.ts";
import { sequencesOn } from "../../../test/helpers/sequences.ts";
import { storeConformance } from "../../testing/store-conformance.ts";
import { storeEquivalence } from "../../testing/store-equivalence.ts";

const server = await postgresServer();
afterAll(() => server?.[Symbol.asyncDispose]());

describe.skipIf(server === null)("PostgreSQL", () => {
  const url = server?.url() ?? "";
  storeConformance("the postgres store", () => postgresHarness(url));
  storeEquivalence("the postgres store", {
    makeModel: memoryHarness,
    make: () => postgresHarness(server?.quick ?? ""),
    ...sequencesOn("postgres", 6),
  });
});
