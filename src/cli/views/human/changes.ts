import type { Changes } from "../../../engine/find-changes.ts";
import { spaceOf } from "../../../model/asset.ts";
import { changeHead } from "./change-lines.ts";
import { addChange, changed, type Counts, NO_COUNTS, totalOf } from "./counts.ts";
import { problemLines } from "./problems.ts";
import { counted, type Look, number, safe } from "./text.ts";

/** How many assets of a space are shown before the rest is counted. */
const SHOWN = 10;

/** What changed for people, as it is found: by space, then problems, and the sums in the last line. */
export async function* changesText(changes: Changes, look: Look, { all }: { readonly all: boolean }): AsyncGenerator<string> {
  const { pipeline, basis } = changes.header;
  yield `Pipeline ${look.paint("bold", pipeline)} (${basis === null ? "first run, no state yet" : `generation ${basis.generation}`})\n`;
  let space: string | null = null;
  let seen = 0;
  let counts: Counts = NO_COUNTS;
  for await (const page of changes.found()) {
    for (const change of page) {
      counts = addChange(counts, change);
      if (spaceOf(change.asset_id) !== space) {
        yield restLine(seen, look, all);
        space = spaceOf(change.asset_id);
        seen = 0;
        yield `\n${look.paint("bold", safe(space))}\n`;
      }
      seen++;
      if (all || seen <= SHOWN) yield `${changeHead(change, look)}\n`;
    }
  }
  yield restLine(seen, look, all);
  const problems = problemLines(changes.problems, look, all);
  if (problems.length > 0) yield `${problems.join("\n")}\n`;
  yield `\n${look.paint("bold", sumLine(counts, changes))}\n`;
}

function restLine(seen: number, { paint }: Look, all: boolean): string {
  return all || seen <= SHOWN ? "" : `${paint("dim", `  … ${number(seen - SHOWN)} more: --all shows them`)}\n`;
}

function sumLine(counts: Counts, { summary, listings }: Changes): string {
  if (totalOf(counts) > 0) return `Found: ${changed(counts).join(", ")}; of ${counted(summary.assets, "asset")}.`;
  const where = listings.some((listing) => !listing.complete) ? " in what could be listed" : "";
  return `Nothing changed${where}: ${counted(summary.assets, "asset")}.`;
}
