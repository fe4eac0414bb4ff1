import { describe, test } from "vitest";
import type { Target } from "../ports/target.ts";
import type { Claim } from "./target-claims/claim.ts";
import { deleting } from "./target-claims/deleting.ts";
import { looking } from "./target-claims/looking.ts";
import { merging } from "./target-claims/merging.ts";
import { owning } from "./target-claims/owning.ts";
import { writing } from "./target-claims/writing.ts";

/** What people see of a table. */
export interface SeenTable {
  readonly description: string | null;
  /** By the column's name in the target. */
  readonly comments: { readonly [column: string]: string };
  /** Those that are not ours. */
  readonly parameters: { readonly [name: string]: string };
}

/** One catalog, empty at first, as several processes and its people see it. */
export interface TargetHarness extends AsyncDisposable {
  /** The target as a process of its own opens it. */
  open(): Target;
  /** What people do in the catalog, behind our back. */
  readonly people: {
    see(ref: string): Promise<SeenTable | null>;
    /** Makes a table that nobody's mark stands on. */
    make(ref: string, table: Pick<SeenTable, "description">): Promise<void>;
    describe(ref: string, text: string): Promise<void>;
    comment(ref: string, column: string, text: string): Promise<void>;
    setParameter(ref: string, name: string, value: string): Promise<void>;
    /** Changes something of our part that is no text. */
    damage(ref: string): Promise<void>;
    drop(ref: string): Promise<void>;
  };
  /** Requests so far that would have changed the catalog, had they been needed. */
  writes(): number;
}

export interface TargetConformanceOptions {
  /** Claims that do not hold there, by title, each with the reason. That they do not is tested too. */
  readonly except?: { readonly [title: string]: string };
  /** Skips all of them: the target is not to be had here. */
  readonly skip?: boolean;
}

/** What every target that can be read back must do; `make` gives a new and empty catalog each time. */
export function targetConformance(
  name: string,
  make: () => Promise<TargetHarness>,
  { except = {}, skip = false }: TargetConformanceOptions = {},
): void {
  const claim: Claim = (title: string, check) => {
    const reason = except[title];
    const run = reason === undefined ? test : test.fails;
    run(reason === undefined ? title : `${title} (not here: ${reason})`, async () => {
      await using harness = await make();
      await check(harness);
    });
  };
  describe.skipIf(skip)(`${name} holds tables`, () => {
    writing(claim);
    merging(claim);
    owning(claim);
    deleting(claim);
    looking(claim);
  });
}
