import type { PipelineOrigins, Setting } from "../../../config/origins.ts";
import { cut, type Look, safe, table } from "./text.ts";

/** A line for each setting: what it is called, its value, where it comes from. Long values are cut on a terminal. */
export function originsText(file: string, pipelines: readonly PipelineOrigins[], look: Look): string {
  const parts = pipelines.map(({ pipeline, settings }) => {
    const names = settings.map(({ setting }) => safe(setting));
    const origins = settings.map((setting) => safe(originText(setting)));
    const room = Math.max(SHORTEST, look.width - longest(names) - longest(origins) - BETWEEN);
    const rows = settings.map(({ value }, at) => [
      names[at] ?? "",
      cut(safe(typeof value === "string" ? value : JSON.stringify(value)), room),
      origins[at] ?? "",
    ]);
    return `Pipeline ${look.paint("bold", safe(pipeline))}\n${table(rows, "  ")}\n`;
  });
  return `${safe(file)}\n\n${parts.join("\n")}`;
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
