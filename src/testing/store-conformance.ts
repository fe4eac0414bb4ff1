import { describe, test } from "vitest";
import { beginning } from "./store-claims/beginning.ts";
import { committing } from "./store-claims/committing.ts";
import { excluding } from "./store-claims/excluding.ts";
import { intending } from "./store-claims/intending.ts";
import { keeping } from "./store-claims/keeping.ts";
import { ordering } from "./store-claims/ordering.ts";
import { remembering } from "./store-claims/remembering.ts";
import { replacing } from "./store-claims/replacing.ts";
import type { Claim, StoreHarness } from "./store-harness.ts";

/** What every checkpoint store must do; `make` gives a new and empty state each time. */
export function storeConformance(name: string, make: () => Promise<StoreHarness>): void {
  const claim: Claim = (title, check) =>
    // oxlint-disable-next-line vitest/valid-title, vitest/expect-expect -- the claims bring both
    test(title, async () => {
      await using harness = await make();
      await check(harness);
    });
  describe(`${name} keeps checkpoints`, () => {
    for (const claims of [beginning, keeping, ordering, intending, committing, remembering, replacing, excluding]) claims(claim);
  });
}
