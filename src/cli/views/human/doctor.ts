import type { Check } from "../../../config/doctor/check.ts";
import { counted, type Look, number, safe, wrap } from "./text.ts";

export function headText(pipeline: string, { paint }: Look): string {
  return `Pipeline ${paint("bold", pipeline)}\n`;
}

/** One check for people: sign, name and what was found; below it the way out. */
export function checkText({ name, status, message, remedy }: Check, { paint, width }: Look): string {
  const [sign, colour] = SIGNS[status];
  const lines = message
    .split("\n")
    .map((line, index) => wrap(safe(index === 0 ? `${name.padEnd(NAME_WIDTH)} ${line}` : line), width, INDENT));
  const told = `  ${paint(colour, sign)} ${lines.join("\n").slice(INDENT.length)}\n`;
  return remedy === undefined ? told : `${told}${paint("dim", wrap(safe(remedy), width, INDENT))}\n`;
}

/** The sums of all checks, the last line. */
export function closingText(checks: readonly Check[], { paint }: Look): string {
  const count = (status: Check["status"]): number => checks.filter((check) => check.status === status).length;
  const [failures, warnings, unasked] = [count("failed"), count("warning"), count("skipped")];
  const sums = [
    failures === 0 ? "Nothing failed" : `${number(failures)} failed`,
    ...(warnings === 0 ? [] : [counted(warnings, "warning")]),
    ...(unasked === 0 ? [] : [`${number(unasked)} not asked`]),
    `${number(count("ok"))} fine`,
  ];
  return `\n${paint("bold", sums.join(", "))}\n`;
}

const INDENT = "    ";
/** As wide as the longest name of a permission. */
const NAME_WIDTH = 21;

const SIGNS: { readonly [status in Check["status"]]: readonly [sign: string, colour: "green" | "yellow" | "red" | "dim"] } = {
  ok: ["✓", "green"],
  warning: ["!", "yellow"],
  failed: ["✗", "red"],
  skipped: ["–", "dim"],
};
