import type { Verification } from "../../../engine/verify.ts";
import { spaceOf } from "../../../model/asset.ts";
import type { Drift, FieldDrift } from "../../../model/outcome.ts";
import { fieldLine } from "./change-lines.ts";
import { problemLines } from "./problems.ts";
import { counted, type Look, number, safe } from "./text.ts";

/** Tables shown of a space before the rest is counted, and fields of a table. */
const SHOWN = 10;
const FIELDS_SHOWN = 8;

/** A verification for people: what differs by space and field by field, problems, the sums in the last line. */
export async function* verificationText(found: Verification, look: Look, { all }: { readonly all: boolean }): AsyncGenerator<string> {
  const { pipeline, basis } = found;
  yield `Pipeline ${look.paint("bold", pipeline)} (${basis === null ? "no state yet" : `generation ${basis.generation}`})\n`;
  let space: string | null = null;
  let seen = 0;
  for await (const page of found.drift()) {
    for (const drift of page) {
      if (spaceOf(drift.asset_id) !== space) {
        if (space !== null) yield restLine(seen, look, all);
        space = spaceOf(drift.asset_id);
        seen = 0;
        yield `\n${look.paint("bold", safe(space))}\n`;
      }
      seen++;
      if (all || seen <= SHOWN) yield `${tableLines(drift, look, all).join("\n")}\n`;
    }
  }
  if (space !== null) yield restLine(seen, look, all);
  const problems = problemLines(found.problems, look, all);
  if (problems.length > 0) yield `${problems.join("\n")}\n`;
  yield `\n${look.paint("bold", sumLine(found))}\n`;
}

function tableLines(drift: Drift, look: Look, all: boolean): readonly string[] {
  const { paint } = look;
  const name = `${safe(drift.asset_id)}  ${paint("dim", `${safe(drift.ref)}, ${labelOf(drift)}`)}`;
  switch (drift.kind) {
    case "missing":
      return [`  ${paint("red", "-")} ${name}`];
    case "added":
      return [`  ${paint("green", "+")} ${name}`];
    case "edited":
    case "kept": {
      const shown = all ? drift.fields : drift.fields.slice(0, FIELDS_SHOWN);
      const rest = drift.fields.length - shown.length;
      return [
        `  ${drift.kind === "kept" ? paint("dim", "=") : paint("yellow", "~")} ${name}`,
        ...shown.map((field) => `      ${driftLine(field, look)}`),
        ...(rest > 0 ? [paint("dim", `      … ${counted(rest, "more field")}: --all shows them`)] : []),
      ];
    }
  }
}

function labelOf(drift: Drift): string {
  switch (drift.kind) {
    case "missing":
      return "deleted by somebody else";
    case "added":
      return `no checkpoint tells of it (lineage ${safe(drift.lineage)})`;
    case "edited":
      return "edited by somebody else";
    case "kept":
      return "changed, and kept";
  }
}

// As a change from what we wrote to what stands there now.
function driftLine({ path, ours, theirs, kept }: FieldDrift, look: Look): string {
  const line = fieldLine({ path, ...(ours === undefined ? {} : { old: ours }), ...(theirs === undefined ? {} : { new: theirs }) }, look);
  return kept === true ? `${line} ${look.paint("dim", "(kept)")}` : line;
}

function restLine(seen: number, { paint }: Look, all: boolean): string {
  return all || seen <= SHOWN ? "" : `${paint("dim", `  … ${number(seen - SHOWN)} more: --all shows them`)}\n`;
}

function sumLine({ summary, problems }: Verification): string {
  const { checkpoints, edited, missing, added, kept } = summary;
  const parts = [
    ...(edited > 0 ? [`${number(edited)} edited`] : []),
    ...(missing > 0 ? [`${number(missing)} missing`] : []),
    ...(added > 0 ? [`${number(added)} added`] : []),
  ];
  const tables = counted(checkpoints, "table");
  const others = kept > 0 ? `; ${number(kept)} with changes that are kept` : "";
  if (parts.length > 0) return `Drift: ${parts.join(", ")}, of ${tables}${others}. \`tidemark sync --reconcile\` brings back what is ours.`;
  return problems.length > 0 ? `No drift in what could be looked at: ${tables}${others}.` : `No drift: ${tables}, as recorded${others}.`;
}
