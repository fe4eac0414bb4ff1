import { severityOf } from "../../../model/errors.ts";
import type { Preview } from "../../../engine/preview.ts";
import { spaceOf } from "../../../model/asset.ts";
import type { Change, Rename } from "../../../model/change.ts";
import type { PlanRecord, Withheld } from "../../../model/plan.ts";
import { changeLines, fieldName } from "./change-lines.ts";
import { addChange, addCounts, type Counts, NO_COUNTS, toDo, totalOf } from "./counts.ts";
import { problemLines } from "./problems.ts";
import { counted, type Look, number, safe, wrap } from "./text.ts";

/** How many assets of a space, renames or withheld changes are shown before the rest is counted. */
const SHOWN = 10;

/** A plan for people: changes by space, renames, what is withheld and why, problems, the sums in the last line. Walks the plan in pages, more than once. */
export async function* planText(plan: Preview, look: Look, { all }: { readonly all: boolean }): AsyncGenerator<string> {
  const bySpace = await countBySpace(plan);
  const { pipeline, basis } = plan.header;
  yield `Pipeline ${look.paint("bold", pipeline)} (${basis === null ? "first run, no state yet" : `generation ${basis.generation}`})\n`;
  yield* changesBySpace(plan, bySpace, look, all);
  yield* section("Renamed, it seems", plan, (record) => (record.record === "rename" ? renameLine(record.rename, look) : null), look, all);
  yield* section("Withheld", plan, (record) => (record.record === "withheld" ? withheldLines(record.withheld, look) : null), look, all);
  for (const lines of [incompleteLines(plan, look), problemLines(plan.problems, look, all)])
    if (lines.length > 0) yield `${lines.join("\n")}\n`;
  yield `\n${look.paint("bold", sumLine([...bySpace.values()].map(({ whole }) => whole).reduce(addCounts, NO_COUNTS), plan))}\n`;
}

/** The changes of a space, and those of them behind the first few. */
interface OfSpace {
  readonly whole: Counts;
  readonly rest: Counts;
}

const NOTHING: OfSpace = { whole: NO_COUNTS, rest: NO_COUNTS };

async function countBySpace(plan: Preview): Promise<ReadonlyMap<string, OfSpace>> {
  const bySpace = new Map<string, OfSpace>();
  for await (const change of changesOf(plan)) {
    const space = spaceOf(change.asset_id);
    const { whole, rest } = bySpace.get(space) ?? NOTHING;
    bySpace.set(space, { whole: addChange(whole, change), rest: totalOf(whole) < SHOWN ? rest : addChange(rest, change) });
  }
  return bySpace;
}

async function* changesBySpace(plan: Preview, bySpace: ReadonlyMap<string, OfSpace>, look: Look, all: boolean): AsyncGenerator<string> {
  let space: string | null = null;
  let seen = 0;
  for await (const change of changesOf(plan)) {
    const { whole, rest } = bySpace.get(spaceOf(change.asset_id)) ?? NOTHING;
    if (spaceOf(change.asset_id) !== space) {
      space = spaceOf(change.asset_id);
      seen = 0;
      yield `\n${look.paint("bold", safe(space))}  ${look.paint("dim", toDo(whole).join(", "))}\n`;
    }
    seen++;
    if (all || seen <= SHOWN) yield `${changeLines(change, look, all).join("\n")}\n`;
    else if (seen === SHOWN + 1) yield restLine(totalOf(rest), look, rest);
  }
}

async function* section(
  title: string,
  plan: Preview,
  linesOf: (record: PlanRecord) => string | null,
  look: Look,
  all: boolean,
): AsyncGenerator<string> {
  let seen = 0;
  for await (const page of plan.records()) {
    for (const record of page) {
      const lines = linesOf(record);
      if (lines === null) continue;
      if (seen === 0) yield `\n${look.paint("bold", title)}\n`;
      seen++;
      if (all || seen <= SHOWN) yield `${lines}\n`;
    }
  }
  if (!all && seen > SHOWN) yield restLine(seen - SHOWN, look);
}

/** What is not shown is named where something else than the one kind of it could be thought, or worse. */
function restLine(rest: number, { paint }: Look, counts: Counts = NO_COUNTS): string {
  const kinds = toDo({ ...counts, schema: 0 });
  const named = kinds.length > 1 || counts.deleted > 0 ? ` (${kinds.join(", ")})` : "";
  return `${paint("dim", `  … ${number(rest)} more${named}: --all shows them`)}\n`;
}

function renameLine({ from, to, similarity }: Rename, { paint }: Look): string {
  return `  ${paint("cyan", ">")} ${safe(from)} → ${safe(to)}  ${paint("dim", `${Math.round(similarity * 100)} % alike`)}`;
}

function withheldLines({ asset_id, change_type, path, because }: Withheld, { paint, width }: Look): string {
  const what = path === undefined ? change_type : fieldName(path);
  return `  ${paint("yellow", "!")} ${safe(asset_id)}  ${paint("dim", what)}\n${wrap(safe(because.message), width, "      ")}`;
}

// What is among the problems is told there.
function incompleteLines({ listings, problems }: Preview, { paint, width }: Look): readonly string[] {
  const told = new Set(problems.filter(({ code }) => code === "listing_incomplete").map(({ scope }) => scope));
  const gaps = listings.filter((listing) => !listing.complete && !told.has(listing.scope));
  if (gaps.length === 0) return [];
  const lines = gaps.map(
    ({ scope, problem }) =>
      `  ${paint("yellow", "?")} ${wrap(`${safe(scope)}: ${safe(problem ?? "not listed completely")}`, width, "    ").slice(4)}`,
  );
  return ["", paint("bold", "Not listed completely; nothing there is deleted"), ...lines];
}

function sumLine(counts: Counts, { summary, listings, problems, forecast }: Preview): string {
  const parts = [...toDo(counts), ...(summary.withheld > 0 ? [`${number(summary.withheld)} withheld`] : [])];
  if (parts.length > 0) return `Plan: ${parts.join(", ")}${costOf(forecast)}`;
  if (listings.some((listing) => !listing.complete)) return `Nothing to do in what could be listed: ${counted(summary.assets, "asset")}.`;
  const failing = problems.filter(({ code }) => severityOf(code) === "asset").length;
  if (failing > 0) return `Nothing to do, but ${counted(failing, "asset")} could not be planned.`;
  return summary.assets === 0
    ? "Nothing to do: the source lists no asset."
    : `Nothing to do: ${counted(summary.assets, "asset")}, all in step.`;
}

// Writes and deletions are counted before they are made.
function costOf(forecast: Preview["forecast"]): string {
  if (forecast === undefined) return "";
  const requests = `about ${counted(forecast.requests, "request")}`;
  return ` · ${requests}${forecast.full_sync === null ? "" : ` instead of ${number(forecast.full_sync)}`}`;
}

async function* changesOf(plan: Preview): AsyncGenerator<Change> {
  for await (const page of plan.records()) for (const record of page) if (record.record === "step") yield record.step.change;
}
