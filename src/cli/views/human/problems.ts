import { type Problem, PROBLEMS, severityOf } from "../../../model/errors.ts";
import { type Look, number, safe, wrap } from "./text.ts";

/** How many problems are told before the rest is counted. */
const SHOWN = 20;

/** Problems with their way out. Errors first, warnings behind; problems of one kind share its remedy. */
export function problemLines(problems: readonly Problem[], look: Look, all: boolean): readonly string[] {
  const errors = problems.filter((problem) => severityOf(problem.code) !== "warning");
  const warnings = problems.filter((problem) => severityOf(problem.code) === "warning");
  return [...group("Problems", "red", errors, look, all), ...group("Warnings", "yellow", warnings, look, all)];
}

function group(title: string, colour: "red" | "yellow", problems: readonly Problem[], look: Look, all: boolean): readonly string[] {
  if (problems.length === 0) return [];
  const shown = all ? problems : problems.slice(0, SHOWN);
  const rest = problems.length - shown.length;
  const lines = ["", look.paint("bold", `${title} (${problems.length})`)];
  for (const [code, alike] of Map.groupBy(shown, (problem) => problem.code)) {
    for (const problem of alike) lines.push(`${look.paint(colour, "  !")} ${wrap(sentence(problem), look.width, "    ").slice(4)}`);
    // Many a message says the way out itself.
    const { remedy } = PROBLEMS[code];
    if (!alike.every(({ message }) => message.includes(remedy))) lines.push(look.paint("dim", wrap(remedy, look.width, "    ")));
  }
  if (rest > 0) lines.push(look.paint("dim", `  … ${number(rest)} more: --all shows them`));
  return lines;
}

// Most messages name their asset already.
function sentence({ asset_id, message }: Problem): string {
  return safe(asset_id === undefined || message.includes(asset_id) ? message : `${asset_id}: ${message}`);
}
