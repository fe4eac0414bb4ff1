import { spaceOf } from "../model/asset.ts";
import type { ListingCertificate, ReadResult } from "../model/listing.ts";
import { compareCodePoints } from "../model/order.ts";
import type { SpaceReport } from "../model/report.ts";

type Reads = Pick<SpaceReport, "read" | "forbidden" | "failed">;

/** Counts what came of reads, by space. */
export class SpaceReads {
  readonly #spaces = new Map<string, Reads>();

  add(result: ReadResult): void {
    const space = spaceOf(result.id);
    const before = this.#spaces.get(space) ?? NONE;
    const key = result.kind !== "failed" ? "read" : result.problem.code === "asset_forbidden" ? "forbidden" : "failed";
    this.#spaces.set(space, { ...before, [key]: before[key] + 1 });
  }

  /** What was listed and read, space by space. */
  reports(certificates: Iterable<ListingCertificate>): readonly SpaceReport[] {
    return [...certificates]
      .toSorted((a, b) => compareCodePoints(a.scope, b.scope))
      .map(({ scope: space, complete, count: listed, skipped = {}, beside }) => ({
        space,
        complete,
        listed,
        ...(this.#spaces.get(space) ?? NONE),
        skipped: Object.values(skipped).reduce((sum, one) => sum + one, 0),
        ...(beside === undefined ? {} : { beside }),
      }));
  }
}

const NONE: Reads = { read: 0, forbidden: 0, failed: 0 };
