import type { Changes } from "../../../engine/find-changes.ts";
import { streamJson } from "./envelope.ts";
import { headerLine, lineText } from "./lines.ts";
import { headOf, listingsOf, problemJson } from "./plan.ts";

/** What changed as `changes --json` prints it: each change as it is found, and the sums behind the last. */
export function changesJson(changes: Changes): AsyncGenerator<string> {
  return streamJson({
    ...headOf(changes),
    changes: () => changes.found(),
    summary: () => summary(changes),
    listings: listingsOf(changes),
    problems: () => changes.problems.map(problemJson),
  });
}

/** The same as JSON Lines. */
export async function* changesLines(changes: Changes): AsyncGenerator<string> {
  yield headerLine(headOf(changes));
  for await (const page of changes.found()) yield page.map((change) => lineText({ type: "change", ...change })).join("");
  for (const listing of listingsOf(changes)) yield lineText({ type: "listing", ...listing });
  for (const problem of changes.problems) yield lineText({ type: "problem", ...problemJson(problem) });
  yield lineText({ type: "summary", summary: summary(changes) });
}

function summary({ summary: counts }: Changes): object {
  const { assets, unchanged, created, modified, schema_changed, metadata_changed, deleted } = counts;
  return { assets, unchanged, created, modified, schema_changed, metadata_changed, deleted };
}
