import { FORMAT_VERSION } from "./envelope.ts";

/** A line of what `-o ndjson` prints: what it is, and the keys that `--json` has for it. */
export interface Line {
  readonly type: string;
  readonly [key: string]: unknown;
}

export function lineText(line: Line): string {
  return `${JSON.stringify(line)}\n`;
}

/** The first line, by which a reader tells the format before it reads on. */
export function headerLine(members: { readonly [key: string]: unknown }): string {
  return lineText({ type: "header", format_version: FORMAT_VERSION, ...members });
}

/** A list as JSON Lines: the header, its elements, and their number last, so that a list that was cut is told from a whole one. */
export async function* listLines(
  pipeline: string,
  { type, counted }: { readonly type: string; readonly counted: string },
  pages: AsyncIterable<readonly object[]> | Iterable<readonly object[]>,
): AsyncGenerator<string> {
  yield headerLine({ pipeline });
  let count = 0;
  for await (const page of pages) {
    if (page.length === 0) continue;
    count += page.length;
    yield page.map((element) => lineText({ type, ...element })).join("");
  }
  yield lineText({ type: "summary", [counted]: count });
}
