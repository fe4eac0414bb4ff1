import type { PipelineOrigins, Setting } from "../../../config/origins.ts";
import { cut, type Look, safe, table } from "./text.ts";

/** A line for each setting: what it is called, its value, where it comes from; two where the terminal is narrow. Long values are cut on a terminal. */
export function originsText(file: string, pipelines: readonly PipelineOrigins[], look: Look): string {
  const parts = pipelines.map(
    ({ pipeline, settings }) => `Pipeline ${look.paint("bold", safe(pipeline))}\n${settingsText(settings, look.width)}\n`,
  );
  return `${safe(file)}\n\n${parts.join("\n")}`;
}

function settingsText(settings: readonly Setting[], width: number): string {
  const rows = settings.map((setting) => ({ name: safe(setting.setting), value: valueText(setting), origin: safe(originText(setting)) }));
  const room = width - longest(rows.map(({ name }) => name)) - longest(rows.map(({ origin }) => origin)) - BETWEEN;
  if (room < SHORTEST)
    return rows
      .map(({ name, value, origin }) => `  ${name}\n      ${cut(value, Math.max(SHORTEST, width - 9 - origin.length))} · ${origin}`)
      .join("\n");
  return table(
    rows.map(({ name, value, origin }) => [name, cut(value, room), origin]),
    "  ",
  );
}

function valueText({ value }: Setting): string {
  return safe(typeof value === "string" ? value : JSON.stringify(value));
}

function originText({ from, line, variables = [] }: Setting): string {
  switch (from) {
    case "default":
      return "default";
    case "file":
      return `line ${line}`;
    case "environment":
      return `line ${line}, environment: ${variables.join(", ")}`;
  }
}

/** Of a value, in characters. */
const SHORTEST = 12;
/** Indent, and blanks between three columns. */
const BETWEEN = 6;

function longest(texts: readonly string[]): number {
  return Math.max(0, ...texts.map(({ length }) => length));
}
