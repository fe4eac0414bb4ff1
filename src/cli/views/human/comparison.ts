import type { ComparedField, Comparison } from "../../../engine/compare-asset.ts";
import { fieldName, valueText } from "./change-lines.ts";
import { problemLines } from "./problems.ts";
import { counted, type Look, safe, table } from "./text.ts";

const SIDES = ["source", "checkpoint", "target"] as const;

/** One asset on its three sides, for people: one field after another, so that it fits any width. */
export function comparisonText(comparison: Comparison, look: Look): string {
  const { asset_id, source, checkpoint, target, fields, problems } = comparison;
  const applied = checkpoint === null ? "none" : `version ${checkpoint.sync_version}, applied ${checkpoint.last_sync_time}`;
  const stands = target.revision === null ? target.state : `version ${target.revision}`;
  const sides = [
    ["source", source],
    ["checkpoint", applied],
    ["target", `${safe(target.ref)}, ${safe(stands)}`],
  ];
  const lines = [
    look.paint("bold", safe(asset_id)),
    table(sides, "  "),
    ...fields.flatMap((field) => fieldLines(field, look)),
    ...problemLines(problems, look, true),
    "",
    look.paint("bold", sumLine(comparison)),
  ];
  return `${lines.join("\n")}\n`;
}

function fieldLines(field: ComparedField, { paint }: Look): readonly string[] {
  const name = `${paint("yellow", "~")} ${fieldName(field.path)}${field.kept === true ? `  ${paint("dim", "kept as it is in the target")}` : ""}`;
  const rows = SIDES.map((side) => {
    const value = field[side];
    return [side, value === undefined ? "–" : valueText(value)];
  });
  return ["", `  ${name}`, table(rows, "      ")];
}

function sumLine({ differs, source, checkpoint, target, fields }: Comparison): string {
  if (!differs) return fields.length === 0 ? "In step." : "In step, but for what is kept.";
  if (source === "unknown") return "Cannot be told: the source could not be read.";
  if (checkpoint === null) return source === "absent" ? "Only in the target." : "New: the next sync creates it.";
  if (source === "absent") return "Gone from the source: the next sync deletes it.";
  if (target.state === "absent") return "Its table is gone from the target; `tidemark sync --reconcile` brings it back.";
  return `Differs in ${counted(fields.length, "field")}.`;
}
